"""Which cells of a notebook hold prose: in goes a cell in format 4, out comes its Markdown.

Prose without references is a Markdown cell. Prose that quotes facts is a code cell that begins with
``%%prose``: run in JupyterLab it shows the finished sentences (:mod:`minato_analysis.reporting.live`), and a
page takes its Markdown. Imports nothing of ours.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

MAGIC = "%%prose"
LOAD = "%load_ext minato_analysis.reporting.live"
"""The cell that makes :data:`MAGIC` known, the first of a notebook."""

UNATTENDED = "MINATO_UNATTENDED"
"""Set in a build, which runs each cell once: nobody reads along, and a number recorded twice is a mistake."""


def attended() -> bool:
    """Return whether somebody may be at the notebook."""
    return UNATTENDED not in os.environ


def prose(cell: Mapping[str, Any]) -> str | None:
    """Return the Markdown of a cell, nothing for a cell that computes.

    The cell that only makes the magic known has no words, and is no computation either.

    >>> prose({"cell_type": "code", "source": "%%prose\\n## {{ area_name }}"})
    '## {{ area_name }}'
    >>> prose({"cell_type": "code", "source": "study.facts"})
    """
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return source
    first, _, rest = source.partition("\n")
    if first.strip() == MAGIC:
        return rest
    return "" if source.strip() == LOAD else None


def as_markdown(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notebook whose prose stands in Markdown cells, all others as they are."""
    return {**notebook, "cells": [_as_markdown(cell) for cell in notebook["cells"]]}


def _as_markdown(cell: Mapping[str, Any]) -> dict[str, Any]:
    text = prose(cell)
    if text is None:
        return dict(cell)
    return {"cell_type": "markdown", "id": cell["id"], "metadata": {}, "source": text}
