"""The ledger: only added to, and every change of a past line is seen, in itself or against its commits."""

from __future__ import annotations

import os
import resource
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.published import ledger
from minato_analysis.published.ledger import LedgerError, added, check
from tests.killed import at_every_step

from .test_verify import git

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


def test_dates_never_fall() -> None:
    with pytest.raises(LedgerError, match="2026-11-22 が、2行目の日付 2026-11-23 より前"):
        added(added("", "2024", "2026-11-23", SHAS[0]), "2025", "2026-11-22", SHAS[1])
    first = added("", "2024", "2026-11-23", SHAS[0])
    same = added(first, "2025", "2026-11-23", SHAS[1])
    assert [one.severity for one in check(same, "2025", "2026-11-23", SHAS[1])] == []
    earlier = same.replace("2025,2026-11-23", "2025,2026-11-22")
    assert codes(earlier, "2025", "2026-11-22") == ["E5-LEDGER"]
    assert (
        "日付「2027-02-31」は暦にありません"
        in check(same.replace("2025,2026-11-23", "2025,2027-02-31"), "2024", "2026-11-23", SHAS[0])[
            0
        ].message
    )


DAYS = {"2024": "2020-11-23", "2025": "2021-10-01"}


def write(root: Path, text: str) -> None:
    (root / ledger.FILE).parent.mkdir(parents=True, exist_ok=True)
    (root / ledger.FILE).write_text(text, encoding="utf-8")


def commit(root: Path, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00+0900")
    git(root, "add", "-A")
    git(root, "commit", "-qm", f"the ledger of {day}")


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which two editions were entered, each on the day after its date."""
    root = tmp_path / "project"
    text = ""
    for edition, sha in zip(DAYS, SHAS, strict=False):
        (root / "reports" / edition).mkdir(parents=True)
        (root / "reports" / edition / "manifest.json").write_text("{}", encoding="utf-8")
        text = added(text, edition, DAYS[edition], sha)
        write(root, text)
        if edition == "2024":
            git(root, "init", "-q")
        commit(root, str(date.fromisoformat(DAYS[edition]) + timedelta(1)), monkeypatch)
    return root


def said(root: Path) -> list[str]:
    return [one.message for one in ledger.over_time(root)]


def test_a_ledger_that_grew_by_its_commits_is_right(published: Path) -> None:
    assert said(published) == []
    write(published, added(ledger.read(published), "2025", DAYS["2025"], SHAS[2]))
    assert said(published) == []
    # Line ends of another system are not another ledger.
    (published / ledger.FILE).write_bytes(
        (published / ledger.FILE).read_bytes().replace(b"\n", b"\r\n")
    )
    assert said(published) == []


def _missing(root: Path) -> None:
    (root / ledger.FILE).unlink()


def _empty(root: Path) -> None:
    write(root, "")


def _shortened(root: Path) -> None:
    write(root, "\n".join(ledger.read(root).splitlines()[:-1]) + "\n")


def _restarted(root: Path) -> None:
    write(root, added("", "2025", DAYS["2025"], SHAS[1]))


def _antedated(root: Path) -> None:
    write(root, added(added("", "2024", DAYS["2024"], SHAS[0]), "2025", "2021-01-01", SHAS[1]))


def _another_manifest(root: Path) -> None:
    write(root, added(added("", "2024", DAYS["2024"], SHAS[0]), "2025", DAYS["2025"], SHAS[3]))


@pytest.mark.parametrize("committed", [False, True], ids=["naive", "committed"])
@pytest.mark.parametrize(
    "change", [_missing, _empty, _shortened, _restarted, _antedated, _another_manifest]
)
def test_a_ledger_that_does_not_continue_its_commits_is_wrong(
    published: Path, monkeypatch: pytest.MonkeyPatch, change: object, committed: bool
) -> None:
    change(published)  # type: ignore[operator]
    if committed:
        commit(published, "2021-10-03", monkeypatch)
    (message,) = said(published)
    assert "消されたか、書き換えられたか" in message
    text = ledger.read(published)
    with pytest.raises(LedgerError, match="消されたか、書き換えられたか"):
        ledger.add(published, "2025", "2021-10-04", "e" * 64)
    assert ledger.read(published) == text


@pytest.mark.parametrize("committed", [False, True], ids=["naive", "committed"])
@pytest.mark.parametrize(
    ("edition", "day", "words"),
    [
        ("2025", "9031-01-01", "より後です"),
        ("2031", "2021-10-01", "ない版の行です"),
        ("2025", "2021-10-01", ""),
    ],
)
def test_a_line_of_the_future_is_wrong(
    published: Path,
    monkeypatch: pytest.MonkeyPatch,
    edition: str,
    day: str,
    words: str,
    committed: bool,
) -> None:
    write(published, added(ledger.read(published), edition, day, SHAS[2]))
    if committed:
        commit(published, "2021-10-03", monkeypatch)
    assert [words in one for one in said(published)] == ([True] if words else [])


def test_a_new_edition_is_not_dated_before_the_line_it_follows_came(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (published / "reports/2026").mkdir()
    (published / "reports/2026/manifest.json").write_text("{}", encoding="utf-8")
    # A correction came late, with the date of its edition.
    write(published, added(ledger.read(published), "2025", DAYS["2025"], SHAS[2]))
    commit(published, "2022-05-01", monkeypatch)
    assert said(published) == []
    text = ledger.read(published)
    with pytest.raises(LedgerError, match="前の行を載せた日 2022-05-01 より前"):
        ledger.add(published, "2026", "2022-01-01", SHAS[3])
    write(published, added(text, "2026", "2022-01-01", SHAS[3]))
    assert len(said(published)) == 1
    write(published, added(text, "2026", "2022-04-30", SHAS[3]))
    assert said(published) == []


def test_without_the_whole_history_it_is_said_that_nothing_was_compared(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{published}", "shallow")
    (note,) = ledger.over_time(tmp_path / "shallow")
    assert (note.code, note.severity) == ("N5-LEDGER-HISTORY", "note")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    _missing(published)
    (note,) = ledger.over_time(published)
    assert (note.code, note.severity) == ("N5-LEDGER-HISTORY", "note")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_any_step_leaves_the_old_ledger_or_the_new_one(published: Path) -> None:
    old = ledger.read(published)
    new = added(old, "2025", DAYS["2025"], SHAS[2])

    def enter() -> None:
        ledger.add(published, "2025", DAYS["2025"], SHAS[2])

    steps = 0
    for _ in at_every_step(enter, lambda: write(published, old)):
        steps += 1
        assert ledger.read(published) in (old, new)
    assert steps >= 3
    assert ledger.read(published) == new
    assert list(published.glob("reports/*.tmp")) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_full_disk_leaves_the_old_ledger(published: Path) -> None:
    old = ledger.read(published)
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(old), len(old)))
        try:
            ledger.add(published, "2025", DAYS["2025"], SHAS[2])
        except OSError:
            os._exit(28)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 28
    assert ledger.read(published) == old
    assert list((published / "reports").glob(".*")) == []
