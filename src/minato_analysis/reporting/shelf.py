"""``reports/index.html``: the one address that stays. Which edition is the latest, what became of the others.

In: the editions of a project. Out: a page that belongs to none of them and is made anew whenever one is
published or corrected: pages of an edition never change afterwards, so that a later edition is known
only here. A number that the next edition no longer has is listed with its address there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from minato_analysis.numbers import facts
from minato_analysis.project import editions
from minato_analysis.project.editions import Edition
from minato_analysis.published import anchors
from minato_analysis.published.strays import SHELF
from minato_analysis.reporting.exporter import beside_page
from minato_analysis.reporting.pages import checked, edition_page
from minato_analysis.reporting.words import date_ja

FILE = SHELF
MOST = 200
"""Numbers without a successor that are listed for one edition; of more only the count."""


@dataclass(frozen=True)
class Entry:
    """One edition: its state, and the numbers that the edition after it does not have."""

    edition: Edition
    states: tuple[str, ...]
    gone: tuple[str, ...]
    swhid: str


def entries(root: Path) -> list[Entry]:
    """Return the published editions, the latest first."""
    known = [editions.load(root, name) for name in editions.names(root) if _facts(root, name)]
    after = {one.edition: later for one, later in pairwise(known)}
    found = []
    for one in known:
        later = after.get(one.edition)
        states = ["最新" if later is None else f"次の版あり（{later.title}）"]
        states += [f"訂正あり（{date_ja(each.date)}）" for each in one.corrections]
        gone = _facts(root, one.edition) - _facts(root, later.edition) if later else set()
        found.append(Entry(one, tuple(states), tuple(sorted(gone)[:MOST]), _swhid(root, one)))
    return found[::-1]


def page(root: Path) -> str:
    """Return the page."""
    found = entries(root)
    frame = edition_page("index", found[0].edition, root)
    here = f"{found[0].edition.edition}/"
    frame = replace(
        frame,
        title="版の一覧",
        nav=tuple((here + href, label, False) for href, label, _ in frame.nav),
        corrections=(),
        data={},
        home=here,
    )
    return checked(beside_page("shelf.html.j2", frame, entries=found, here=here), frame)


def _swhid(root: Path, edition: Edition) -> str:
    """Return what Software Heritage calls the edition's folder: it cannot stand inside it."""
    return anchors.swhid(root / "reports" / edition.edition)


def _facts(root: Path, name: str) -> set[str]:
    file = root / "reports" / name / "facts.json"
    return set(facts.loads(file.read_text(encoding="utf-8")).facts) if file.is_file() else set()
