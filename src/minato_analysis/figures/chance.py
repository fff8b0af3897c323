"""Charts of chance: a quantile plot of twenty dots, a funnel of shares against persons.

In: quantiles or shares in percent, limits as arrays, the words around the figure. Out: a
:class:`~minato_analysis.figures.figure.Figure`.

References
----------
M. Kay, T. Kola, J. R. Hullman and S. A. Munson (2016), "When (ish) is my bus?", CHI 2016: quantile
plots.
D. J. Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202: funnel plots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from minato_analysis.figures.axes import Limits, cut_note, number_axis, share_axis, share_limits
from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.labels import (
    EndLabel,
    Level,
    end_labels,
    level_text,
    right_margin,
    valued,
)
from minato_analysis.figures.sheet import EDGE, sheet, size_of, write
from minato_analysis.figures.text import percent, persons, width
from minato_analysis.figures.theme import (
    BAND_EDGE,
    BAND_FILL,
    QUIET,
    ROLES,
    SIZE,
    SMALL,
    TARGET,
    themed,
)

ABOVE = 11.0
"""Distance of a label right above a point, in points."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""


class _Side(NamedTuple):
    """A place for the label of a point: alignment, shift, and the room it takes."""

    at: str
    dx: float
    dy: float
    box: Box


@dataclass(frozen=True, eq=False)
class FunnelLimits:
    """Limits of a funnel plot by persons, in percent, with their labels."""

    persons: ArrayLike
    inner_low: ArrayLike
    inner_high: ArrayLike
    outer_low: ArrayLike
    outer_high: ArrayLike
    inner_label: str
    outer_label: str


@dataclass(frozen=True)
class Point:
    """One unit of a funnel plot: label, persons, share in percent."""

    label: str
    persons: int
    share: float


@for_telephones
def quantile_dots(  # noqa: PLR0913 - data, words and size; the last have defaults
    caption: Caption,
    quantiles: ArrayLike,
    target: Level,
    *,
    met: ArrayLike,
    met_label: str,
    missed_label: str,
    step: float = 1.0,
    note: str = "",
    dot: float = 17.0,
) -> Figure:
    """Draw equally likely outcomes as dots, those that meet the target filled and left of its line.

    Parameters
    ----------
    caption : Caption
    quantiles : array_like, shape (dots,)
        Percent; twenty quantiles (1/40, 3/40, …, 39/40) make each dot 1 chance in 20.
    target : Level
        The vertical line.
    met : array_like of bool, shape (dots,)
        Whether the outcome meets the target by the rule of publication; a dot that publishes as
        equal to the target stands left of the line.
    met_label, missed_label : str
        Explain the two kinds of dots; ``{count}`` and ``{total}`` are filled in.
    step : float
        Width of a column of dots, in points of percent.
    note : str
        Printed inside the figure.
    dot : float
        Largest distance of neighbouring dots, in points.

    Raises
    ------
    ValueError
        `quantiles` and `met` of different shapes.
    """
    values, good = np.asarray(quantiles, float), np.asarray(met, bool)
    if values.shape != good.shape or values.ndim != 1:
        raise ValueError(f"quantiles {values.shape} and met {good.shape} must be two equal lists")
    # Columns are counted from the target line, so that none stands across it.
    # Rounded first: the last digits of a quantile must not move a dot.
    column = np.floor(np.round((values - target.share) / step, 9)).astype(int)
    column = np.where(good, np.minimum(column, -1), np.maximum(column, 0))
    first, last = min(int(column.min()), -1) - 1, max(int(column.max()), 0) + 2
    low, high = target.share + first * step, target.share + last * step
    dot = min(dot, (caption.width - 6 * EDGE) / (last - first))
    tallest = int(np.bincount(column - column.min()).max())
    filled, hollow = (
        f"{sign} {label.format(count=int(count), total=good.size)}"
        for sign, label, count in (
            ("●", met_label, good.sum()),
            ("○", missed_label, (~good).sum()),
        )
    )
    with themed():
        canvas, (panel,) = sheet(
            [dot * tallest + 62],
            left=3 * EDGE,
            right=3 * EDGE,
            bottom=25.0,
            foot=(note,),
            wide=caption.width,
        )
        wide, tall = size_of(panel)
        panel.set(ylim=(0, tall))
        share_axis(panel, Limits(low, high, _tick_step(high - low)), horizontal=True)
        panel.grid(visible=False, axis="x")
        panel.tick_params(axis="x", length=3, color=QUIET, bottom=True)
        for at in np.unique(column):
            for level, meets in enumerate(good[column == at]):
                color = ROLES["area"].color
                panel.plot(
                    target.share + (at + 0.5) * step, (level + 0.5) * dot, "o",
                    markersize=dot * 0.8, markeredgecolor=color, markeredgewidth=1.4,
                    markerfacecolor=color if meets else "white",
                )  # fmt: skip
        panel.plot([target.share] * 2, [0, tall - 44], **TARGET.line())
        half = width(level_text(target), SIZE) / 2
        x = (target.share - low) / (high - low) * wide
        shift = min(max(x, half), wide - half) - x
        write(panel, target.share, tall - 36, level_text(target), dx=shift, color=TARGET.color)
        write(panel, low, tall - 6, filled, at="start", color=ROLES["area"].color, strong=True)
        # Side by side where both fit, else one under the other.
        below = 14 if width(filled, SIZE) + width(hollow, SIZE) + 16 > wide else 0
        color = ROLES["area"].color
        write(panel, high, tall - 6 - below, hollow, at="end", color=color)
    return finish(canvas, caption, [filled, hollow, level_text(target)])


