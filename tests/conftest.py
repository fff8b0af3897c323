"""Fixtures shared by all tests: the repository itself, and scratch copies of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from minato_analysis import editions
from minato_analysis.study import Study, begin
from tests.browser import browser  # noqa: F401 - one for all folders

# Same examples on every run, no time limits: a busy machine must not turn a test red.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The project folder (read only)."""
    return REPOSITORY


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A copy of the project's data only, free to be damaged."""
    shutil.copytree(REPOSITORY / "data", tmp_path / "data")
    return tmp_path


@pytest.fixture
def published() -> Study:
    """A study over the published data, as a notebook of the committed edition begins it."""
    return begin("test", **editions.load(REPOSITORY, "2024").parameters())
