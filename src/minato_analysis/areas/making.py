"""Makes one page: the record of an area, or of all of them, in; HTML and facts out.

How the notebook is run is given from outside, so that every engine makes its page by this one function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minato_analysis.areas import overview, pages, study
from minato_analysis.areas.records import Record
from minato_analysis.numbers import facts

OVERVIEW = "index"
"""Takes the place of an area's code for the page of all areas."""

NOTEBOOKS = {True: "notebooks/areas/overview.ipynb", False: "notebooks/areas/area_page.ipynb"}
"""Whether a page is the overview → its notebook, relative to the project folder."""

Execute = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Runs a notebook (relative to the project folder) with parameters; returns it executed."""


@dataclass(frozen=True)
class Made:
    """A page and the facts recorded for it, or the sentence that says why there is none."""

    code: str
    html: str = ""
    facts: tuple[dict[str, Any], ...] = ()
    problem: str = ""


def input_of(run: str, code: str) -> str:
    """Return the one file the notebook of `code` may read, relative to the project folder."""
    return overview.input_file(run) if code == OVERVIEW else study.input_file(run, code)


def make(root: Path, run: str, code: str, execute: Execute) -> Made:
    """Make the page of an area or, with :data:`OVERVIEW`, of all.

    Parameters
    ----------
    root : Path
        The project folder.
    run, code : str
    execute : callable

    Raises
    ------
    ReportError, FactError
        The page breaks a rule.
    """
    text = (root / input_of(run, code)).read_text(encoding="utf-8")
    of_all = code == OVERVIEW
    notebook = NOTEBOOKS[of_all]
    if of_all:
        whole = overview.Overview.model_validate_json(text)
        executed = execute(notebook, {"run": run})
        about = pages.page(code, "すべての地域", whole.run)
        html, recorded = pages.render(executed, about, overview.names(whole), large=True)
    else:
        record = Record.model_validate_json(text)
        executed = execute(notebook, {"run": run, "area_code": code})
        about = pages.page(code, record.name, record.run)
        html, recorded = pages.render(executed, about, study.names(record))
    return Made(code, html, tuple(facts.entry(one) for one in recorded))
