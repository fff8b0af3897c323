"""What a page says about itself, and the doors of an index: no more than data, for whoever makes a page.

Kept apart from what makes pages of notebooks, which loads a second of libraries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from minato_analysis.project.publisher import Publisher
from minato_analysis.reporting.words import WORDS


@dataclass(frozen=True)
class Page:
    """What a page says about itself.

    Parameters
    ----------
    name : str
        Name of the notebook, e.g. ``02_reoffender_trends``.
    title : str
        Title of the window; may hold references. The notebook's first line ``# …`` is the heading.
    kind : {"lay", "technical"}
        A lay page shows no code and no record of facts.
    edition : str
        Title of the edition.
    built, newest_data, object, verification : str
        The header strip: day of the build as the edition states it, newest year of the data,
        document that is analysed, state of verification.
    nav : tuple of (href, label, current)
        Pages of the edition.
    lang : str
        Language the page is written in, a key of :data:`minato_analysis.reporting.words.WORDS`.
    corrections : tuple of (date, reason)
        What was corrected after the edition was published, as printed.
    subject : str
        What all pages are about, e.g. A区の再犯者の割合; empty where a page is none of an edition.
    description : str
        One sentence for searches.
    unit : str
        What kind of municipality the pages are about: 区, 市, 町, 村.
    signed : Publisher
        Who publishes the page; an empty field is left out.
    data : mapping
        What programs read about the page (JSON-LD).
    home : str
        Folder of the edition, seen from the page; empty for a page within it.
    """

    name: str
    title: str
    kind: Literal["lay", "technical"]
    edition: str
    built: str
    newest_data: str
    object: str
    verification: str
    nav: tuple[tuple[str, str, bool], ...] = ()
    lang: str = "ja"
    corrections: tuple[tuple[str, str], ...] = ()
    subject: str = ""
    description: str = ""
    unit: str = ""
    signed: Publisher = field(default_factory=Publisher)
    data: Mapping[str, Any] = field(default_factory=dict)
    home: str = ""

    @property
    def heading(self) -> str:
        """The title of the window: subject, page and edition."""
        if not self.subject:
            return f"{self.title} | {self.edition}"
        heading = WORDS[self.lang]["heading"]
        return heading.format(subject=self.subject, title=self.title, edition=self.edition)

    @property
    def unofficial(self) -> str:
        """The sentence that the page is not the municipality's; empty where it is."""
        if self.signed.official or not self.subject:
            return ""
        return WORDS[self.lang]["unofficial"].format(unit=self.unit)

    @property
    def json_ld(self) -> str:
        """The data for programs as text that stands in a script element."""
        return json.dumps(self.data, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


@dataclass(frozen=True)
class Link:
    """An entry behind a door of the index."""

    href: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Doors:
    """The pages of an edition by reader: who meets, who analyses, who checks."""

    meeting: tuple[Link, ...]
    analysis: tuple[Link, ...]
    checking: tuple[Link, ...] = ()
