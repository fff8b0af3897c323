"""Makes one page: the record of an area, or of all of them, in; HTML and facts out.

How the notebook is run is given from outside, so that every engine makes its page by this one function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minato_analysis.areas import kinds, pages
from minato_analysis.areas.inputs import OVERVIEW, input_of
from minato_analysis.numbers import facts

Execute = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Runs a notebook (relative to the project folder) with parameters; returns it executed."""


@dataclass(frozen=True)
class Made:
    """A page and the facts recorded for it, or the sentence that says why there is none."""

    code: str
    html: str = ""
    facts: tuple[dict[str, Any], ...] = ()
    problem: str = ""


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
    kind = kinds.of(text)
    if code == OVERVIEW:
        whole = kind.overview.model_validate_json(text)
        executed = execute(kind.overview_notebook, {"run": run})
        about = pages.page(code, "すべての地域", whole.run)
        html, recorded = pages.render(
            executed, about, kind.overview_names(whole), large=True, persons=kind.persons
        )
    else:
        record = kind.area.model_validate_json(text)
        executed = execute(kind.area_notebook, {"run": run, "area_code": code})
        about = pages.page(code, record.name, record.run)
        html, recorded = pages.render(
            executed, about, kind.area_names(record), persons=kind.persons
        )
    return Made(code, html, tuple(facts.entry(one) for one in recorded))
