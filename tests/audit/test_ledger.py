"""The ledger: only added to, and every change of a past line is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.audit import ledger
from minato_analysis.audit.ledger import LedgerError, added, check

SHAS = [digit * 64 for digit in "abcd"]


def three() -> str:
    text = added("", "2024", "2026-11-23", SHAS[0])
    text = added(text, "2025", "2027-10-01", SHAS[1])
    return added(text, "2024", "2027-12-01", SHAS[2])


def codes(
    text: str, edition: str = "2025", date: str = "2027-10-01", sha: str = SHAS[1]
) -> list[str]:
    return [one.code for one in check(text, edition, date, sha)]


def test_a_line_is_added_and_the_old_ones_stay() -> None:
    text = three()
    assert text.startswith(added("", "2024", "2026-11-23", SHAS[0]))
    assert [one.edition for one in ledger.parse(text)] == ["2024", "2025", "2024"]
    assert codes(text) == []
    assert codes(text, "2024", "2027-12-01", SHAS[2]) == []


def test_the_last_line_of_an_edition_counts() -> None:
    assert codes(three(), "2024", "2026-11-23", SHAS[0]) == ["E5-LEDGER"]


def test_an_edition_without_a_line_is_in_preparation() -> None:
    found = check(three(), "2026", "2028-10-01", SHAS[3])
    assert [(one.code, one.severity) for one in found] == [("N5-IN-PREPARATION", "note")]
    assert [one.code for one in check("", "2024", "2026-11-23", SHAS[0])] == ["N5-IN-PREPARATION"]


def test_the_same_content_is_not_entered_twice() -> None:
    with pytest.raises(LedgerError, match="2行目"):
        added(added("", "2024", "2026-11-23", SHAS[0]), "2024", "2026-11-23", SHAS[0])


def test_a_wrong_date_is_found() -> None:
    assert codes(three(), date="2027-10-02") == ["E5-LEDGER"]


@given(st.data())
def test_any_change_of_a_line_that_has_a_successor_breaks_the_chain(data: st.DataObject) -> None:
    lines = three().splitlines()
    number = data.draw(st.integers(0, 2))
    at = data.draw(st.integers(0, len(lines[number]) - 1))
    new = data.draw(
        st.sampled_from("0123456789abcdefx-,").filter(lambda one: one != lines[number][at])
    )
    lines[number] = lines[number][:at] + new + lines[number][at + 1 :]
    found = check("\n".join(lines) + "\n", "2024", "2027-12-01", SHAS[2])
    assert "E5-LEDGER" in [one.code for one in found]


@pytest.mark.parametrize("gone", [1, 2])
def test_a_line_taken_out_breaks_the_chain(gone: int) -> None:
    lines = three().splitlines()
    del lines[gone]
    assert "E5-LEDGER" in codes("\n".join(lines) + "\n", "2024", "2027-12-01", SHAS[2])
