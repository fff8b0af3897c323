"""Writes the project of another area: its own data and edition, and the name of the program that makes it.

In: this project's folder and a checked request. Out: a complete project folder. It is made under another name
beside its place and renamed when it is complete, so that there is the whole of it or nothing.

The program is named, not copied (:mod:`minato_analysis.project.program`): an edition's record lists its files
all the same, and what is rebuilt or handed over holds them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from minato_analysis import data
from minato_analysis.data import study
from minato_analysis.data.measures import STATUS, STATUS_COLUMNS
from minato_analysis.drafts import draft
from minato_analysis.init_area import pin, skeleton, texts
from minato_analysis.init_area.request import InitError, Request
from minato_analysis.init_area.waiting import WAITING
from minato_analysis.project import editions, program
from minato_analysis.project.program import FILES, PIN
from minato_analysis.project.publisher import FILE as PUBLISHER

NOT_DATA = (Path(data.DESCRIPTOR).name, "README.md", *(Path(one).name for one in FILES))
"""Made anew, or of the program."""


def model_folder() -> Path:
    """Return the project whose tables serve as the model: the one around, else that of the program."""
    try:
        return data.root()
    except data.DataError:
        return program.HOME


def model_of(root: Path, wanted: Request) -> skeleton.Model:
    """Return this project as a model: its newest edition, its descriptor, the names to be replaced."""
    edition = editions.newest(root)
    area, parent, _ = study.chain(root, edition.area_code)
    names = {
        getattr(old, field): getattr(new, field)
        for old, new in ((area, wanted.area), (parent, wanted.parent))
        for field in ("code", "name_ja", "name_en")
    }
    names[edition.source_id] = wanted.source_id
    for old, new in ((area, wanted.area), (parent, wanted.parent)):
        # English titles say Springfield where the name is Springfield City.
        names.setdefault(old.name_en.partition(" ")[0], new.name_en)
    units = [study.unit(one.name_ja) for one in (area, wanted.area)]
    names |= {f"{units[0]}内": f"{units[1]}内", f"、{units[0]}は": f"、{units[1]}は"}
    names[f"{parent.name_ja[-1]}の比"] = f"{wanted.parent.name_ja[-1]}の比"
    return skeleton.Model(edition, data.descriptor(root), area, parent, names)


def make(root: Path, wanted: Request) -> list[str]:
    """Make the project; return the data files of this project that were left out because they name it.

    Raises
    ------
    InitError
        ``E8-FOLDER``: somebody else made the folder meanwhile.
    """
    model = model_of(root, wanted)
    with tempfile.TemporaryDirectory(
        prefix=f".{wanted.into.name}-", dir=wanted.into.parent
    ) as name:
        folder = Path(name) / "project"
        folder.mkdir()
        _program(folder)
        left = _data(root, folder, model, wanted)
        _edition(folder, wanted)
        (folder / "README.md").write_text(texts.readme(wanted), encoding="utf-8")
        try:
            folder.rename(wanted.into)
        except OSError as error:
            raise InitError(
                f"E8-FOLDER {wanted.into}: 作れませんでした（{error.strerror}）。"
            ) from None
    return left


def _program(folder: Path) -> None:
    """Name the program, and take over the form of what a publisher says."""
    (folder / PIN).write_text(pin.text(), encoding="utf-8")
    for name in (".gitignore", PUBLISHER):
        if (program.HOME / name).is_file():
            text = (program.HOME / name).read_text(encoding="utf-8")
            (folder / name).write_text(unsigned(text), encoding="utf-8")


def unsigned(text: str) -> str:
    """Return ``publisher.yaml`` with every field empty: another area has another publisher.

    >>> unsigned('doi: "10.1/x"  # its identifier\\nofficial: true\\n')
    'doi: ""  # its identifier\\nofficial: false\\n'
    """
    text = re.sub(r'(?m)^(\w+: *)"[^"\n]*"', r'\1""', text)
    return re.sub(r"(?m)^(\w+: *)true\b", r"\1false", text)


def _parameters(wanted: Request) -> dict[str, Any]:
    return {
        "edition": wanted.edition,
        "area_code": wanted.area.code,
        "source_id": wanted.source_id,
        "as_of": wanted.today.isoformat(),
        "first_year": wanted.first_year,
        "last_year": wanted.last_year,
        "groups_first_year": wanted.groups_first_year,
        "target_year": wanted.target_year,
        "confidence": 0.95,
    }


def _edition(folder: Path, wanted: Request) -> None:
    values = _parameters(wanted)
    editions.validate(editions.Parameters, values, "init-area", strict=True)
    target = folder / "reports" / wanted.edition
    target.mkdir(parents=True)
    (target / editions.FILE).write_text(texts.edition(wanted, values), encoding="utf-8")


def _data(root: Path, folder: Path, model: skeleton.Model, wanted: Request) -> list[str]:
    """Write ``data/``; return the names of files that speak of this project's area and were left out."""
    own = {model.parameters.source_id, model.area.code, model.area.name_ja, model.area.name_en}
    made: dict[str, Callable[[str], str]] = {
        "areas.csv": lambda text: _areas(wanted),
        "definitions.yaml": lambda text: _definitions(text, model, wanted),
        "identities.yaml": lambda text: skeleton.replaced(text, model.names),
        "plausibility.yaml": lambda text: skeleton.replaced(text, model.names),
        "known_discrepancies.yaml": lambda text: (
            skeleton.replaced(texts.comments(text), model.names) + "[]\n"
        ),
        "tolerances.yaml": lambda text: texts.comments(text) + "[]\n",
        "monitoring_plan.yaml": lambda text: texts.comments(text) + "[]\n",
        "statements.yaml": lambda text: texts.statements(wanted),
        "measures_links.yaml": lambda text: texts.measures_links(text, wanted),
        Path(STATUS).name: lambda text: ",".join(STATUS_COLUMNS) + "\n",
    }
    left = []
    (folder / "data").mkdir()
    for source in sorted((root / "data").glob("*.*")):
        if source.name in NOT_DATA or not source.is_file():
            continue
        text = source.read_text(encoding="utf-8")
        if source.name in made:
            text = made[source.name](text)
        elif any(name in text for name in own):
            left.append(f"data/{source.name}")
            continue
        (folder / "data" / source.name).write_text(text, encoding="utf-8")
    shutil.copytree(
        root / "data/published/comparators",
        folder / "data/published/comparators",
        ignore=shutil.ignore_patterns("*.csv"),
    )
    _tables(root, folder, model, wanted)
    return left


