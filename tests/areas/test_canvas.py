"""Figures drawn without matplotlib's artists are, byte for byte, those drawn with them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from minato_analysis import figures
from minato_analysis.areas.canvas import Canvas
from minato_analysis.areas.elements import NotDrawn
from minato_analysis.areas.worker import drawing
from minato_analysis.figures import Caption, Fan, Level, Persons, ShareSeries


def caption(id: str) -> Caption:
    return Caption(id, "題", "副題 <&> “引用”", "説明")


def charts(seed: int) -> list[str]:
    """Draw the charts of an area page, and others of the time axis, from made-up values."""
    rng = np.random.default_rng(seed)
    years = list(range(2017, 2017 + rng.integers(2, 11)))
    persons = rng.integers(11, rng.choice([40, 900, 30_000]), len(years)).astype(float)
    again = np.round(persons * rng.uniform(0.05, 0.95))
    share = 100 * again / persons
    low, high = share - rng.uniform(0, 9, share.size), share + rng.uniform(0, 9, share.size)
    low, high = np.maximum(low, 0), np.minimum(high, 100)
    series = ShareSeries(f"架空第{seed}市<&>", "area", years, share, low, high)
    plain = ShareSeries("区間のない系列", "area", years, share)
    target = Level(46.2, "目標") if seed % 2 else None
    ahead = list(range(years[-1] + 1, years[-1] + 2 + rng.integers(0, 8)))
    median = rng.uniform(20, 60, len(ahead))
    inner, outer = rng.uniform(0, 5, len(ahead)), rng.uniform(5, 12, len(ahead))
    fan = Fan(
        ahead, median, median - inner, median + inner, median - outer, median + outer,
        "中央値", "80%の範囲", "95%の範囲",
    )  # fmt: skip
    counts = Persons(years, persons - again, again, "初犯者", "再犯者")
    headings = ("検挙人員（人）", "再犯者の割合（%）")
    return [
        one.svg
        for one in (
            figures.persons_and_share(
                caption("a"), counts, series, target=target, headings=headings
            ),
            figures.projection_fan(caption("b"), series, fan, target=target),
            figures.share_over_time(caption("c"), [plain], target=target),
        )
    ]


@pytest.mark.parametrize("seed", range(40))
def test_every_chart_is_the_same(seed: int) -> None:
    reference = charts(seed)
    with drawing(Canvas):
        assert charts(seed) == reference
    assert charts(seed) == reference


@pytest.mark.parametrize(
    "draw",
    [
        lambda panel: panel.plot([0, np.nan], [0, 1], color="red", linestyle="solid"),
        lambda panel: panel.plot([0, 99], [0, 1], color="red", linestyle="solid"),
        lambda panel: panel.plot([0, 1], [0, 1], color="red", alpha=0.5),
        lambda panel: panel.plot([0, 1], [0, 1], color="red", linestyle="--"),
        lambda panel: panel.set(title="?"),
        lambda panel: panel.tick_params(rotation=90),
        lambda panel: panel.fill_between([0, 1], [0, 0], [1, 1], color="red", linewidth=1),
    ],
)
def test_what_is_not_known_is_left_to_matplotlib(draw: Callable[..., object]) -> None:
    panel = Canvas((4.0, 3.0), 72).add_axes((0.1, 0.1, 0.8, 0.8))
    panel.set(xlim=(0, 1), ylim=(0, 1))
    with pytest.raises(NotDrawn):
        draw(panel)


def test_an_axis_without_limits_is_left_to_matplotlib() -> None:
    panel = Canvas((4.0, 3.0), 72).add_axes((0.1, 0.1, 0.8, 0.8))
    with pytest.raises(NotDrawn):
        panel.plot([0, 1], [0, 1], color="red", linestyle="solid")
