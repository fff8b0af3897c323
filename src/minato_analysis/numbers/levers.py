"""Levers a reader moves on the screen: the yearly changes of a printed scenario table, and twenty dots.

In: the counts of the last year, the target, two levers, the first result. Out: a frozen
:class:`Levers`, which travels through a notebook as MIME type :data:`MIME`. The page computes with the
formula of the printed table, in a small script; paper and readers without scripts keep the table.
Rates are whole tenths of a percent a year.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from minato_analysis.numbers.facts import display

MIME = "application/vnd.minato.levers+json"


@dataclass(frozen=True)
class Lever:
    """One lever: what it moves, and how far.

    Parameters
    ----------
    name : {"reoffenders", "first_time"}
    label : str
        What the reader moves.
    low, high : int
        Ends, tenths of a percent a year.
    start : int
        Where it stands at first.
    """

    name: str
    label: str
    low: int
    high: int
    start: int = 0

    def __post_init__(self) -> None:
        if not self.low <= self.start <= self.high:
            raise ValueError(f"{self.name}: {self.start} is outside {self.low} … {self.high}")


@dataclass(frozen=True)
class Preset:
    """A button that puts both levers somewhere: its label, and tenths of a percent a year."""

    label: str
    reoffenders: int
    first_time: int


@dataclass(frozen=True)
class Member:
    """One way of looking at the target year: its label, and equally likely shares in tenths of a percent.

    `said` is what comes of it in words.
    """

    label: str
    tenths: tuple[int, ...]
    said: str


@dataclass(frozen=True)
class Levers:
    """Two levers and what they act on, and the ways of looking at the target year to choose from.

    Parameters
    ----------
    id : str
        Lower-case letters and hyphens; unique in the page.
    title, lead : str
        Heading and explanation; may hold references.
    reoffenders, first_time : int
        Counts of the last year.
    years : int
        Years of steady change.
    target : int
        Tenths of a percent.
    levers : tuple of Lever
        Reoffenders and first-time offenders: one alone would mislead.
    result : str
        What comes of it where the levers stand at first (see :func:`told`).
    presets : tuple of Preset
    members : tuple of Member
        The first is shown at first.
    """

    id: str
    title: str
    lead: str
    reoffenders: int
    first_time: int
    years: int
    target: int
    levers: tuple[Lever, Lever]
    result: str
    presets: tuple[Preset, ...] = ()
    members: tuple[Member, ...] = ()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {MIME: asdict(self), "text/plain": self.result}


FALLS, RISES, FLAT = "毎年{rate}%減る", "毎年{rate}%増える", "変わらない"
RESULT = "再犯者{reoffenders}、初犯者{first_time}、再犯者の割合{share}。目標の{target}に{met}。"
MET, MISSED = "届きます", "届きません"
"""The words the page fills in; the script gets them from the page."""


def course(rate: int) -> str:
    """Return a yearly change in words.

    >>> course(-88), course(20), course(0)
    ('毎年8.8%減る', '毎年2.0%増える', '変わらない')
    """
    if rate == 0:
        return FLAT
    return (FALLS if rate < 0 else RISES).format(rate=f"{abs(rate) / 10:.1f}")


def told(reoffenders: int, first_time: int, tenths: int, target: int) -> str:
    """Return counts, published share and target (both in tenths of a percent) in words.

    >>> told(448, 537, 455, 462)
    '再犯者448人、初犯者537人、再犯者の割合45.5%。目標の46.2%に届きます。'
    """
    return RESULT.format(
        reoffenders=display(reoffenders, "persons", 0),
        first_time=display(first_time, "persons", 0),
        share=display(tenths / 10, "percent", 1),
        target=display(target / 10, "percent", 1),
        met=MET if tenths <= target else MISSED,
    )
