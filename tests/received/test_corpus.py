"""The corpus of tables as they arrive: ours is never silently wrong, and any reader can be tried."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from minato_analysis.project import yamls
from minato_analysis.received import corpus

FOLDER = Path(__file__).parents[1] / "wild/received"
REFUSED = {
    "indented_labels.csv",
    "b_sup_label.csv",
    "f_caption_year_only.csv",
    "g_share_under.csv",
    "g_cases_persons.csv",
    "g_ref_table_blank.csv",
    "g_columns_total_of_which.csv",
}
"""Tables that could be read and are refused with a sentence. May become fewer."""


def test_ours_is_right_or_refuses(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINATO_ROOT", str(repository))
    outcomes = corpus.run(FOLDER, corpus.ours)
    assert [one for one in outcomes if one.kind == "silently wrong"] == []
    assert {one.file for one in outcomes if one.kind == "refused"} <= REFUSED
    # What is refused, rightly or not, says what to look at first.
    assert [
        one.told for one in outcomes if one.told[:1] == "E" and "ください" not in one.told
    ] == []


def careless(
    file: Path, table: str, title: str, labels: Sequence[str], year: int
) -> Mapping[str, str]:
    """Read a csv as many do: the last cell of every row that begins with a label."""
    if file.suffix != ".csv":
        raise ValueError(table)
    with file.open(encoding="utf-8", errors="replace", newline="") as stream:
        return {row[0]: row[-1] for row in csv.reader(stream) if row and row[0] in labels}


def test_a_careless_reader_is_found_out(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = {one.file: one.kind for one in corpus.run(FOLDER, careless)}
    assert kinds["period_first_half.csv"] == "silently wrong"
    assert kinds["source.csv"] == "right"
    assert kinds["raised_mark.xlsx"] == "refused"
    assert kinds["half_year.xlsx"] == "right"
    assert corpus.main([str(FOLDER), f"{__name__}:careless"]) == 1
    counted = Counter(kinds.values())
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == "、".join(
        f"{one} {counted[one]}" for one in ("right", "refused", "silently wrong")
    )


def test_every_file_of_the_corpus_is_a_case() -> None:
    cases = yamls.read(FOLDER / "cases.yaml")["cases"]
    assert sorted(one["file"] for one in cases if "text" not in one) == sorted(
        one.name for one in FOLDER.iterdir() if one.name != "cases.yaml"
    )
