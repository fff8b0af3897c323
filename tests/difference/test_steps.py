"""The change of a forecast, split in the order in which things happened."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from minato_analysis.analyses import outlook
from minato_analysis.data import study
from minato_analysis.difference import side, steps
from minato_analysis.difference.side import Side

NEXT = 2023


@pytest.fixture(scope="module")
def before(repository: Path) -> Side:
    """The published edition."""
    return side.load(repository, "2024")


def following(before: Side, persons: int, again: int, *, revised: int = 0) -> Side:
    """Return an edition of one year more, with these counts, and the forecasts of the present code."""
    rows = before.rows.copy()
    last = before.edition.last_year
    indicator = (rows["table"] == "2-10") & (rows["year"] == last)
    if revised:
        at = indicator & rows["measure"].isin(["reoffenders", "persons_arrested"])
        rows.loc[at, "value"] += revised
    year = rows[indicator].assign(year=NEXT, source_id="made-up", as_of="2027-03", row="r")
    counts = {"persons_arrested": persons, "reoffenders": again, "first_time": persons - again}
    counts["reoffender_share"] = 100 * again / persons  # type: ignore[assignment]
    year["value"] = year["measure"].map(counts).astype(float)
    year["column"] = year["measure"] + " made up"
    rows = pd.concat([rows, year], ignore_index=True)
    changed = {"edition": "2025", "last_year": NEXT, "as_of": "2027-12-31"}
    edition = before.edition.model_copy(update=changed)
    made = steps._study(before.root, edition, rows)
    facts = dict(before.facts) | dict(steps._forecast(made, outlook.start(made)))
    names = study.names(before.root, edition)
    return replace(before, name="2025", edition=edition, rows=rows, facts=facts, names=names)


def expected(before: Side) -> tuple[int, int]:
    """Return the counts with which the next year comes as the edition expected it."""
    median = before.facts[f"projection.{NEXT}.{outlook.DEFAULT}.median"].value
    persons = int(before.facts[f"minato.persons.{before.edition.last_year}"].value)
    return persons, round(persons * median / 100)


def parts(before: Side, after: Side) -> dict[str, Fraction]:
    found = {one.headline.role: one for one in steps.stepped(before, after)}
    for one in found.values():
        assert sum(one.parts.values()) == one.whole
        assert list(one.parts) == list(steps.STEPS)
    return dict(found[f"projection.{{target}}.{outlook.DEFAULT}.p_target"].parts)


def test_a_year_that_comes_as_expected_only_brings_the_target_nearer(before: Side) -> None:
    found = parts(before, following(before, *expected(before)))
    assert found["revision"] == found["came"] == found["persons"] == 0
    assert found["nearer"] != 0


def test_each_step_has_its_own_part(before: Side) -> None:
    persons, again = expected(before)
    lower = parts(before, following(before, persons, again - 40))
    assert lower["came"] > 0
    assert lower["persons"] == 0
    fewer = parts(before, following(before, persons // 2, again // 2))
    assert fewer["persons"] != 0
    revised = parts(before, following(before, persons, again, revised=30))
    assert revised["revision"] < 0


def test_without_a_new_year_there_is_no_order(before: Side) -> None:
    assert steps.stepped(before, before) == ()
