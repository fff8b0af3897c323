"""Parents of warm kernels with few libraries, so that one starts in half a second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from minato_analysis.execution import parents

FEW = ["ipykernel.kernelapp", "ipykernel_launcher", "numpy"]


@pytest.fixture
def few_libraries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let parents import little; the list may be changed."""
    libraries = list(FEW)
    monkeypatch.setattr(parents, "modules", lambda: libraries)
    return libraries


@pytest.fixture(scope="module", autouse=True)
def no_parent_left() -> Iterator[None]:
    """End all parents after each module."""
    yield
    parents.close_all()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One project folder for a module: warm kernels belong to a folder."""
    return tmp_path_factory.mktemp("project")
