"""Finds the ticks of axes among the texts of a drawing: in go texts with their places, out go ticks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """A text in a drawing and where it stands."""

    text: str
    x: float
    y: float


def axis_ticks(labels: Sequence[Label], least: int = 3) -> set[int]:
    """Return which texts are ticks: written one after the other along a line, evenly spaced.

    Both the numbers and their places rise by equal steps. Ticks of counts begin at zero.
    """
    found: set[int] = set()
    start = 0
    while start < len(labels):
        end = start + 1
        while end < len(labels) and _continues(labels[start : end + 1]):
            end += 1
        counts = not labels[start].text.endswith("%")
        if end - start >= least and not (counts and labels[start].text != "0"):
            found |= set(range(start, end))
        start = max(end - 1, start + 1)
    return found


def _continues(run: Sequence[Label]) -> bool:
    units = {label.text.endswith("%") for label in run}
    numbers = [label.text.removesuffix("%").replace(",", "") for label in run]
    if len(units) > 1 or not all(re.fullmatch(r"\d+", number) for number in numbers):
        return False
    places = [(label.x, label.y) for label in run]
    along = 1 if abs(places[0][0] - places[1][0]) < 0.05 else 0
    if any(abs(place[1 - along] - places[0][1 - along]) >= 0.05 for place in places):
        return False
    steps = [
        (int(one) - int(before), there[along] - here[along])
        for before, one, here, there in zip(numbers, numbers[1:], places, places[1:], strict=False)
    ]
    value, distance = steps[0]
    return value > 0 and all(
        up == value and abs(far - distance) < 0.05 and far != 0 for up, far in steps
    )