def _areas(wanted: Request) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(list(data.Area.__dataclass_fields__))
    writer.writerows(
        [one.code, one.key, one.name_ja, one.name_en, one.kind, one.parent_code]
        for one in (wanted.area, wanted.parent, wanted.nation)
    )
    return stream.getvalue()


def _definitions(text: str, model: skeleton.Model, wanted: Request) -> str:
    """Return the definitions with what is said of the new area's stations, and of no other's."""
    beyond = "、".join(f"{name}署は{others}も管轄" for name, others in wanted.shared.items())
    said = f"（住所は問わない。{beyond}）" if beyond else "（住所は問わない）"
    found = str(skeleton.replaced(re.sub(r"（住所は問わない。[^）]*）", said, text), model.names))
    if wanted.own_station:
        return found
    place = study.unit(wanted.area.name_ja)
    return re.sub(f"{place}内の?警察署", f"{place}を管轄する警察署", found)


def _tables(root: Path, folder: Path, model: skeleton.Model, wanted: Request) -> None:
    package = model.package
    waiting, kept = [], []
    for one in (*package["resources"], *package.get(WAITING, ())):
        if one.get("generated"):
            kept.append(one)
        elif one.get("source_id") == model.parameters.source_id and not one.get("series_id"):
            if not one.get("register"):
                waiting.append(_waiting(root, folder, one, model, wanted))
        elif _serves(root, one, model, wanted):
            kept.append(one)
            target = folder / "data" / one["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / "data" / one["path"], target)
    sources = {one.get("source_id") for one in kept}
    described = {
        key: value
        for key, value in package.items()
        if key not in ("resources", "missing", "source_documents", "sources", WAITING)
    }
    described |= texts.package(wanted)
    described["source_documents"] |= {
        id: one for id, one in package["source_documents"].items() if id in sources
    }
    described |= {"missing": [], "resources": kept, WAITING: waiting}
    text = json.dumps(described, ensure_ascii=False, indent=1) + "\n"
    (folder / data.DESCRIPTOR).write_text(text, encoding="utf-8")


def _waiting(
    root: Path, folder: Path, resource: dict[str, Any], model: skeleton.Model, wanted: Request
) -> dict[str, Any]:
    if resource["reading"]["kind"] == "wide":
        cells = draft.read_cells(root / "data" / resource["path"])
        made, blank = skeleton.table(resource, cells, model, wanted)
    else:
        made, blank = skeleton.target(resource, model, wanted)
    file = folder / "data" / made["path"]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(skeleton.dumps(blank), encoding="utf-8")
    return made


def _serves(
    root: Path, resource: Mapping[str, Any], model: skeleton.Model, wanted: Request
) -> bool:
    """Return whether another document's table may serve the new area.

    It must be public and speak of neither this project's area nor, unless they share it, its prefecture.
    """
    if resource.get("not_public") or resource.get("series_id"):
        return False
    others = [model.area, *([model.parent] if model.parent.code != wanted.parent.code else [])]
    described = json.dumps({**resource, "hash": ""}, ensure_ascii=False)
    text = (root / "data" / resource["path"]).read_text(encoding="utf-8") + described
    named = any(one.name_ja in text or one.name_en in text for one in others)
    return not named and not any(f'"{one.code}"' in described for one in others)
