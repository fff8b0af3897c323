"""The samples are drawn once for all tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

_spec = importlib.util.spec_from_file_location("samples", Path(__file__).with_name("samples.py"))
samples_module = importlib.util.module_from_spec(_spec)
sys.modules["samples"] = samples_module
_spec.loader.exec_module(samples_module)


@pytest.fixture(scope="session")
def samples():
    return samples_module


@pytest.fixture(scope="session")
def every(samples):
    return samples.every()


@pytest.fixture(scope="session")
def drawn(every):
    """SVG elements by figure id."""
    return {figure.id: ET.fromstring(figure.svg) for figure in every}
