"""Where the input of a page lies, and how a notebook reads it.

In: the name of a run, the code of an area. Out: paths relative to the project folder, and their text.
"""

from __future__ import annotations

from minato_analysis import data
from minato_analysis.areas.errors import AreasError

OVERVIEW = "index"
"""Takes the place of an area's code for the page of all areas."""


def input_of(run: str, code: str = OVERVIEW) -> str:
    """Return the one file the notebook of `code` may read, relative to the project folder."""
    return f"build/areas/{run}/" + ("overview.json" if code == OVERVIEW else f"inputs/{code}.json")


def read(file: str) -> str:
    """Return the text of an input.

    Raises
    ------
    AreasError
        ``E8-AREA``: it is not there.
    """
    try:
        return (data.root() / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AreasError(
            f"E8-AREA {file}: この記録がありません。minato report --areas 表.csv を実行すると作られます。"
        ) from None
