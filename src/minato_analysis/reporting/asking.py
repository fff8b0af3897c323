"""What the prose of a page may ask about the data of its edition.

In: the project folder and the parameters of the edition. Out: names for the ``{% if … %}`` and ``{{ … }}`` of
a notebook, besides those of :func:`minato_analysis.data.study.names`::

    has("3-4")          whether the data have what the need 3-4 names (minato_analysis.data.needs)
    lacking("3-4 3-5")  the sentence that stands in the place of a section without them
                        (second argument: "section", "page" or "cell")
    left_out("…", needing("3-4"), …)  the sentence that names the sections of a page that are left out
    unprinted("2-13")   whether the source has a chart of this number without its numbers
    document("…")       what prose calls a document: its ``short`` name or its title; also ``document_en``
    plan, plan_en       what prose calls the source: ``short`` and ``short_en`` of its document
    beyond              whether a station of the area polices parts of others, as the definitions say
    cannabis_law        what persons counted as cannabis were arrested under, in the edition's last year
    lang                language of the page
    level               below which a p value is significant
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from minato_analysis import data
from minato_analysis.data import needs
from minato_analysis.data.breaks import CANNABIS, CANNABIS_AFTER
from minato_analysis.project import yamls

PLAN, PLAN_EN = "計画書", "plan"
"""What prose calls the source that describes the area, where the descriptor has no short name for it."""

BEYOND = "管轄"
"""Word of a definition's population where a station is responsible for parts of other areas too."""


def asking(root: Path, parameters: Mapping[str, Any], lang: str = "ja") -> dict[str, object]:
    """Return the names; see the module docstring.

    Parameters
    ----------
    root : Path
        The project folder; its observations have been made.
    parameters : mapping
        Parameters of the edition.
    lang : {"ja", "en"}
        Language of the page.
    """
    there, partly = needs.state(root, parameters)
    package = data.descriptor(root)
    charts = {one["figure"] for one in package["missing"]}
    described = package["source_documents"].get(parameters["source_id"], {})

    def document(id: str, key: str = "short") -> str:
        about = package["source_documents"].get(id, {})
        return str(about.get(key) or about.get("title") or (PLAN if key == "short" else PLAN_EN))

    def has(id: str) -> bool:
        return bool(needs.known(id)) and id in there

    def lacking(ids: str, what: str = "section") -> str:
        return needs.sentence(ids.split(), what, lang, partly)

    def left_out(*pairs: Any) -> str:
        sections = dict(zip(pairs[::2], pairs[1::2], strict=True))
        return needs.together(sections, lang, partly)

    def unprinted(figure: str) -> bool:
        return figure in charts

    return {
        "has": has,
        "lacking": lacking,
        "left_out": left_out,
        "needing": str.split,
        "unprinted": unprinted,
        "document": document,
        "document_en": lambda id: _english(document(id, "short_en")),
        "plan": described.get("short", PLAN),
        "plan_en": described.get("short_en", PLAN_EN),
        "beyond": any(BEYOND in one["population"] for one in data.definitions(root).values()),
        "cannabis_law": _cannabis_law(root, parameters["last_year"]),
        "lang": lang,
        "level": 1 - float(parameters["confidence"]),
    }


def _cannabis_law(root: Path, last_year: int) -> str:
    """Return the law's name, or after its change a name that holds on both sides of it.

    The declarations are read as they are: a page needs no data frame for one word.
    """
    declared = yamls.read(root / "data/breaks.yaml") or []
    changed = any(
        one["date"].year <= last_year and "cannabis" in _offences(part["select"])
        for one in declared
        for part in one["series"]
    )
    return CANNABIS_AFTER if changed else CANNABIS


def _offences(select: Mapping[str, Any]) -> list[str]:
    found = select.get("offence", [])
    return found if isinstance(found, list) else [str(found)]


def _english(name: str) -> str:
    """Return a name for an English page; one that has no English stays Japanese, and says so."""
    return name if name.isascii() else Markup('<span lang="ja">{}</span>').format(name)
