"""From executed notebooks to checked pages: of one area, and of all.

In: an executed notebook, what its page says about itself, the names its prose uses. Out: HTML. Every
page is held to the rules of :mod:`minato_analysis.reporting.pagecheck` and of small numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minato_analysis.areas.dressing import dressed
from minato_analysis.areas.measure import MEASURES
from minato_analysis.areas.records import About
from minato_analysis.areas.study import year_label
from minato_analysis.numbers import facts
from minato_analysis.reporting.disclosure import small_numbers
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.page import Page
from minato_analysis.reporting.pagecheck import problems

INDEX = "index.html"


def page(name: str, label: str, run: About) -> Page:
    """Return what a page says about itself.

    Parameters
    ----------
    name : str
        Of the page, without ending.
    label : str
        What it is about: the title of its window.
    run : About
    """
    return Page(
        name=name,
        title=label,
        kind="lay",
        edition=run.title,
        built=run.built,
        newest_data=year_label(run.last_year),
        object=run.subject,
        verification=MEASURES[run.measure].checked,
        nav=((INDEX, "すべての地域", name == INDEX.removesuffix(".html")),),
    )


def render(
    executed: Mapping[str, Any],
    about: Page,
    names: Mapping[str, object],
    *,
    large: bool = False,
    persons: bool = True,
) -> tuple[str, list[facts.Fact]]:
    """Return the page of an executed notebook, checked, and its facts.

    Parameters
    ----------
    executed : mapping
        Notebook in format 4.
    about : Page
    names : mapping
        What its prose may use.
    large : bool
        Whether it holds a table of all areas: it may be as large as a technical page, and can be sorted.
    persons : bool
        Whether a number without a unit may count persons.

    Raises
    ------
    ReportError, FactError
        See :func:`minato_analysis.reporting.pages.notebook_page`.
    """
    recorded = facts.collect(executed)
    book = facts.FactBook(about.name, facts={one.id: one for one in recorded})
    html = to_html(executed, about, book, names)
    html = dressed(html, sortable=large)
    verify(html, about, large=large, persons=persons)
    return html, recorded


def verify(html: str, about: Page, *, large: bool = False, persons: bool = True) -> None:
    """Refuse a page that breaks a rule.

    Raises
    ------
    ReportError
        ``E3-PAGE``, ``E3-SMALL-NUMBER``: all problems at once.
    """
    found = problems(html, "technical" if large else about.kind, about.lang)
    if found:
        raise ReportError("E3-PAGE", about.name, "\n".join(found))
    small = small_numbers(html, about.kind if persons else "technical")
    if small:
        told = "個人が推測され得る小さな数（10人未満、又は100%）があります。\n" + "\n".join(small)
        raise ReportError("E3-SMALL-NUMBER", about.name, told)
