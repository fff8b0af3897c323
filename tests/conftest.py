"""Fixtures shared by all tests: the specimen (see :mod:`tests.specimen`), copies of it, the live project."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from minato_analysis.data.study import Study
from tests import specimen
from tests.browser import browser  # noqa: F401 - one for all folders

# Same examples on every run, no time limits: a busy machine must not turn a test red.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

# Children of the tests run this checkout's code, and keep what they compile (imports then take a third).
given = os.environ.get("PYTHONPATH")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(specimen.LIVE / "src"), given)))
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

WHOLE = (
    "test_three_years.py",
    "audit/test_tamper.py",
    "tasks/test_pipeline.py",
    "test_a_year.py",
    "difference/test_real.py",
    "city/test_city.py",
    "tasks/test_report_killed.py",
    "pages/test_ten_years.py",
    "test_present.py",
    "tools/test_install.py",
    "audit/test_correction.py",
)
"""Files that make whole editions or installations, the longest first: about half of the suite's time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker sits over it alone at the end; mark it."""
    place = {specimen.LIVE / "tests" / name: number for number, name in enumerate(WHOLE)}
    for item in items:
        if item.path in place:
            item.add_marker("whole")
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(scope="session")
def live() -> Path:
    """The project folder itself, with the present data and editions (read only)."""
    return specimen.LIVE


@pytest.fixture(scope="session")
def repository() -> Path:
    """A project folder with the frozen data and the present code, without pages (read only)."""
    return specimen.project()


@pytest.fixture(scope="session")
def complete() -> Path:
    """The same folder with its edition: pages, facts, records (read only)."""
    return specimen.complete()


@pytest.fixture
def scratch(repository: Path, tmp_path: Path) -> Path:
    """A copy of the frozen data only, free to be damaged."""
    shutil.copytree(repository / "data", tmp_path / "data")
    return tmp_path


@pytest.fixture
def published() -> Study:
    """A study over the frozen data, as a notebook of their edition begins it."""
    return specimen.study()
