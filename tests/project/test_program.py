"""The program of a project of data only is the installed one, and no other."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.project.test_own_code import project, run

from minato_analysis.project import program
from minato_analysis.published import manifest

PAGES = "notebooks/pages.yaml"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A project of data only."""
    root = project(tmp_path / "area")
    (root / program.PIN).write_text(program.written(), encoding="utf-8")
    return root


def test_every_file_of_the_program_is_found_by_its_name(bare: Path) -> None:
    lent = program.lent(bare)
    for name in ("src/minato_analysis/cli.py", PAGES, "requirements.lock", "pyproject.toml"):
        assert program.at(bare, name) == lent[name] == program.HOME / name
        assert program.name_of(bare, lent[name]) == name
    assert not [name for name in lent if "__pycache__" in name]
    assert program.at(bare, "data/areas.csv") == bare / "data/areas.csv"


def test_the_record_lists_the_same_code_as_that_of_a_project_that_carries_it(
    bare: Path, live: Path
) -> None:
    names = {program.name_of(bare, one) for one in manifest.code_files(bare)}
    own = {one.relative_to(live).as_posix() for one in manifest.code_files(live)}
    assert names - own == {program.PIN}
    assert own - names == {program.SPECIMEN}


def test_a_file_of_the_project_takes_the_place_of_the_programs(bare: Path) -> None:
    for name in ("02_reoffender_trends.ipynb", "08_ours.ipynb"):
        (bare / "notebooks").mkdir(exist_ok=True)
        (bare / "notebooks" / name).touch()
    found = program.notebooks(bare, "[0-9]*.ipynb")
    assert {one.name for one in found if one.is_relative_to(bare)} == {
        "02_reoffender_trends.ipynb", "08_ours.ipynb",
    }  # fmt: skip
    assert len(found) == 8
    assert "notebooks/02_reoffender_trends.ipynb" not in program.lent(bare)


def test_what_a_command_printed_of_another_area_is_not_lent(bare: Path) -> None:
    assert (program.HOME / program.SPECIMEN).is_file()
    assert program.SPECIMEN not in program.lent(bare)
    assert not program.at(bare, program.SPECIMEN).exists()
    assert program.SPECIMEN not in {one.name for one in program.notebooks(bare, "*.txt")}


def test_a_project_that_carries_its_program_uses_that(tmp_path: Path) -> None:
    root = project(tmp_path / "area", "x")
    (root / program.PIN).write_text("{code: another}", encoding="utf-8")
    assert program.home(root) == root
    assert program.lent(root) == {}
    assert program.at(root, PAGES) == root / PAGES
    program.refuse_another(root)


def test_the_hash_can_be_made_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("src/a.py", "notebooks/b.ipynb", "src/__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(program, "HOME", tmp_path)
    lines = "".join(
        f"{hashlib.sha256(one.encode()).hexdigest()}  {one}\n"
        for one in ("notebooks/b.ipynb", "src/a.py")
    )
    assert program.sha256() == hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.parametrize("command", ["report", "check", "bundle", "explain"])
def test_another_program_is_refused_in_one_sentence(bare: Path, command: str) -> None:
    (bare / program.PIN).write_text("{version: 0.0.9, code: 12ab, commit: 77fe}", encoding="utf-8")
    done = run(bare, command)
    assert done.returncode == 2
    assert done.stdout == ""
    (said,) = done.stderr.splitlines()
    assert said.startswith("E0-PROGRAM minato.yaml: ")
    assert all(one in said for one in ("0.0.9（12ab）", "git checkout 77fe", "minato update"))


def test_the_command_that_moves_it_runs_in_spite_of_that(bare: Path) -> None:
    (bare / program.PIN).write_text("{version: 0.0.9, code: 12ab}", encoding="utf-8")
    assert run(bare, "update").returncode == 0
    program.refuse_another(bare)


def test_a_program_without_its_notebooks_says_how_to_install_it(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "HOME", tmp_path)
    with pytest.raises(program.ProgramError, match=r"pip install .* -e \."):
        program.refuse_another(bare)
