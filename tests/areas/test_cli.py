"""`minato report --areas`: one command, errors as sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.areas.conftest import Finished
from typer.testing import CliRunner

from minato_analysis.areas import disclosure, table
from minato_analysis.cli import app


def test_the_command_tells_which_page_to_open(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINATO_ROOT", str(finished.root))
    done = CliRunner().invoke(app, ["report", "--areas", str(finished.table)])
    assert done.exit_code == 0
    assert "作る必要のあるページは0。" in done.output
    assert done.output.rstrip().endswith("build/areas/made/pages/index.html")


def test_a_problem_is_a_sentence_and_an_exit_code(
    finished: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINATO_ROOT", str(finished.root))
    done = CliRunner().invoke(app, ["report", "--areas", str(tmp_path / "none.csv")])
    assert done.exit_code == 1
    assert done.output.startswith("E8-FILE")
    assert "Traceback" not in done.output


def test_the_example_is_a_table_the_command_reads(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", "--areas", "--example"])
    (tmp_path / "areas.csv").write_text(done.output, encoding="utf-8")
    areas = table.read(tmp_path / "areas.csv")
    assert (areas.codes, areas.years) == (("99201", "99202", "99301"), (2021, 2022))
    assert disclosure.showable(areas).yearly.all()


@pytest.mark.parametrize("out", ["/proc/minato/pages", "file/pages", "file"])
def test_what_the_machine_refuses_is_a_sentence_and_the_other_exit_code(
    finished: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.setenv("MINATO_ROOT", str(finished.root))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = CliRunner().invoke(app, ["report", "--areas", str(finished.table), "--out", out])
    assert done.exit_code == 2
    assert done.output.startswith("E8-MACHINE ")
    assert len(done.output.splitlines()) == 1
