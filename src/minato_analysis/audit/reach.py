"""What a difference touches: in go cells, facts or notebooks, out come facts, figures, sentences, pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from minato_analysis.numbers import facts
from minato_analysis.published import page
from minato_analysis.published.manifest import DIFFERENCES
from minato_analysis.published.verdict import Finding, Reach


class Edition:
    """The published files of one edition, read once.

    Parameters
    ----------
    folder : Path
        ``reports/<edition>``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def facts(self) -> Mapping[str, facts.Fact]:
        """All facts by id; none when the file is missing or cannot be read."""
        file = self.folder / "facts.json"
        try:
            return facts.loads(file.read_text(encoding="utf-8")).facts
        except (OSError, ValueError, TypeError, KeyError):
            return {}

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """The text of every page by file name."""
        return {
            file.name: file.read_text(encoding="utf-8", errors="replace")
            for file in sorted(self.folder.glob("*.html"))
            if not file.name.startswith(DIFFERENCES)
        }

    @cached_property
    def by_cell(self) -> Mapping[str, tuple[str, ...]]:
        """The facts computed from each cell, and from each table as a whole."""
        found: dict[str, list[str]] = {}
        for fact in self.facts.values():
            for address in fact.observations:
                found.setdefault(address, []).append(fact.id)
        return {address: tuple(ids) for address, ids in found.items()}

    def facts_of(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Return the facts computed from any of these cells, or from the whole of their tables.

        Those of the fewest cells come first: they are the nearest to what is printed.
        """
        wanted = {part for address in addresses for part in (address, address.split("!")[0])}
        ids = {id for one in wanted for id in self.by_cell.get(one, ())}
        return tuple(sorted(ids, key=lambda id: (len(self.facts[id].observations), id)))

    def reach(
        self, ids: Iterable[str], *, pages: Iterable[str] = (), whole: Iterable[str] = ()
    ) -> Reach:
        """Return what these facts reach.

        Parameters
        ----------
        ids : iterable of str
            Facts.
        pages : iterable of str
            File names of pages touched besides.
        whole : iterable of str
            File names of pages of which every figure is touched.
        """
        wanted = tuple(dict.fromkeys(ids))
        known = set(wanted)
        touched = set(pages) | set(whole)
        figures: list[str] = []
        count = 0
        for name, html in self.pages.items():
            shown = [one for one in page.sentences(html) if known & set(one.facts)]
            drawn = [
                f"{name}#{id}"
                for id, used in page.figure_facts(html).items()
                if known & set(used) or name in whole
            ]
            count += len(shown)
            figures += drawn
            if shown or drawn:
                touched.add(name)
        return Reach(wanted, tuple(figures), count, tuple(sorted(touched)))

    def spread(self, findings: Iterable[Finding]) -> Reach:
        """Return what all differences together reach."""
        ids: dict[str, None] = {}
        whole: set[str] = set()
        pages: set[str] = set()
        figures: dict[str, None] = {}
        texts = 0
        for one in findings:
            if one.severity != "different":
                continue
            ids |= dict.fromkeys([*one.facts, *self.facts_of(one.addresses)])
            ids |= {id: None for id, fact in self.facts.items() if fact.notebook in one.notebooks}
            whole |= {f"{name}.html" for name in one.notebooks} & set(self.pages)
            name = one.place.split(" ")[0].rsplit("/", 1)[-1]
            if one.stage == "page":
                pages.add(name)
            if one.code in ("E5-FIGURE", "E5-FIGURE-TEXT") and "「" in one.place:
                figures[f"{name}#{one.place.split('「')[-1].rstrip('」')}"] = None
            texts += one.code == "E5-PAGE-TEXT"
        found = self.reach(ids, pages=pages, whole=whole)
        return replace(
            found,
            figures=tuple(dict.fromkeys([*figures, *found.figures])),
            sentences=found.sentences + texts,
        )
