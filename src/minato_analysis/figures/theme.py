"""How every figure looks: colours, dashes, markers, sizes, and the drawing context.

In: nothing. Out: :func:`themed`, the one context in which figures are drawn and saved, and
:data:`ROLES`, the stroke of each kind of series. A role is told by colour *and* dash *and* marker,
so that nothing is lost in a grey print. Sizes are points; a figure is as wide as the text of an A4
page unless its caption says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager

# Importing matplotlib_fontja changes the reader's rcParams; only its font file is wanted.
with mpl.rc_context():
    import matplotlib_fontja

Role = Literal["area", "parent", "nation"]

WIDTH = 475.0
"""Usual width of a figure in points (168 mm): text keeps its size on an A4 page."""

NARROW = 236.0
"""Width of a figure for half a sheet or a telephone: on either its text is larger than drawn."""

SIZE = 10.0
SMALL = 9.4
"""Text sizes in points. Nothing is smaller than :data:`SMALL`."""

INK = "#1A1A1A"
QUIET = "#4D4D4D"
GRID = "#D9D9D9"
BAND_FILL = "#C5D7FB"
BAND_EDGE = "#264AF4"

FONT_STACK = '"Noto Sans JP","BIZ UDPGothic","Hiragino Sans","Yu Gothic UI",Meiryo,sans-serif'
"""Fonts of the reader's system; none is embedded."""


@dataclass(frozen=True)
class Stroke:
    """Colour, dash pattern in points (None: solid), marker and width of one role."""

    color: str
    dash: tuple[float, ...] | None
    marker: str
    width: float

    def line(self) -> dict[str, Any]:
        """Return the matplotlib arguments of a line in this stroke."""
        style: Any = "solid" if self.dash is None else (0, self.dash)
        return {"color": self.color, "linestyle": style, "linewidth": self.width}

    def points(self) -> dict[str, Any]:
        """Return the matplotlib arguments of markers in this stroke."""
        return {
            "marker": self.marker,
            "markerfacecolor": self.color,
            "markersize": 7.0 if self.marker == "^" else 5.5,
            "markeredgecolor": "white",
            "markeredgewidth": 0.6,
        }


ROLES: Mapping[str, Stroke] = {
    "area": Stroke("#0017C1", None, "o", 2.0),
    "parent": Stroke("#767676", (5, 2.5), "^", 1.5),
    "nation": Stroke("#4D4D4D", (1.5, 2), "s", 1.5),
}
TARGET = Stroke("#AC3E00", (10, 4), "", 1.4)


@cache
def font_path() -> str:
    """Return the path of IPAexGothic, with whose metrics text is measured, and register it."""
    path: str = matplotlib_fontja.get_font_ttf_path()
    font_manager.fontManager.addfont(path)
    return path


@contextmanager
def themed() -> Iterator[None]:
    """Draw and save inside this context; the reader's own settings neither enter nor change.

    Examples
    --------
    >>> with themed():
    ...     mpl.rcParams["svg.fonttype"]
    'none'
    """
    font = font_manager.FontProperties(fname=font_path()).get_name()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(sns.axes_style("whitegrid"))
        mpl.rcParams.update(
            {
                "axes.axisbelow": True,
                "axes.edgecolor": QUIET,
                "axes.facecolor": "none",
                "axes.grid.axis": "y",
                "axes.linewidth": 0.8,
                "axes.spines.left": False,
                "axes.spines.right": False,
                "axes.spines.top": False,
                "figure.facecolor": "white",
                "font.family": [font],
                "font.size": SIZE,
                "grid.color": GRID,
                "grid.linewidth": 0.7,
                "hatch.linewidth": 0.8,
                "lines.scale_dashes": False,
                "path.simplify": False,
                "svg.fonttype": "none",
                "svg.hashsalt": "minato-analysis",
                "text.color": INK,
                "text.parse_math": False,
            }
        )
        yield
