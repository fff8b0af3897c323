"""A finished run of counts."""

from __future__ import annotations

import pytest
from tests.areas import world
from tests.areas.conftest import Finished

from minato_analysis.areas import command

KEPT = ("13101", "13102", "13103", "13104", "13105", "13113", "13362", "13381")
"""Areas of the shipped example: large ones, one with gaps, one with few cases."""


@pytest.fixture(scope="session")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One run over some areas of the shipped example."""
    folder = tmp_path_factory.mktemp("counted")
    root, table = world.project(folder / "project"), folder / world.EXAMPLE.name
    head, *lines = world.EXAMPLE.read_text("utf-8").splitlines()
    table.write_text("\n".join([head, *(one for one in lines if one.startswith(KEPT))]), "utf-8")
    table.with_suffix(".yaml").write_text(world.EXAMPLE.with_suffix(".yaml").read_text("utf-8"))
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINATO_ENGINE", "warm")
        page = command.report(root, table, say=said.append)
    return Finished(root, table, page.parent, tuple(said))
