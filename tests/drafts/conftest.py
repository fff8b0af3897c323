"""A scratch project with the draft of a made-up year."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from minato_analysis.drafts.scaffold import scaffold
from tests.drafts import year_2023

SERIES = "minato-plan-draft-2024-12"


@pytest.fixture
def project(repository: Path, scratch: Path) -> Path:
    """Data and edition files of the project, no drafts."""
    shutil.rmtree(scratch / "data/drafts", ignore_errors=True)
    (scratch / "reports/2024").mkdir(parents=True)
    shutil.copy(repository / "reports/2024/edition.yaml", scratch / "reports/2024")
    return scratch


@pytest.fixture
def drafted(project: Path) -> Path:
    """The same with a complete draft of 2023."""
    scaffold(project, 2023, SERIES)
    year_2023.fill(project / "data/drafts/2023")
    return project
