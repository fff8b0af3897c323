"""A miniature project with the edition 2024, to which a test adds the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.difference import world


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A project folder with the edition 2024: four years, known on 2024-01-05."""
    root = world.town(tmp_path / "town")
    world.publish(root, "2024", "2024-01-05")
    return root


@pytest.fixture
def committed(town: Path) -> Path:
    """The town's project under version control, its edition committed."""
    world.write(town, "src/minato_analysis/__init__.py", "")
    world.git(town, "init", "-q", "-b", "main")
    world.git(town, "add", "-A")
    world.git(town, "commit", "-qm", "edition 2024")
    return town
