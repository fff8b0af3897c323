"""On which pages a fact stands, read from the executed notebooks before there are pages.

In: executed notebooks, the names that stand in ids (``{area}``). Out: page names by fact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from minato_analysis.project.prose_cells import prose

_REFERENCE = re.compile(r"""fact\(\s*(["'])(.+?)\1\s*\)""")


def places(notebooks: Iterable[Path], names: Mapping[str, object]) -> dict[str, list[str]]:
    """Return the names of the pages that print each fact, in the order of the notebooks."""
    found: dict[str, list[str]] = {}
    for file in notebooks:
        notebook = json.loads(file.read_text(encoding="utf-8"))
        for id in references(notebook, names):
            pages = found.setdefault(id, [])
            if file.stem not in pages:
                pages.append(file.stem)
    return found


def references(notebook: Mapping[str, Any], names: Mapping[str, object]) -> list[str]:
    """Return the ids a notebook's prose, titles and notes refer to, each once.

    >>> cell = {"cell_type": "markdown", "source": 'は{{ fact("{area}.share.2022") }}です'}
    >>> references({"cells": [cell]}, {"area": "city"})
    ['city.share.2022']
    """
    texts: list[str] = []
    for cell in notebook["cells"]:
        texts.append(prose(cell) or "")
        for output in cell.get("outputs", []):
            texts += [text for value in output.get("data", {}).values() for text in _strings(value)]
    ids = (one[2] for text in texts for one in _REFERENCE.finditer(text))
    return list(dict.fromkeys(_named(one, names) for one in ids))


def _named(pattern: str, names: Mapping[str, object]) -> str:
    try:
        return pattern.format_map(names)
    except (KeyError, ValueError):
        return pattern


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in _strings(one)]
    return []
