"""What earlier runs have published of the same areas: which sums, none of the numbers.

In, out: ``published.json``, beside the pages and in ``build/areas/<name>/``: a list of publications. A count
that is withheld now may follow from a page of last year; :mod:`minato_analysis.areas.disclosure` asks here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from minato_analysis.areas.disclosure import Published, Showable
from minato_analysis.areas.errors import AreasError
from minato_analysis.areas.table import Areas
from minato_analysis.project.files import write_text

FILE = "published.json"
FACTS = "facts.json"
WHAT = ("yearly", "pooled", "")
_ABOUT = re.compile(
    r"area\.(?P<code>[0-9]{5})\.(?:(?P<all>persons)|persons\.(?P<year>[0-9]{4})|areas)"
)
_KNOWN = TypeAdapter(tuple[Published, ...])


def folders(root: Path, out: Path) -> list[Path]:
    """Return the folders that may say what was published: of the pages, and of every run."""
    runs = root / "build/areas"
    return [out, *sorted(runs.glob("*/")), *sorted(runs.glob("*/pages/"))]


def read(of: Iterable[Path], population: str) -> tuple[Published, ...]:
    """Return all publications of a population, each once; folders without any are passed over.

    Pages that were made before the file existed are known by their facts.

    Raises
    ------
    AreasError
        ``E8-PUBLISHED``: not such a file. Nothing is withheld on a guess.
    """
    found: dict[Published, None] = {}
    for folder in of:
        file, facts = folder / FILE, folder / FACTS
        try:
            if file.is_file():
                found |= dict.fromkeys(_KNOWN.validate_json(file.read_bytes()))
            elif facts.is_file():
                found |= dict.fromkeys(_of_facts(json.loads(facts.read_bytes()), population))
        except (ValueError, LookupError, TypeError):
            raise AreasError(
                f"E8-PUBLISHED {file if file.is_file() else facts}: 前に公表した値の記録として読めません。"
                "前の値との差し引きで分かる数を確かめられないので止めました。"
                "控えから元に戻してください。"
            ) from None
    return tuple(one for one in found if one.population == population)


def _of_facts(facts: list[dict[str, Any]], population: str) -> Iterator[Published]:
    seen: dict[str, str] = {}
    years: set[int] = set()
    for fact in facts:
        if found := _ABOUT.fullmatch(fact["id"]):
            code, year = found["code"], found["year"]
            seen[code] = "yearly" if year else seen.get(code) or ("pooled" if found["all"] else "")
            years |= {int(one.rpartition("!")[2]) for one in fact["observations"]}
    if years:
        codes = {what: tuple(code for code, one in seen.items() if one == what) for what in WHAT}
        yield Published(
            population=population,
            first=min(years),
            last=max(years),
            yearly=codes["yearly"],
            pooled=codes["pooled"],
            withheld=codes[""],
        )


def of_run(areas: Areas, shown: Showable, population: str) -> Published:
    """Return what a run publishes."""
    codes = zip(areas.codes, shown.yearly, shown.pooled, strict=True)
    said = {
        code: "yearly" if yearly else "pooled" if pooled else "" for code, yearly, pooled in codes
    }
    return Published(
        population=population,
        first=areas.years[0],
        last=areas.years[-1],
        yearly=tuple(code for code, one in said.items() if one == "yearly"),
        pooled=tuple(code for code, one in said.items() if one == "pooled"),
        withheld=tuple(code for code, one in said.items() if not one),
    )


def add(folder: Path, new: Published) -> None:
    """Add a publication to those of a folder; before its pages are put in place: none is forgotten."""
    file = folder / FILE
    known = _KNOWN.validate_json(file.read_bytes()) if file.is_file() else ()
    if new not in known:
        texts = [json.dumps(one.model_dump(), ensure_ascii=False) for one in (*known, new)]
        write_text(file, "[\n" + ",\n".join(texts) + "\n]\n")
