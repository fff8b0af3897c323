"""The verdict can fail: every kind of change is caught and named, in the published edition itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis.audit import tamper, verify
from minato_analysis.audit.scene import Scene
from minato_analysis.audit.tamper_kinds import KINDS

REBUILT_QUICKLY = {"notebook-prose-number", "code-without-effect"}
"""The kinds that need a rebuild and touch one notebook. `minato verify --tamper-test` also runs the one
that changes every number."""


@pytest.fixture(scope="module")
def results(edition: Path) -> dict[str, tamper.Result]:
    wanted = [
        one
        for one in KINDS
        if not one.full
        or one.name in REBUILT_QUICKLY
        or one.name.endswith(("-together", "refused-file"))
    ]
    return {one.kind: one for one in tamper.run(edition, "2024", kinds=wanted)}


def test_there_are_enough_kinds_and_their_names_are_their_own() -> None:
    names = [one.name for one in KINDS]
    assert len(names) == len(set(names)) >= 80


@pytest.mark.parametrize("name", [one.name for one in KINDS])
def test_a_change_is_caught_and_named(results: dict[str, tamper.Result], name: str) -> None:
    if name not in results:
        assert name == "code-with-effect"
        return
    result = results[name]
    assert result.outcome in tamper.GOOD, tamper.line(result)
    if result.outcome == "not applicable":
        assert name == "series-break", result.change
    elif result.outcome == "caught":
        assert result.exit_code == 1


def test_a_change_without_effect_is_told_as_such(results: dict[str, tamper.Result]) -> None:
    for name in ("code-without-effect", "document"):
        assert (results[name].outcome, results[name].exit_code) == ("no effect", 0)


def test_a_number_on_a_page_is_named_by_its_fact(results: dict[str, tamper.Result]) -> None:
    assert results["page-number"].code == "E5-PAGE-NUMBER"
    assert results["page-number"].change.split(" ")[0] in results["page-number"].place


def test_only_the_ledger_sees_a_page_changed_together_with_its_record(
    results: dict[str, tamper.Result],
) -> None:
    assert results["colluding"].code == "E5-LEDGER"


def test_a_change_nobody_sees_is_reported_as_missed(copied: Path) -> None:
    from minato_analysis.audit.scene import Change
    from minato_analysis.audit.tamper_kinds import Kind

    def nothing(scene: Scene) -> Change:
        return Change("nothing", "somewhere")

    (result,) = tamper.run(
        copied, "2024", kinds=[Kind("nothing", "何もしない", "E5-CELL", nothing)]
    )
    assert result.outcome == "missed"
    assert tamper.exit_code([result]) == 1
    assert "見逃し 1" in tamper.summary([result])


def test_an_edition_that_does_not_pass_has_no_baseline(copied: Path) -> None:
    (copied / "reports/2024/index.html").unlink()
    with pytest.raises(tamper.NoBaseline, match="E5-MISSING"):
        tamper.run(copied, "2024", kinds=[])


def test_the_specimen_is_what_the_command_prints_today(edition: Path, repository: Path) -> None:
    """Numbers change with the edition; stage, code, cell and both values must not."""
    kept = (repository / "notebooks/audit_specimen.txt").read_text(encoding="utf-8").splitlines()
    now = tamper.specimen(edition, "2024").splitlines()
    assert kept[:10] == now[:10]
    headings = [line for line in now if line and not line.startswith(" ")]
    assert [line.split(":")[0] for line in kept if line and not line.startswith(" ")][:8] == [
        line.split(":")[0] for line in headings
    ][:8]
    assert verify.quickly(edition, "2024").exit_code == 0
