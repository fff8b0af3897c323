"""`minato ledger add`: enters what agrees with its record, once."""

from __future__ import annotations

from pathlib import Path

from minato_analysis.published import ledger

from .test_verify import git, run


def test_a_published_edition_is_entered_once(copied: Path) -> None:
    (copied / ledger.FILE).unlink()
    code, text = run(copied, "ledger", "add", "2024")
    assert (code, text.startswith("2024,2026-11-23,")) == (0, True)
    before = (copied / ledger.FILE).read_bytes()
    code, text = run(copied, "ledger", "add", "2024")
    assert (code, "すでに2行目" in text) == (1, True)
    assert (copied / ledger.FILE).read_bytes() == before
    code, text = run(copied, "verify", "2024", "--quick")
    assert (code, "N5-IN-PREPARATION" in text) == (0, False)
    assert run(copied, "ledger")[1].splitlines()[0] == ledger.HEADER


def test_an_edition_that_is_not_as_recorded_is_not_entered(copied: Path) -> None:
    before = (copied / ledger.FILE).read_bytes()
    (copied / "reports/2024/index.html").unlink()
    code, text = run(copied, "ledger", "add", "2024")
    assert (code, "E5-MISSING" in text) == (1, True)
    assert (copied / ledger.FILE).read_bytes() == before
    assert run(copied, "ledger", "remove", "2024")[0] == 2


def test_a_pages_reissue_gets_a_new_line_and_the_old_stays(copied: Path) -> None:
    text = (copied / ledger.FILE).read_text(encoding="utf-8")
    longer = ledger.added(text, "2024", "2026-11-23", "0" * 64)
    (copied / ledger.FILE).write_text(longer, encoding="utf-8")
    assert run(copied, "verify", "2024", "--quick")[0] == 1
    assert run(copied, "ledger", "add", "2024")[0] == 0
    assert (copied / ledger.FILE).read_text(encoding="utf-8").startswith(longer)
    assert run(copied, "verify", "2024", "--quick")[0] == 0


def test_a_ledger_that_is_gone_or_shorter_is_a_difference_and_no_history_is_said(
    copied: Path,
) -> None:
    code, text = run(copied, "verify", "2024", "--quick")
    assert (code, "N5-LEDGER-HISTORY" in text) == (0, True)
    git(copied, "init", "-q")
    git(copied, "add", ledger.FILE)
    git(copied, "commit", "-qm", "the ledger")
    code, text = run(copied, "verify", "2024", "--quick")
    assert (code, "N5-LEDGER-HISTORY" in text) == (0, False)
    assert run(copied, "ledger")[0] == 0
    (copied / ledger.FILE).unlink()
    for command in (["verify", "2024", "--quick"], ["ledger"]):
        code, text = run(copied, *command)
        assert (code, "台帳が作り直されています" in text) == (1, True), command
