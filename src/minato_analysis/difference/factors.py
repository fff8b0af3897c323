"""In what two editions differ: data, code, environment, parameters.

In: two editions with their manifests. Out: one :class:`Factor` for each kind of ingredient that differs, and
:class:`Recipe`: from which side each ingredient of a combination is taken.

Parameters are two factors, because one follows from the data and the other is a choice: which years and
documents the edition looks at, and everything else. Only what can reach a headline counts: the notebooks
that record one, the package files they use, the data but not the sentences about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from minato_analysis.difference.side import Side
from minato_analysis.project import earlier, editions, program
from minato_analysis.published.repository import pins

Name = Literal["data", "window", "choices", "code", "environment"]

FACTORS: Mapping[Name, str] = {
    "data": "データ",
    "window": "パラメータ（対象の年と時点）",
    "choices": "パラメータ（その他）",
    "code": "計算のコード",
    "environment": "環境（ライブラリの版）",
}

WINDOW = ("source_id", "as_of", "first_year", "last_year", "groups_first_year")
"""Parameters that say which data the edition looks at; all others are choices."""

WORDS = ("data/sentences.yaml", "data/statements.yaml", "data/tolerances.yaml")
"""Files of the data folder about numbers; no number is computed from them."""

LOCK = "requirements.lock"


@dataclass(frozen=True)
class Factor:
    """One kind of ingredient that differs, and where: files, parameters or packages."""

    name: Name
    differs: tuple[str, ...]

    @property
    def label(self) -> str:
        """What it is called."""
        return FACTORS[self.name]


@dataclass(frozen=True)
class Recipe:
    """One combination of ingredients.

    Attributes
    ----------
    data, code, lock : Path
        Project folders from which these are taken.
    values : mapping
        Contents of ``edition.yaml``, as text.
    notebooks : tuple of str
        The notebooks to run.
    environment : {"before", "after"}
        Whose environment runs them.
    archives : tuple of Path
        Archived projections of earlier editions.
    """

    data: Path
    code: Path
    lock: Path
    values: Mapping[str, str]
    notebooks: tuple[str, ...]
    environment: Literal["before", "after"]
    archives: tuple[Path, ...] = ()

    @property
    def edition(self) -> str:
        """Name of the edition."""
        return self.values["edition"]


def factors(before: Side, after: Side, notebooks: Iterable[str]) -> list[Factor]:
    """Return the ingredients that differ, in the order of :data:`FACTORS`."""
    wanted = set(notebooks)
    old, new = (
        {
            "data": _data(one),
            "window": {name: str(getattr(one.edition, name)) for name in WINDOW},
            "choices": {name: str(getattr(one.edition, name)) for name in _choices()},
            "code": _code(one, wanted),
        }
        for one in (before, after)
    )
    found = [Factor(name, tuple(_apart(old[name], new[name]))) for name in FACTORS if name in old]
    found.append(Factor("environment", tuple(_packages(before, after))))
    return [one for one in found if one.differs]


def recipe(
    before: Side, after: Side, taken: Iterable[str], names: Iterable[str], notebooks: Iterable[str]
) -> Recipe:
    """Return the combination in which the factors `taken` come from the second edition.

    Parameters
    ----------
    before, after : Side
    taken : iterable of str
        Factors from the second edition.
    names : iterable of str
        All factors that are exchanged; what is not among them comes from the second edition.
    notebooks : iterable of str
    """
    new = set(taken) | (set(FACTORS) - set(names))

    def side(name: Name) -> Side:
        return after if name in new else before

    values: dict[str, Any] = after.edition.model_dump(exclude={"corrections"})
    for name in WINDOW:
        values[name] = getattr(side("window").edition, name)
    for name in _choices():
        values[name] = getattr(side("choices").edition, name)
    return Recipe(
        data=side("data").root,
        code=side("code").root,
        lock=side("environment").root,
        values={name: str(value) for name, value in values.items()},
        notebooks=tuple(sorted(notebooks)),
        environment="after" if "environment" in new else "before",
        archives=tuple(earlier.archives(side("window").root, side("window").name)),
    )


def _choices() -> list[str]:
    return [name for name in editions.Parameters.model_fields if name not in (*WINDOW, "edition")]


def _stage(side: Side, name: str) -> Mapping[str, str]:
    return next(one.files for one in side.manifest.stages if one.name == name)


def _data(side: Side) -> dict[str, str]:
    """Return the files numbers are computed from; tables that are not public are in the descriptor."""
    files = _stage(side, "source")
    return {
        path: sha for path, sha in files.items() if path.startswith("data/") and path not in WORDS
    }


def _code(side: Side, notebooks: set[str]) -> dict[str, str]:
    """Return the files that can reach the facts of these notebooks."""
    uses = {file for name in notebooks for file in side.manifest.uses.get(name, ())}
    uses |= {f"notebooks/{name}.ipynb" for name in notebooks}
    return {path: sha for path, sha in _stage(side, "code").items() if path in uses}


def _apart(old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[str]:
    """Yield what is not the same: paths by their name, parameters with both values."""
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            hashes = "/" in name
            yield name if hashes else f"{name} {old.get(name, '')}→{new.get(name, '')}"


def _packages(before: Side, after: Side) -> list[str]:
    """Return the packages whose locked version differs; the lock itself where only its form does."""
    shas = [one.manifest.files.get(LOCK) for one in (before, after)]
    if shas[0] == shas[1]:
        return []
    old, new = (_pins(one.root) for one in (before, after))
    return list(_apart(old, new)) or [LOCK]


def _pins(root: Path) -> dict[str, str]:
    file = program.at(root, LOCK)
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return {name: version for name, (version, _) in pins(text).items()}
