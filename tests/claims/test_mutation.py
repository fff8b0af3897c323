"""Mutation coverage: the slips, the ladder on a made-up table, and the floors of the real data."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from minato_analysis import data
from minato_analysis.claims import checks, mutation, plausibility
from minato_analysis.claims.plausibility import Rules
from minato_analysis.cleaning import tables

COUNT = {"area_code": "01100", "unit": "persons", "measure": "persons_arrested", "definition": "x"}
LAYOUT = {
    "kind": "wide",
    "header_rows": 1,
    "label_columns": 1,
    "rows": {"東": {"station": "東"}, "西": {"station": "西"}, "計": {"station": "all"}},
    "columns": "year",
    "common": COUNT,
}
CELLS = [
    ["", "令和3(2021)年", "令和4(2022)年"],
    ["東", "12", "15"],
    ["西", "1,030", "1,031"],
    ["計", "1,042", "1,046"],
]
SUM = {
    "id": "E2-1", "kind": "equal", "by": ["year"], "title": "東＋西＝計",
    "left": {"station": {"not": "all"}}, "right": {"station": "all"},
}  # fmt: skip
NO_RULES = Rules(0.001, 1e-6, ())


def target(cells: list[list[str]] = CELLS) -> mutation.Target:
    body = tuple(tables.wide_cells(cells, LAYOUT, "t.csv"))
    return mutation.Target("made-up", "1-1", "t.csv", LAYOUT, body)


def frame(cells: list[list[str]] = CELLS) -> pd.DataFrame:
    return data.frame(
        tables.observations(
            cells, LAYOUT, source_id="made-up", table="1-1", file="t.csv", as_of="2024-12"
        )
    )


def guard(identities: list[dict[str, Any]], rules: Rules = NO_RULES) -> mutation.Guard:
    rows = frame()
    return mutation.Guard(
        checks.evaluate(rows, identities), plausibility.evaluate(rows, rules), rules
    )


def test_every_slip_of_a_number_is_made_once() -> None:
    found = mutation.slips("105")
    by_kind = {kind: [text for one, text in found if one == kind] for kind, _ in found}
    assert len(by_kind["substituted"]) == 27
    assert by_kind["transposed"] == ["015", "150"]
    assert by_kind["dropped"] == ["05", "15", "10"]
    assert by_kind["doubled"] == ["1105", "1005", "1055"]
    assert all(text != "105" for _, text in found)
    # Of two equal digits it does not matter which is dropped, and exchanging them is no slip.
    assert [text for kind, text in mutation.slips("11") if kind != "substituted"] == ["1", "111"]


def test_a_sum_stops_every_slip_of_a_digit_but_not_a_swap_within_the_year() -> None:
    found = mutation.coverage([target()], guard([SUM]))
    digits = found[found["kind"] != "swapped"]
    assert digits["missed"].sum() == 0
    assert digits["exact"].all()
    swapped = found[found["kind"] == "swapped"].set_index(["row", "column"])
    # The two stations of one year swapped: the sum is the same.
    assert swapped.loc[("東", "令和3(2021)年"), "missed"] == 1
    # A station with its total, a year with the next: noticed.
    assert swapped.loc[("西", "令和3(2021)年"), ["mutants", "identities", "missed"]].tolist() == [
        2,
        2,
        0,
    ]


def test_without_identities_format_and_plausibility_stop_the_coarse_slips() -> None:
    rule = {
        "id": "E2-4", "kind": "change", "title": "署別", "by": ["station"], "spread": 0.05,
        "of": {"measure": "persons_arrested"},
    }  # fmt: skip
    none = mutation.coverage([target()], mutation.Guard([], [], NO_RULES))
    assert none["identities"].sum() == none["plausibility"].sum() == 0
    assert 0 < none["format"].sum() < none["missed"].sum()
    some = mutation.coverage([target()], guard([], Rules(0.001, 1e-6, (rule,))))
    dropped = some[(some["kind"] == "dropped") & (some["row"] == "西")]
    assert dropped["missed"].sum() == 0
    last = some[(some["kind"] == "substituted") & (some["row"] == "西")]
    assert 0 < last["missed"].sum() < last["mutants"].sum()
    assert (some["format"] == none["format"]).all()


def test_the_guard_decides_as_the_full_evaluation_does() -> None:
    """Every slip of the made-up table, evaluated anew from the damaged table."""
    held = guard([SUM])
    one = target()
    for kind, changed in mutation.mutants(one):
        cells = [list(line) for line in CELLS]
        for cell in changed:
            cells[cell.position[0] + 1][cell.position[1] + 1] = cell.text
        try:
            rows = frame(cells)
        except ValueError:
            continue
        broken = any(not result.holds for result in checks.evaluate(rows, [SUM]))
        new = {observed: value for cell in changed for observed, value in one.values(cell)}
        assert (held.stopped_by(new) == "identities") == broken, (kind, changed)


def test_a_share_that_cannot_be_computed_is_noticed() -> None:
    shares = [("a", "1"), ("b", "2"), ("c", "50.0")]
    groups = tuple((checks.Printed(name, name, "m", Decimal(value)),) for name, value in shares)
    half = Decimal("50.0")
    result = checks.Result("E2-2", "", "percent", (), half, half, True, groups, 1)
    held = mutation.Guard([result], [], NO_RULES)
    assert held.stopped_by({("b", "m"): Decimal(0)}) == "identities"
    assert held.stopped_by({("a", "m"): Decimal(1)}) == "missed"


@pytest.fixture(scope="module")
def real(repository: Path) -> pd.DataFrame:
    return mutation.measure(repository)


def test_the_committed_report_is_the_computed_one(real: pd.DataFrame, repository: Path) -> None:
    committed = (repository / mutation.MUTATION).read_text(encoding="utf-8")
    assert committed == mutation.dumps(real)
    assert mutation.load(repository).equals(real)


FLOORS = {
    "2-1": 84.0, "2-4": 99.5, "2-6": 100.0, "2-8": 100.0, "2-10": 100.0, "3-2": 98.0,
    "3-3": 97.0, "3-4": 99.0, "3-5": 98.0, "3-7": 98.0, "3-8": 91.0,
}  # fmt: skip
"""Shares of slips stopped that must not get worse, in percent."""


def test_floors_of_the_real_tables(real: pd.DataFrame) -> None:
    assert set(FLOORS) == set(real["table"])
    for table, rows in real.groupby("table"):
        assert mutation.stopped(rows) >= FLOORS[str(table)], table
    assert real["mutants"].sum() > 20_000
    assert mutation.stopped(real) >= 93.5
    # Tables whose every value stands in an exact identity: 99 % and more.
    exact = real[real.groupby("table")["exact"].transform("all")]
    assert set(exact["table"]) == {"2-4", "2-6", "2-8", "2-10", "3-2", "3-3", "3-4", "3-5"}
    assert mutation.stopped(exact) >= 99.0


def test_no_slip_of_a_digit_escapes_where_an_identity_is_exact(real: pd.DataFrame) -> None:
    digits = real[real["exact"] & (real["kind"] != "swapped")]
    assert digits["mutants"].sum() > 15_000
    assert digits["missed"].sum() == 0


def test_no_dropped_or_doubled_digit_escapes_anywhere(real: pd.DataFrame) -> None:
    lengths = real[real["kind"].isin(["dropped", "doubled"])]
    assert lengths["mutants"].sum() > 3_000
    assert lengths["missed"].sum() == 0


def test_every_numeric_cell_of_the_eleven_tables_is_tried(
    real: pd.DataFrame, repository: Path
) -> None:
    rows = data.observations(repository)
    printed = rows[rows["table"].isin(FLOORS)]
    cells = real.drop_duplicates(["table", "row", "column"])
    assert cells["values"].sum() == len(printed)
    assert (real.groupby(["table", "row", "column"])["mutants"].sum() > 0).all()
