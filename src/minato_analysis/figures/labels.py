"""Labels at the ends of lines, and lines at a fixed share.

In: where each thing ends and what it is called. Out: texts right of the plot that never overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from minato_analysis.figures.sheet import EDGE, size_of, write
from minato_analysis.figures.text import LEADING, percent, spread, width, wrap
from minato_analysis.figures.theme import INK, SIZE, TARGET

LABEL_GAP = 8.0
LABEL_ROOM = 118.0
"""Longer labels at line ends are broken."""


@dataclass(frozen=True)
class Level:
    """A share in percent drawn as a line, and its label: a target or a reference."""

    share: float
    label: str


@dataclass(frozen=True)
class EndLabel:
    """A label right of the plot for something that ends at data point (`x`, `y`)."""

    x: float
    y: float
    text: str
    color: str = INK
    strong: bool = False


def right_margin(texts: Sequence[str]) -> float:
    """Return the margin that holds these end labels."""
    widest = max((width(broken(text), SIZE) for text in texts if text), default=0.0)
    return LABEL_GAP + widest + EDGE


def broken(text: str) -> str:
    """Return an end label in lines of at most :data:`LABEL_ROOM`."""
    return "\n".join(wrap(text, LABEL_ROOM, SIZE))


def valued(label: str, share: float, shown: Callable[[float], str] = percent) -> str:
    """Return a label with its share behind the name; a bracketed addition goes to the next line.

    >>> valued("A（B）", 49.0028)
    'A 49.0%\\n（B）'
    """
    name, bracket, addition = label.partition("（")
    return f"{name} {shown(share)}" + (f"\n{bracket}{addition}" if bracket else "")


def end_labels(panel: Any, labels: Sequence[EndLabel]) -> None:
    """Write labels right of the plot, kept apart; a hairline leads to one that is moved or far."""
    low, high = panel.get_ylim()
    x_start, x_end = panel.get_xlim()
    wide, tall = size_of(panel)
    x_point, y_point = (x_end - x_start) / wide, (high - low) / tall
    texts = [broken(label.text) for label in labels]
    heights = [(text.count("\n") + 1) * SIZE * LEADING + 3 for text in texts]
    wanted = [(label.y - low) / y_point for label in labels]
    placed = spread(wanted, heights, -4.0, tall + 4.0)
    for label, text, at, want in zip(labels, texts, placed, wanted, strict=True):
        y = low + float(at) * y_point
        if abs(at - want) > 4 or x_end - label.x > 1:
            x_from = min(label.x + 5 * x_point, x_end)
            x_to = x_end + (LABEL_GAP - 2) * x_point
            line = {"color": label.color, "linewidth": 0.6, "clip_on": False}
            panel.plot([x_from, x_to], [label.y, y], **line)
        write(
            panel, x_end, y, text, dx=LABEL_GAP, at="start", color=label.color, strong=label.strong
        )


def target_line(panel: Any, target: Level) -> EndLabel:
    """Draw the target across the panel and return the label to put at its end."""
    panel.axhline(target.share, **TARGET.line(), zorder=2.5)
    return EndLabel(
        panel.get_xlim()[1], target.share, valued(target.label, target.share), TARGET.color
    )


def level_text(level: Level) -> str:
    """Return label and value of a target or reference in one line."""
    return f"{level.label} {percent(level.share)}"
