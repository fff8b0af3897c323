"""One edition: the typed parameters of ``reports/<edition>/edition.yaml``.

In: the YAML file (every scalar read as the text that stands there, so ``01100`` stays ``01100``) or the
values of a notebook's parameters cell. Out: a validated :class:`Edition`. An unknown name or a wrong type
is refused with a suggestion.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from minato_analysis.project import days, yamls

EditionName = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,39}$")]
AreaCode = Annotated[str, Field(pattern=r"^[0-9]{5}$")]
SourceId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Date = Annotated[str, AfterValidator(days.real)]
Year = Annotated[int, Field(ge=1945, le=2100)]

FILE = "edition.yaml"


class EditionError(ValueError):
    """Parameters that are unknown, missing or of the wrong type."""


class Parameters(BaseModel):
    """What a notebook may be parameterised with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    edition: EditionName
    """Name of the edition and of its folder under ``reports/``."""
    area_code: AreaCode
    """標準地域コード of the area, five digits as text."""
    source_id: SourceId
    """Source whose tables describe the area and begin the series later deliveries continue."""
    as_of: Date
    """Date up to which documents count; a value revised later stays as it was known then."""
    first_year: Year
    """First calendar year of the indicator series."""
    last_year: Year
    """Last calendar year of the indicator series."""
    groups_first_year: Year
    """First calendar year for which the source prints reoffenders by offence group."""
    target_year: Year
    """Year for which the indicator is projected."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)]
    """Coverage of every interval that is not named otherwise."""

    @model_validator(mode="after")
    def _years_in_order(self) -> Parameters:
        if not self.first_year <= self.groups_first_year < self.last_year:
            raise ValueError(
                "first_year ≦ groups_first_year < last_year が必要です"
                f"（{self.first_year}, {self.groups_first_year}, {self.last_year}）"
            )
        if not self.first_year < self.last_year < self.target_year:
            raise ValueError(
                "first_year < last_year < target_year が必要です"
                f"（{self.first_year}, {self.last_year}, {self.target_year}）"
            )
        return self


class Correction(BaseModel):
    """One correction of a published edition."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: Date
    why: Annotated[str, Field(min_length=1, max_length=120)]
    """Reason in one sentence; the pages print it."""
    changed: dict[str, str] = {}
    """Numbers that read otherwise before, by their fact: what was printed before. Entered by the program."""
    withdrawn: dict[str, str] = {}
    """Numbers the edition no longer has, likewise."""


class Edition(Parameters):
    """All of ``edition.yaml``: the parameters and what the pages say about the edition."""

    title: str
    """Title of the edition as the pages print it."""
    subject: str
    """Document that is analysed, as the header strip prints it."""
    subject_en: str = ""
    """The same for a page in English; without it the Japanese stands there too."""
    built: str
    """Date of the edition as printed; set by hand, so that a rebuild gives the same bytes."""
    corrections: list[Correction] = []
    """What was corrected after the edition was published, in order; entered by ``minato correct``."""

    @property
    def changed(self) -> dict[str, str]:
        """State of every number that a correction changed, by its fact."""
        return {
            id: f"訂正あり（{one.date}、訂正前 {before}）"
            for one in self.corrections
            for id, before in one.changed.items()
        }

    @property
    def withdrawn(self) -> dict[str, str]:
        """State of every number that a correction took back, by its fact."""
        return {
            id: f"取り下げ（{one.date}、それまで {before}）"
            for one in self.corrections
            for id, before in one.withdrawn.items()
        }

    def parameters(self) -> dict[str, Any]:
        """Return the values a notebook may receive."""
        return {name: getattr(self, name) for name in Parameters.model_fields}

    def declared(self) -> dict[str, Any]:
        """Return all that stands in the file."""
        return self.model_dump(exclude_unset=True)


