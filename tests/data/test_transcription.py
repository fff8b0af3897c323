"""The tables are those that were compared with the printed text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from minato_analysis import data
from minato_analysis.data import transcription
from minato_analysis.drafts import ladder

SOURCE = "data/published/minato-plan-draft-2024-12"


def contradictions(root: Path) -> list[str]:
    sources = data.descriptor(root)["source_documents"]
    return [one.path for one in transcription.contradictions(root, sources)]


def test_the_records_of_the_project_agree(repository: Path) -> None:
    assert len(transcription.records(repository)) == 2
    assert contradictions(repository) == []


def test_two_stations_swapped_and_sealed_contradict_the_record(scratch: Path) -> None:
    file = scratch / SOURCE / "t2-04.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    names = [line.split(",", 1) for line in lines]
    names[1][1], names[2][1] = names[2][1], names[1][1]
    file.write_text("\n".join(",".join(one) for one in names) + "\n", encoding="utf-8")
    data.seal(scratch)
    assert contradictions(scratch) == [f"{SOURCE}/t2-04.csv"]
    errors = [one for step in ladder.climb(scratch) for one in step.errors]
    (said,) = [one for one in errors if one.startswith("E0-TRANSCRIPTION")]
    assert f"{SOURCE}/t2-04.csv" in said
    assert "tools/compare_transcription.py" in said


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (lambda form: form.update(differences=1), "transcription.json"),
        (lambda form: form.update(text="sha256:" + "0" * 64), "data/datapackage.json"),
        (lambda form: form.pop("compared"), "transcription.json"),
        (lambda form: form["compared"].update({"x.csv": {"sha256": "sha256:0"}}), "x.csv"),
    ],
)
def test_a_record_that_does_not_hold_is_named(
    scratch: Path, edit: Callable[[dict[str, Any]], object], named: str
) -> None:
    file = scratch / SOURCE / "transcription.json"
    form = json.loads(file.read_text(encoding="utf-8"))
    edit(form)
    file.write_text(json.dumps(form), encoding="utf-8")
    (path,) = contradictions(scratch)
    assert re.search(re.escape(named) + "$", path)


def test_without_a_record_nothing_is_asked(scratch: Path) -> None:
    for file in transcription.records(scratch):
        file.unlink()
    assert contradictions(scratch) == []
    assert "転記の記録" not in [step.name for step in ladder.climb(scratch)]