@for_telephones
def funnel(
    caption: Caption,
    points: Sequence[Point],
    limits: FunnelLimits,
    centre: Level,
    *,
    persons_label: str,
    note: str = "",
    height: float = 230.0,
) -> Figure:
    """Draw shares against persons between limits that narrow as persons grow.

    Parameters
    ----------
    caption : Caption
    points : sequence of Point
    limits : FunnelLimits
        Of the exact distribution, as arrays over persons; the inner band is filled, the outer one
        outlined with dashes.
    centre : Level
        The share the limits are drawn around.
    persons_label : str
        Of the horizontal axis.
    note : str
        Printed inside the figure.
    """
    texts = [valued(centre.label, centre.share), limits.inner_label, limits.outer_label]
    over = np.asarray(limits.persons, float)
    bounds = [
        np.asarray(one, float)
        for one in (limits.inner_low, limits.inner_high, limits.outer_low, limits.outer_high)
    ]
    values = [point.share for point in points] + [float(v) for one in bounds for v in one]
    axis = share_limits([*values, centre.share])
    with themed():
        canvas, (panel,) = sheet(
            [height],
            right=right_margin(texts),
            bottom=37.0,
            foot=(note, cut_note(axis)),
            wide=caption.width,
        )
        panel.set(xlim=(0, over.max()))
        share_axis(panel, axis)
        number_axis(panel, float(over.max()), persons_label)
        panel.grid(visible=False, axis="x")
        panel.fill_between(over, bounds[0], bounds[1], color=BAND_FILL, linewidth=0)
        for bound in bounds[:2]:
            panel.plot(over, bound, color=BAND_EDGE, linewidth=1.0)
        for bound in bounds[2:]:
            panel.plot(over, bound, color=BAND_EDGE, linewidth=1.0, linestyle=(0, (3, 2)))
        panel.axhline(centre.share, color=QUIET, linewidth=1.2)
        for point in points:
            panel.plot(point.persons, point.share, **{**ROLES["area"].points(), "markersize": 7.5})
        _label_points(panel, points)
        end = float(over.max())
        end_labels(
            panel,
            [
                EndLabel(end, centre.share, texts[0], QUIET),
                EndLabel(end, float(bounds[1][-1]), texts[1], BAND_EDGE),
                EndLabel(end, float(bounds[3][-1]), texts[2], BAND_EDGE),
            ],
        )
    drawn = [f"{one.label}: {percent(one.share)} n={persons(one.persons)}" for one in points]
    return finish(canvas, caption, drawn)


def _tick_step(span: float) -> float:
    return next((one for one in (1, 2, 5, 10) if span / one <= 12), 20)


def _label_points(panel: Any, points: Sequence[Point]) -> None:
    """Label each point on the first side where nothing is in the way, else to its right."""
    wide, tall = size_of(panel)
    (x_low, x_high), (y_low, y_high) = panel.get_xlim(), panel.get_ylim()
    x_scale, y_scale = wide / (x_high - x_low), tall / (y_high - y_low)
    spots = [((one.persons - x_low) * x_scale, (one.share - y_low) * y_scale) for one in points]
    taken: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for x, y in spots]
    for point, (x, y) in zip(points, spots, strict=True):
        sides = _sides(x, y, width(point.label, SMALL))
        free = [one for one in sides if _inside(one.box, wide, tall) and not _hits(one.box, taken)]
        side = (free or sides)[0]
        taken.append(side.box)
        if abs(side.dy) > ABOVE:
            where = (point.persons + side.dx / x_scale, point.share + side.dy / y_scale)
            ends = zip((point.persons, point.share), where, strict=True)
            panel.plot(*ends, color=QUIET, linewidth=0.6)
        look: dict[str, Any] = {"at": side.at, "size": SMALL, "halo": True}
        write(panel, point.persons, point.share, point.label, dx=side.dx, dy=side.dy, **look)


def _sides(x: float, y: float, long: float) -> list[_Side]:
    """Return the places for a label of width `long` at a point, the best first."""
    level = [
        ("start", 7.0, 0.0),
        ("end", -7.0, 0.0),
        ("middle", 0.0, ABOVE),
        ("middle", 0.0, -ABOVE),
    ]
    away = [
        (at, dx, sign * step * 12.0)
        for step in (1, 2, 3, 4)
        for sign in (1, -1)
        for at, dx in (("start", 12.0), ("end", -12.0))
    ]
    begins = {"start": 0.0, "end": -long, "middle": -long / 2}
    return [
        _Side(at, dx, dy, (left, y + dy - 6, left + long, y + dy + 6))
        for at, dx, dy in level + away
        for left in [x + dx + begins[at]]
    ]


def _inside(box: Box, wide: float, tall: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= wide and box[3] <= tall


def _hits(box: Box, others: Sequence[Box]) -> bool:
    return any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )
