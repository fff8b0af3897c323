"""A project that carries its own code runs it, whichever installation the command came from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from minato_analysis.project import own_code, program


def project(root: Path, code: str = "") -> Path:
    (root / "data").mkdir(parents=True)
    (root / own_code.MARK).write_text("{}", encoding="utf-8")
    if code:
        (root / program.PACKAGE).mkdir(parents=True)
        (root / program.PACKAGE / "__init__.py").touch()
        (root / program.PACKAGE / "__main__.py").write_text(code, encoding="utf-8")
    return root


def run(root: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command as installed here, inside a project."""
    kept = {name: one for name, one in os.environ.items() if not name.startswith("MINATO_")}
    start = "from minato_analysis.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", start, *arguments],
        cwd=root,
        env={**kept, **more},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_projects_own_code_is_run_with_the_same_words_and_its_exit_code(tmp_path: Path) -> None:
    code = "import sys; print('theirs', sys.argv[1:], __file__); sys.exit(7)"
    root = project(tmp_path / "area", code)
    inside = root / "data"
    done = run(inside, "report", "2026")
    assert done.returncode == 7
    assert done.stdout.startswith("theirs ['report', '2026']")
    assert str(root) in done.stdout


def test_there_is_never_a_third_run(tmp_path: Path) -> None:
    code = "print('theirs'); raise SystemExit(0)"
    root = project(tmp_path / "area", code)
    done = run(root, "--help", **{own_code.GIVEN: "1"})
    assert "theirs" not in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("with_data", [True, False])
def test_without_code_of_its_own_the_installed_code_goes_on(
    tmp_path: Path, with_data: bool
) -> None:
    root = project(tmp_path / "area") if with_data else tmp_path
    assert own_code.own_code(root) is None
    assert "init-area" in run(root, "--help").stdout


def test_the_named_project_counts_before_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = project(tmp_path / "one", "x"), project(tmp_path / "other", "x")
    monkeypatch.delenv("MINATO_ROOT", raising=False)
    assert own_code.own_code(one / "data") == (one / program.PACKAGE).resolve()
    monkeypatch.setenv("MINATO_ROOT", str(other))
    assert own_code.own_code(one) == (other / program.PACKAGE).resolve()


def test_code_that_is_running_already_is_not_started_again(
    live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MINATO_ROOT", raising=False)
    monkeypatch.chdir(live)
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("started again"))
    own_code.hand_over()
