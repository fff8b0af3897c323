"""Accessible, deterministic SVG figures for Japanese reports.

In: arrays of shares in percent or counts, and all words as arguments. Out: :class:`Figure`.
"""

from minato_analysis.figures.chance import FunnelLimits, Point, funnel, quantile_dots
from minato_analysis.figures.changes import LawChange
from minato_analysis.figures.figure import Caption, Figure, from_plot
from minato_analysis.figures.groups import CountSeries, Row, counts_by_group, interval_rows
from minato_analysis.figures.labels import Level
from minato_analysis.figures.milestones import Milestone, milestones
from minato_analysis.figures.outcomes import Outcomes, outcome_rows
from minato_analysis.figures.over_time import persons_and_share, projection_fan, share_over_time
from minato_analysis.figures.panels import Scoped, share_panels
from minato_analysis.figures.people import Hundred, hundreds
from minato_analysis.figures.series import Fan, Persons, ShareSeries
from minato_analysis.figures.slopes import Slope, slopes
from minato_analysis.figures.svg import render
from minato_analysis.figures.theme import themed

__all__ = [
    "Caption",
    "CountSeries",
    "Fan",
    "Figure",
    "FunnelLimits",
    "Hundred",
    "LawChange",
    "Level",
    "Milestone",
    "Outcomes",
    "Persons",
    "Point",
    "Row",
    "Scoped",
    "ShareSeries",
    "Slope",
    "counts_by_group",
    "from_plot",
    "funnel",
    "hundreds",
    "interval_rows",
    "milestones",
    "outcome_rows",
    "persons_and_share",
    "projection_fan",
    "quantile_dots",
    "render",
    "share_over_time",
    "share_panels",
    "slopes",
    "themed",
]
