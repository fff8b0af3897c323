"""Many files count as one dependency, and none of them can change unseen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from minato_analysis.tasks import sources
from minato_analysis.tasks.many_files import ManyFiles, code, code_of_notebook


def folder(place: Path) -> ManyFiles:
    place.mkdir()
    for name in "ab":
        (place / name).write_text(name, encoding="utf-8")
    return again(place)


def again(place: Path) -> ManyFiles:
    """The next run's look at it."""
    return ManyFiles("two", sorted(place.iterdir()), place)


def test_the_state_does_not_depend_on_where_the_project_lies(tmp_path: Path) -> None:
    assert folder(tmp_path / "one").state() == folder(tmp_path / "two").state()


@pytest.mark.parametrize("name", "ab")
def test_every_file_counts(tmp_path: Path, name: str) -> None:
    before = folder(tmp_path / "one").state()
    (tmp_path / "one" / name).write_text("other", encoding="utf-8")
    assert again(tmp_path / "one").state() != before


def test_so_does_its_name(tmp_path: Path) -> None:
    before = folder(tmp_path / "one").state()
    (tmp_path / "one/b").rename(tmp_path / "one/c")
    assert again(tmp_path / "one").state() != before


def test_the_time_of_a_file_does_not(tmp_path: Path) -> None:
    before = folder(tmp_path / "one").state()
    os.utime(tmp_path / "one/b", (0, 0))
    assert again(tmp_path / "one").state() == before


def test_one_that_is_gone_leaves_no_state(tmp_path: Path) -> None:
    node = folder(tmp_path / "one")
    (tmp_path / "one/b").unlink()
    assert node.state() is None


def test_a_task_gets_the_files(tmp_path: Path) -> None:
    assert folder(tmp_path / "one").load() == [tmp_path / "one/a", tmp_path / "one/b"]


def test_the_code_of_a_notebook_and_of_a_module(repository: Path) -> None:
    notebook = repository / "notebooks/07_measures.ipynb"
    assert code_of_notebook(notebook).load() == sources.of_notebook(notebook)
    assert code("numbers.facts").load() == sources.of_modules("numbers.facts")
    assert code("numbers.facts").signature != code("numbers").signature
