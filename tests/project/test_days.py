"""A day that is taken is one of the calendar, everywhere one is taken on the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minato_analysis.cli import app
from minato_analysis.project import days, editions

WRONG = [
    "2027-02-31",
    "2027-02-29",
    "2027-00-10",
    "20270310",
    "2027-W10-3",
    "２０２７-03-10",
    "2027-3-1",
]


@pytest.mark.parametrize("text", [*WRONG, "", "2027-03-10T00:00", "2027-03-10 "])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(days.NoSuchDay, match="E0-DATE"):
        days.day(text)


def test_days_and_months() -> None:
    assert days.real("2028-02-29") == "2028-02-29"
    assert [days.day_or_month(one) for one in ("2024-12", "2024-12-31")] == [
        "2024-12",
        "2024-12-31",
    ]
    with pytest.raises(days.NoSuchDay):
        days.day_or_month("2024-13")


@pytest.mark.parametrize("text", WRONG)
@pytest.mark.parametrize(
    ("code", "command"),
    [
        ("E0-DATE", ["report", "2031", "--built"]),
        ("E8-DATE", ["init-area", "13199", "--name", "架空市", "--into", "made", "--date"]),
    ],
    ids=["report", "init-area"],
)
def test_commands_refuse_it(
    repository: Path,
    scratch: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    command: list[str],
    text: str,
) -> None:
    for name in ("edition.yaml",):
        (scratch / "reports/2024").mkdir(parents=True)
        (scratch / "reports/2024" / name).write_bytes(
            (repository / "reports/2024" / name).read_bytes()
        )
    monkeypatch.chdir(scratch)
    result = CliRunner(env={"MINATO_ROOT": str(scratch)}).invoke(app, [*command, text])
    assert (result.exit_code, code in result.output) == (1, True), result.output
    assert not (scratch / "reports/2031").exists()
    assert not (scratch / "made").exists()


def test_an_edition_has_a_day_of_the_calendar(repository: Path) -> None:
    values = editions.load(repository, "2024").parameters()
    with pytest.raises(editions.EditionError, match="as_of"):
        editions.validate(
            editions.Parameters, values | {"as_of": "2027-02-31"}, "here", strict=True
        )


def test_a_year_can_be_played_before_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(days.TODAY, raising=False)
    assert days.today() == date.today()
    monkeypatch.setenv(days.TODAY, "2031-04-01")
    assert days.today() == date(2031, 4, 1)
    monkeypatch.setenv(days.TODAY, "2031-02-29")
    with pytest.raises(days.NoSuchDay, match="E0-DATE"):
        days.today()
