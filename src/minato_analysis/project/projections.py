"""``reports/<edition>/projections.json``: what an edition expected, kept until the years have come.

In: an :class:`Archive` as the notebook of the projections shows it. Out: its text, written when the edition
is published and read again by later editions. For every model and every year from the one after the last
known year to the target year it holds the distribution of the value that will be published (percent, one
decimal, rounded half up) as quantiles at :data:`PROBABILITIES`, and the chance that it is at most the
target::

    {"format": "minato-projections-1", "edition": "2024", "as_of": "2026-11-23", "area_code": …,
     "definition": …, "target_year": 2029, "target": 46.2,
     "last": {"year": 2022, "reoffenders": 516, "persons": 1053, "published": 49.0},
     "probabilities": [0.025, …, 0.975], "default": "damped_trend",
     "models": [{"name": "damped_trend", "about": …, "settings": {…}, "data": [{"area_code": …}, …],
                 "years": [{"year": 2023, "persons": 1053, "p_target": 0.1797, "quantiles": [43.9, …]}, …]}]}

``last`` is also the forecast every model has to beat: that nothing changes. Values are rounded as they are
published, so that two machines write the same text. An edition whose data allow no projection keeps ``null``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from minato_analysis.project import editions
from minato_analysis.project.earlier import ARCHIVE

MIME = "application/vnd.minato.projections+json"

STEPS = 40
PROBABILITIES = tuple(step / STEPS for step in range(1, STEPS))
"""Equal steps, so that the quantiles give the CRPS; the ends of the 80 and 95 % intervals are among them."""

Percent = Annotated[float, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0)]


class ArchiveError(ValueError):
    """Archived projections that are missing or cannot be read."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Last(_Entry):
    """The last value known to the edition: counts, and the share as published."""

    year: int
    reoffenders: Count
    persons: Annotated[int, Field(ge=1)]
    published: Percent


class Known(_Entry):
    """Years of one area's series that a model was given."""

    area_code: str
    first_year: int
    last_year: int


class Ahead(_Entry):
    """The distribution of the published share of one year.

    Attributes
    ----------
    persons : int
        Persons arrested assumed in that year.
    p_target : float
        Probability that the published value is at most the target.
    quantiles : tuple of float
        At the archive's probabilities, percent.
    """

    year: int
    persons: Annotated[int, Field(ge=1)]
    p_target: Annotated[float, Field(ge=0, le=1)]
    quantiles: tuple[Percent, ...]

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if any(low > high for low, high in pairwise(self.quantiles)):
            raise ValueError("quantiles must not descend")
        return self


class Model(_Entry):
    """All years of one model, with its settings and the data it was given."""

    name: str
    about: str
    settings: dict[str, int | float]
    data: tuple[Known, ...]
    years: tuple[Ahead, ...]


class Archive(_Entry):
    """The projections of one edition; see the module docstring."""

    format: Literal["minato-projections-1"] = "minato-projections-1"
    edition: editions.EditionName
    as_of: editions.Date
    area_code: editions.AreaCode
    definition: str
    target_year: int
    target: Percent
    last: Last
    probabilities: tuple[float, ...]
    default: str
    models: tuple[Model, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.probabilities != PROBABILITIES:
            raise ValueError(f"probabilities must be the steps of 1/{STEPS}")
        names = [one.name for one in self.models]
        if self.default not in names or len(set(names)) != len(names):
            raise ValueError("models must have names of their own, the default among them")
        expected = list(range(self.last.year + 1, self.target_year + 1))
        for model in self.models:
            if [one.year for one in model.years] != expected:
                raise ValueError(f"{model.name}: years must be {expected[0]}, {expected[0] + 1}, …")
            if any(len(one.quantiles) != len(PROBABILITIES) for one in model.years):
                raise ValueError(f"{model.name}: one quantile for each probability is needed")
        return self


_FILE: TypeAdapter[Archive | None] = TypeAdapter(Archive | None)


def interval(ahead: Ahead, level: float) -> tuple[float, float]:
    """Return the central interval at a level whose ends are among :data:`PROBABILITIES`.

    Raises
    ------
    ValueError
        The archive has no quantile there.
    """
    return quantile(ahead, (1 - level) / 2), quantile(ahead, (1 + level) / 2)


def quantile(ahead: Ahead, probability: float) -> float:
    """Return the quantile at one of :data:`PROBABILITIES`.

    Raises
    ------
    ValueError
        The archive has no quantile there.
    """
    return ahead.quantiles[PROBABILITIES.index(round(probability, 9))]


def dumps(archive: Archive | None) -> str:
    """Return the text of the archive: an entry a line, the quantiles of a year on one."""
    text = json.dumps(archive and shown(archive), ensure_ascii=False, indent=1)
    # A list of numbers takes one line: two editions can then be compared year by year.
    inline = re.sub(r"\[\n\s+([^][{}]*?)\s+\]", lambda one: f"[{' '.join(one[1].split())}]", text)
    return inline + "\n"


def loads(text: str, where: str = ARCHIVE) -> Archive | None:
    """Read and check the text of an archive; none where the edition projects nothing.

    Parameters
    ----------
    text : str
    where : str
        Its file, for the error.

    Raises
    ------
    ArchiveError
        ``E3-ARCHIVE``: not an archive of this format.
    """
    try:
        return _FILE.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        entry = "/".join(str(part) for part in first["loc"])
        raise ArchiveError(
            f"E3-ARCHIVE {where} {entry}: 見込みの記録として読めません（{first['msg']}）。"
            "その版を作ったときのファイルに戻すか、`minato report` でその版を作り直してください。"
        ) from None


def collect(executed: Iterable[Path]) -> Archive | None:
    """Return the archive that one of the executed notebooks shows, if any does.

    Raises
    ------
    ArchiveError
        ``E3-ARCHIVE``: more than one is shown.
    """
    found = [
        output["data"][MIME]
        for file in executed
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    if len(found) > 1:
        raise ArchiveError(
            f"E3-ARCHIVE notebooks: 版ごとに残す見込みの記録が{len(found)}つあります。"
            "示すセルは1つだけにしてください。"
        )
    return loads(json.dumps(found[0])) if found else None


def shown(archive: Archive) -> dict[str, Any]:
    """Return the form that travels in a notebook's output."""
    return archive.model_dump(mode="json")
