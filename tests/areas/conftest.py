"""Fixtures of the tests of many areas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.areas import world

from minato_analysis.areas import command

AREAS = 14


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder."""
    return world.project(tmp_path / "project")


@dataclass(frozen=True)
class Finished:
    """A finished run: its project folder, its table, the published pages, what was said."""

    root: Path
    table: Path
    pages: Path
    said: tuple[str, ...]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One run with warm processes, for all tests that only look."""
    folder = tmp_path_factory.mktemp("finished")
    root, table = world.project(folder / "project"), world.made(folder / "made", AREAS)
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINATO_ENGINE", "warm")
        page = command.report(root, table, say=said.append)
    return Finished(root, table, page.parent, tuple(said))
