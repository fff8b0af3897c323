"""Text in figures: how wide it is, where it breaks, how labels keep apart.

In: texts and sizes in points. Out: widths, lines and positions in points. Text is measured with
IPAexGothic but shown in the reader's font, so every width has :data:`SLACK` added.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

from minato_analysis.cleaning.years import era_of
from minato_analysis.figures.theme import font_path
from minato_analysis.numbers.facts import display

SLACK = 1.12
"""Fonts differ most in their figures and Latin letters: the widest in use are a tenth wider."""

LEADING = 1.35
"""Line height as a multiple of the text size."""

_PIECES = re.compile(r"[A-Za-z0-9.,%+–~-]+[人件年回歳個]?|.", re.DOTALL)
_NEVER_FIRST = "、。，．・：；！？）」』】〕％%ー～〜…々"
_NEVER_LAST = "（「『【〔"
_ERA_LETTERS = {"昭和": "S", "平成": "H", "令和": "R"}


@lru_cache(maxsize=4096)
def width(text: str, size: float) -> float:
    """Return the width in points of the widest line, slack included."""
    font = FontProperties(fname=font_path(), size=size)
    lines = [line for line in text.split("\n") if line]
    return SLACK * max(
        (text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines),
        default=0.0,
    )


def wrap(text: str, room: float, size: float) -> list[str]:
    """Break text into lines no wider than `room` points.

    Breaks stand between Japanese characters, never inside a number with its counter or a Latin word, never
    before a closing mark or after an opening bracket. A newline in the text is kept.

    Examples
    --------
    >>> wrap("一二三四五。六", 60, 10)
    ['一二三四', '五。六']
    """
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, room, size)]


def _lines(paragraph: str, room: float, size: float) -> Iterator[str]:
    units, line, start = _unbreakable(paragraph), "", 0
    while line or start < len(units):
        if not line:  # a line takes one unit at least
            line, start = units[start], start + 1
            continue
        # A longer text is never narrower: the first unit without room is found by halving.
        rest = range(start, len(units))
        end = start + bisect_right(
            rest,
            room,
            key=lambda k: width("".join([line, *units[start:k], units[k].rstrip()]), size),
        )
        yield "".join([line, *units[start:end]]).rstrip()
        if end == len(units):
            return
        line, start = units[end].lstrip(), end + 1
    yield line


def spread(wanted: ArrayLike, heights: ArrayLike, low: float, high: float) -> NDArray[np.float64]:
    """Move label centres as little as possible so that no two overlap.

    Parameters
    ----------
    wanted, heights : array_like, shape (n,)
        Wanted centres and heights of the labels, in points.
    low, high : float
        Room for the labels. Where it is too small for all, the labels reach beyond `high`.

    Returns
    -------
    ndarray, shape (n,)
        Centres in the given order, the smallest sum of squared moves (isotonic regression).

    Examples
    --------
    >>> spread([50, 52, 90], [10, 10, 10], 0, 100).tolist()
    [46.0, 56.0, 90.0]
    """
    want, tall = np.asarray(wanted, float), np.asarray(heights, float)
    if want.size == 0:
        return want
    order = np.argsort(want, kind="stable")
    tall = tall[order]
    # With the minimum distances taken off, "no overlap" is "not decreasing".
    stacked = np.concatenate([[0.0], np.cumsum((tall[1:] + tall[:-1]) / 2)])
    free = np.asarray(isotonic_regression(want[order] - stacked).x)
    free = np.minimum(free, high - tall[-1] / 2 - stacked[-1])
    free = np.maximum(free, low + tall[0] / 2)
    moved = np.empty_like(want)
    moved[order] = free + stacked
    return moved


def percent(value: float, digits: int = 1) -> str:
    """Return a share in percent as it is printed, e.g. ``49.0%``."""
    return display(value, "percent", digits)


def persons(value: float) -> str:
    """Return a count with separators and no unit, e.g. ``1,053``."""
    return display(value, "number", 0)


def year_lines(year: int, lang: str = "ja") -> tuple[str, str]:
    """Return the two lines of a year on an axis; in English the year stands in the first.

    >>> year_lines(2018), year_lines(2019), year_lines(2019, "en")
    (('H30', '2018'), ('R元', '2019'), ('2019', ''))
    """
    if lang == "en":
        return str(year), ""
    era, number = era_of(year)
    return f"{_ERA_LETTERS[era]}{'元' if number == 1 else number}", str(year)


def _unbreakable(text: str) -> Sequence[str]:
    """Return the pieces between which a line may break."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        if pieces and (piece[0] in _NEVER_FIRST or pieces[-1][-1] in _NEVER_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
