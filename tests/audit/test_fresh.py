"""The verdict in an environment made anew; a whole one takes minutes: only its ends are tried here."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from minato_analysis.audit import fresh
from minato_analysis.cli import app


def test_without_wheels_it_is_no_verdict(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels, scratch = tmp_path / "wheels", tmp_path / "scratch"
    wheels.mkdir()
    scratch.mkdir()
    monkeypatch.setenv("MINATO_ROOT", str(repository))
    monkeypatch.setenv("MINATO_WHEELHOUSE", str(wheels))
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    done = CliRunner().invoke(app, ["verify", "2024", "--fresh"])
    assert done.exit_code == 2
    assert "E5-FRESH requirements.lock: 環境を新しく作れませんでした" in done.output
    assert "MINATO_WHEELHOUSE" in done.output
    assert list(scratch.iterdir()) == []


def test_only_the_lock_and_this_program_are_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An empty lock: the environment has no library, so that the program stops at its first one.
    (tmp_path / fresh.LOCK).write_text("", encoding="utf-8")
    code = "import minato_analysis, sys; print(minato_analysis.__file__, *sys.path)\ntry:\n import typer\n"
    code += "except ImportError:\n sys.exit(7)"
    monkeypatch.setattr(fresh, "_RUN", f"import sys; sys.path.insert(0, sys.argv.pop(1))\n{code}")
    assert fresh.run(tmp_path, ["verify", "2024"]) == 7