def corrected(text: str, correction: Correction) -> str:
    """Return the text of an ``edition.yaml`` with one more correction at its end.

    >>> print(corrected("title: a\\n", Correction(date="2027-01-09", why="b")), end="")
    title: a
    corrections:
      - date: "2027-01-09"
        why: "b"
    """
    head = "" if re.search(r"^corrections:", text, re.M) else "corrections:\n"
    why = json.dumps(correction.why, ensure_ascii=False)
    made = f'{text.rstrip()}\n{head}  - date: "{correction.date}"\n    why: {why}\n'
    for name in ("changed", "withdrawn"):
        if getattr(correction, name):
            made += f"    {name}: {json.dumps(getattr(correction, name), ensure_ascii=False)}\n"
    return made


def uncorrected(text: str) -> str:
    """Return the text of an ``edition.yaml`` without its corrections, for the edition after it.

    >>> uncorrected('title: a\\ncorrections:\\n  - date: "2027-01-09"\\n    why: "b"\\n')
    'title: a\\n'
    """
    return re.sub(r"(?m)^corrections:.*\n(?:[ -].*\n?)*", "", text)


Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], values: Mapping[str, Any], where: str, *, strict: bool) -> Model:
    """Return the validated model.

    Raises
    ------
    EditionError
        ``E0-PARAMETER``: one sentence for each unknown, missing or wrongly typed name.
    """
    try:
        return model.model_validate(dict(values), strict=strict)
    except ValidationError as error:
        sentences = [_sentence(one, model) for one in error.errors(include_url=False)]
        raise EditionError("\n".join(f"E0-PARAMETER {where}: {one}" for one in sentences)) from None


def _sentence(problem: Any, model: type[BaseModel]) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else ""
    value = problem.get("input")
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, list(model.model_fields), n=1)
        hint = (
            f"「{near[0]}」のことですか。"
            if near
            else f"使える名前: {'、'.join(model.model_fields)}。"
        )
        return f"「{name}」という名前のパラメータはありません。{hint}"
    if problem["type"] == "missing":
        return f"「{name}」がありません。値を書いてください。"
    if name == "area_code" and isinstance(value, int):
        return (
            f"area_code が数 {value} になっています。先頭の0が失われないよう、"
            f'引用符で囲んだ5桁の文字で書いてください: "{value:05d}"。'
        )
    if problem["type"] == "value_error":
        told = str(problem["ctx"]["error"]).removesuffix("。")
        return f"「{name}」 {told}。" if name else f"{told}。"
    return (
        f"「{name}」の値 {value!r} は使えません（{problem['msg']}）。型と範囲を確かめてください。"
    )


def load(folder: Path, name: str) -> Edition:
    """Read ``reports/<name>/edition.yaml`` below the project folder.

    Raises
    ------
    EditionError
        No such edition, a file that is not a mapping, or parameters that are refused.
    """
    file = folder / "reports" / name / FILE
    where = f"reports/{name}/{FILE}"
    if not file.is_file():
        known = ", ".join(names(folder)) or "なし"
        raise EditionError(f"E0-EDITION {where}: 版がありません（ある版: {known}）。")
    values = yamls.read(file, yaml.BaseLoader)
    if not isinstance(values, dict):
        raise EditionError(f"E0-EDITION {where}: 「名前: 値」の形で書いてください。")
    edition = validate(Edition, values, where, strict=False)
    if edition.edition != name:
        raise EditionError(
            f"E0-EDITION {where}: edition は「{edition.edition}」ですが、フォルダは「{name}」です。"
        )
    return edition


def newest(folder: Path) -> Edition:
    """Return the newest edition.

    Raises
    ------
    EditionError
        There is none.
    """
    known = names(folder)
    if not known:
        raise EditionError(
            "E0-EDITION reports/: 版がありません。reports/<版>/edition.yaml を作ってください。"
        )
    return load(folder, known[-1])


def names(folder: Path) -> list[str]:
    """Return the names of all editions, in order."""
    return sorted(file.parent.name for file in (folder / "reports").glob(f"*/{FILE}"))
