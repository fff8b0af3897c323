"""Reads a notebook back: in goes its text, out come its cells with what stands under each.

Of an executed notebook an edition keeps, and of the one in ``notebooks/`` it was made from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from minato_analysis.project.prose_cells import prose

INJECTED = "injected-parameters"
"""Tag of the cell that gives the edition's parameters; papermill puts it in."""


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    number : int
        Counted from one.
    kind : {"code", "markdown"}
        A cell of prose is no code, whatever it is written as.
    source : str
    shown : str
        Markup and text of its outputs.
    given : bool
        Whether it is not the notebook's own but the edition's parameters.
    """

    number: int
    kind: str
    source: str
    shown: str = ""
    given: bool = False


def cells(form: Any) -> list[Cell]:
    """Return the cells of a notebook.

    Raises
    ------
    KeyError, TypeError, AttributeError
        Not a notebook.

    >>> cells({"cells": [{"cell_type": "code", "source": ["1 + 1"], "metadata": {}}]})
    [Cell(number=1, kind='code', source='1 + 1', shown='', given=False)]
    """
    return [
        Cell(
            number,
            "code" if prose(one) is None else "markdown",
            "".join(one["source"]),
            "\n".join(_shown(output) for output in one.get("outputs", [])),
            INJECTED in one.get("metadata", {}).get("tags", ()),
        )
        for number, one in enumerate(form["cells"], 1)
    ]


def loads(text: str) -> list[Cell]:
    """Return the cells of a notebook's text.

    Raises
    ------
    ValueError
        Not a notebook.
    """
    try:
        return cells(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


def _shown(output: Any) -> str:
    data = output.get("data", {"text": output.get("text", "")})
    return "\n".join("".join(value) for _, value in sorted(data.items()) if value)
