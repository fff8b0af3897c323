"""The defaults in a notebook's parameters cell.

The notebooks of the program name its own area there. In a project of data only they are shown and run with
the project's: in goes a notebook and values by name, out comes the notebook with these as its defaults.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_ASSIGNMENT = re.compile(
    r"(?P<name>\w+)(?P<type>(?:: \w+)?) = .*?(?P<help>(?:  # [^\n]*)?\n?)", re.S
)
"""A line of a parameters cell: name, type, value, and what it means."""


def with_parameters(notebook: dict[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notebook whose parameters cell has these values as its defaults.

    Parameters
    ----------
    notebook : dict
        Format 4; not changed.
    parameters : mapping
        Values by name; a name the cell does not have is left out.

    Examples
    --------
    >>> cell = {"metadata": {"tags": ["parameters"]}, "source": ["last_year: int = 2022  # the last\\n"]}
    >>> with_parameters({"cells": [cell]}, {"last_year": 2023})["cells"][0]["source"]
    ['last_year: int = 2023  # the last\\n']
    """
    cells = [
        {**cell, "source": [_assigned(line, parameters) for line in cell["source"]]}
        if "parameters" in cell["metadata"].get("tags", [])
        else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def _assigned(line: str, parameters: Mapping[str, Any]) -> str:
    found = _ASSIGNMENT.fullmatch(line)
    if found is None or found["name"] not in parameters:
        return line
    value = parameters[found["name"]]
    written = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    return f"{found['name']}{found['type']} = {written}{found['help']}"
