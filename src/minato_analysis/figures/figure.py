"""The figure as an object: SVG, words around it, and its table.

In: a drawn matplotlib figure and a :class:`Caption`. Out: a frozen :class:`Figure`, which travels
through a notebook as MIME type :data:`MIME`::

    {"id": …, "title": …, "subtitle": …, "desc": …, "svg": …, "table": {…} or null, "notes": […],
     "layout": "below" or "beside", "apart": true or false, "narrow": the same for a telephone, or ""}

Title, subtitle, description and notes may hold ``{{ fact("…") }}`` references; the report resolves
them. They never enter the SVG: inside it stand the plain alternatives of the caption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec

from matplotlib import pyplot

from minato_analysis.figures.svg import render
from minato_analysis.figures.theme import NARROW, WIDTH
from minato_analysis.numbers.tables import Table

MIME = "application/vnd.minato.figure+json"

Given = ParamSpec("Given")

Layout = Literal["below", "beside"]
"""Where the table stands: under the drawing, or right of it where there is room."""


@dataclass(frozen=True)
class Caption:
    """The words of one figure.

    Parameters
    ----------
    id : str
        Lower-case letters, digits, ``-`` and ``_``; unique in the edition.
    title : str
        What the figure shows, as one statement.
    subtitle : str
        Measure, place, population, period.
    desc : str
        Long description for readers who do not see the figure.
    notes : tuple of str
        Lines under the figure: unit, notes, sources.
    table : Table, optional
        The numbers drawn.
    alt_title : str, optional
        Title inside the SVG; the subtitle unless given. Plain text.
    alt_desc : str, optional
        Description inside the SVG; `desc` unless it holds references, then the values drawn.
    width : float
        Of the drawing, in points. Text keeps its size: a narrower drawing has less room for labels.
    layout : {"below", "beside"}
        Where the table stands.
    cut : str
        What is printed where the axis of a share does not begin at zero; empty where a heading
        says so.
    lang : {"ja", "en"}
        Language of the years of an era: 令和元年 is R元, in English R1.
    apart : bool
        Whether the drawing is given for a telephone too, and as a file of its own. Where thousands of pages
        are made at once, they are kept small without.
    """

    id: str
    title: str
    subtitle: str
    desc: str
    notes: tuple[str, ...] = ()
    table: Table | None = None
    alt_title: str | None = None
    alt_desc: str | None = None
    width: float = WIDTH
    layout: Layout = "below"
    cut: str = "縦軸は0%から始まっていません。"
    lang: Literal["ja", "en"] = "ja"
    apart: bool = True


@dataclass(frozen=True)
class Figure:
    """One finished figure; see the module docstring."""

    id: str
    title: str
    subtitle: str
    desc: str
    svg: str
    table: Table | None
    notes: tuple[str, ...]
    layout: Layout = "below"
    apart: bool = True
    narrow: str = ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        whole = {
            "id": self.id,
            "title": self.title,
            "subtitle": self.subtitle,
            "desc": self.desc,
            "svg": self.svg,
            "table": None if self.table is None else self.table.json(),
            "notes": list(self.notes),
            "layout": self.layout,
            "apart": self.apart,
            "narrow": self.narrow,
        }
        return {MIME: whole, "image/svg+xml": self.svg, "text/plain": self.title}


def for_telephones(
    draw: Callable[Concatenate[Caption, Given], Figure],
) -> Callable[Concatenate[Caption, Given], Figure]:
    """Let a chart draw itself a second time, narrow: on a telephone its text is as large as the page's."""

    @wraps(draw)
    def twice(caption: Caption, /, *args: Given.args, **named: Given.kwargs) -> Figure:
        wide = draw(caption, *args, **named)
        if caption.width <= NARROW or not caption.apart:
            return wide
        narrow = replace(caption, id=f"{caption.id}-narrow", width=NARROW)
        return replace(wide, narrow=draw(narrow, *args, **named).svg)

    return twice


def from_plot(plot: Any, caption: Caption) -> Figure:
    """Make a figure of what seaborn or matplotlib drew, and close the drawing.

    Parameters
    ----------
    plot : Axes, Figure or a grid of seaborn
    caption : Caption
        With the table of the numbers drawn: who does not see the figure reads them there.

    Raises
    ------
    ValueError
        The caption has no table.
    """
    if caption.table is None:
        raise ValueError(
            f"図 {caption.id}: 表がありません。Caption に table=from_frame(…) を加えてください。"
        )
    fig = plot.figure
    finished = finish(fig, caption, [caption.table.text()])
    pyplot.close(fig)
    return finished


def finish(fig: Any, caption: Caption, drawn: Iterable[str]) -> Figure:
    """Return the figure object of a drawn figure.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    caption : Caption
    drawn : iterable of str
        The values drawn, one text for each series: the description inside the SVG where `desc`
        holds references and no `alt_desc` is given.

    Raises
    ------
    ValueError
        A title inside the SVG that holds a reference: pass `alt_title`.
    """
    title = caption.subtitle if caption.alt_title is None else caption.alt_title
    if "{{" in title:
        raise ValueError(
            f"figure {caption.id!r}: pass a plain alt_title, {title!r} holds references"
        )
    desc = caption.alt_desc
    if desc is None:
        desc = "; ".join(drawn) if "{{" in caption.desc else caption.desc
    return Figure(
        id=caption.id,
        title=caption.title,
        subtitle=caption.subtitle,
        desc=caption.desc,
        svg=render(fig, caption.id, title, desc),
        table=caption.table,
        notes=caption.notes,
        layout=caption.layout,
        apart=caption.apart,
    )
