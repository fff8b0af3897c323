"""Prepares a run: the table in, one small input file for each page out, computed for all areas at once.

The inputs lie in ``build/areas/<run>/inputs/``. ``prepared.json``, written last, says from what they were
computed and what they are; while both hold, nothing is computed again.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minato_analysis.areas import published, table
from minato_analysis.areas.disclosure import Published
from minato_analysis.areas.errors import AreasError
from minato_analysis.areas.inputs import OVERVIEW, input_of
from minato_analysis.areas.measure import CASES
from minato_analysis.areas.settings import Settings
from minato_analysis.areas.state import key, libraries
from minato_analysis.areas.table import Areas
from minato_analysis.project.files import write_text
from minato_analysis.tasks import sources

NOTE = "prepared.json"


@dataclass(frozen=True)
class Prepared:
    """What is there to make.

    Attributes
    ----------
    codes : tuple of str
        Of all areas.
    inputs : dict
        Code → hash of its input, the overview's among them.
    published : Published or None
        What the pages will show; none where nothing of the measure is withheld.
    """

    codes: tuple[str, ...]
    inputs: dict[str, str]
    published: Published | None


def prepare(
    root: Path, file: Path, settings: Settings, earlier: tuple[Published, ...] = ()
) -> Prepared:
    """Compute all statistics and write the inputs, or find them computed.

    Parameters
    ----------
    root, file : Path
        The project folder; the table.
    settings : Settings
    earlier : tuple of Published
        What was published before, of the same population.

    Raises
    ------
    AreasError
        See :func:`minato_analysis.areas.table.read`; ``E8-SMALL``: the sum of all areas may not be
        shown either.
    """
    folder = root / "build/areas" / settings.name
    content = file.read_bytes() if file.is_file() else b""
    origin = key(
        _sources(), f"{hashlib.sha256(content).hexdigest()} {file.name} {settings!r} {earlier!r}"
    )
    if found := _known(root, folder, settings.name, origin):
        return found
    (folder / NOTE).unlink(missing_ok=True)
    texts, shown = _computed(file, settings, earlier)
    inputs = {}
    for code, text in texts.items():
        one = root / input_of(settings.name, code)
        one.parent.mkdir(parents=True, exist_ok=True)
        one.write_text(text, encoding="utf-8", newline="\n")  # the note tells a torn one
        inputs[code] = _hash(text)
    kept = {f"{code}.json" for code in inputs}
    for old in (folder / "inputs").iterdir():
        if old.name not in kept:
            old.unlink()
    note = {"origin": origin, "inputs": inputs, "published": shown and shown.model_dump()}
    write_text(folder / NOTE, json.dumps(note, indent=1) + "\n")
    return _prepared(note)


def _computed(
    file: Path, settings: Settings, earlier: tuple[Published, ...]
) -> tuple[dict[str, str], Published | None]:
    areas = table.read(file)
    if not areas.counts.clip(0).any():
        raise AreasError(f"E8-COUNT {file.name}: どの地域のどの年も{areas.measure.called}が0です。")
    if areas.measure is CASES:
        return _of_cases(areas, settings, file.name), None
    return _of_shares(areas, file, settings, earlier)


def _of_cases(areas: Areas, settings: Settings, name: str) -> dict[str, str]:
    from minato_analysis.areas.cases import records, statistics  # noqa: PLC0415 - 1 s

    whole = records.overview(areas, settings, statistics.compute(areas.cases), name)
    texts = {OVERVIEW: whole.model_dump_json(indent=1) + "\n"}
    for row in whole.rows:
        one = records.Record(run=whole.run, area=row)
        texts[row.code] = one.model_dump_json(indent=1) + "\n"
    return texts


def _of_shares(
    areas: Areas, file: Path, settings: Settings, earlier: tuple[Published, ...]
) -> tuple[dict[str, str], Published]:
    from minato_analysis.areas import disclosure, overview, records, statistics  # noqa: PLC0415 - 1 s

    if settings.target_year is not None and settings.target_year <= areas.years[-1]:
        raise AreasError(
            f"E8-SETTINGS {file.with_suffix('.yaml').name}: target_year（{settings.target_year}年）が、"
            f"表の最後の年（{areas.years[-1]}年）より後ではありません。"
            "まず表の年と target_year を確かめてください。"
        )
    shown = disclosure.showable(areas, earlier)
    if not shown.total:
        raise AreasError(
            f"E8-SMALL {file.name}: 全地域の計にも、10人未満などの示さない数が含まれます"
            f"{'（前に公表した計との差し引きで分かります）' if earlier else ''}。"
            "年か地域を増やした表にしてください。"
        )
    results = statistics.compute(areas, settings, shown)
    texts, rows = {}, []
    for one in records.records(areas, settings, results, shown, file.name):
        texts[one.code] = one.model_dump_json(indent=1) + "\n"
        rows.append(overview.row(one))
    run = records.run_of(areas, settings, results, shown, file.name)
    whole = overview.build(areas, results, run, rows)
    texts = {OVERVIEW: whole.model_dump_json(indent=1) + "\n", **texts}
    return texts, published.of_run(areas, shown, settings.population)


def _known(root: Path, folder: Path, run: str, origin: str) -> Prepared | None:
    with suppress(OSError, ValueError, KeyError):
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        same = note["origin"] == origin and all(
            _hash((root / input_of(run, code)).read_text(encoding="utf-8")) == known
            for code, known in note["inputs"].items()
        )
        return _prepared(note) if same else None
    return None


def _prepared(note: dict[str, Any]) -> Prepared:
    inputs = note["inputs"]
    shown = note["published"] and Published.model_validate(note["published"])
    return Prepared(tuple(code for code in inputs if code != OVERVIEW), inputs, shown)


def _sources() -> str:
    files = sources.of_modules("areas.preparing")
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return "\n".join([*digests, *libraries()])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
