"""What ``minato diff`` found: the five blocks and the attribution, before they are put into words."""

from __future__ import annotations

from dataclasses import dataclass

from minato_analysis.claims.evaluate import Change
from minato_analysis.difference.appearance import Appearance
from minato_analysis.difference.attribution import Attribution
from minato_analysis.difference.conclusions import Turned
from minato_analysis.difference.law import Law
from minato_analysis.difference.new_year import NewYear
from minato_analysis.difference.revised import Moved, Revision
from minato_analysis.difference.sentences import Sentences
from minato_analysis.difference.side import Side
from minato_analysis.difference.steps import Stepped
from minato_analysis.numbers.facts import Fact


@dataclass(frozen=True, eq=False)
class Difference:
    """Two editions held against each other.

    Attributes
    ----------
    before, after : Side
    sources : tuple of str
        Where the files of either edition were found.
    notes : tuple of str
        What limits the comparison, e.g. files that changed after an edition was made.
    turned : tuple of Turned
        Block 1: conclusions of numbers.
    sentences : Sentences
        Block 1: key sentences.
    verdicts : tuple of Change
        Block 1: verdicts of checked statements.
    revisions : tuple of Revision
        Block 2: past values.
    moved : tuple of Moved
        Block 2: published numbers about past years.
    new_year : NewYear
        Block 3.
    law : Law
        Block 4.
    appearance : Appearance
        Block 5.
    dropped, added : tuple of Fact
        Facts only one of the editions has, by id and by role.
    stepped : tuple of Stepped
        Changes of forecasts, in the order in which things happened.
    attribution : Attribution or None
        None where nothing was run.
    closed : frozenset of str
        Sources that are not public: with any, small numbers are not shown.
    """

    before: Side
    after: Side
    sources: tuple[str, str]
    notes: tuple[str, ...]
    turned: tuple[Turned, ...]
    sentences: Sentences
    verdicts: tuple[Change, ...]
    revisions: tuple[Revision, ...]
    moved: tuple[Moved, ...]
    new_year: NewYear
    law: Law
    appearance: Appearance
    dropped: tuple[Fact, ...]
    added: tuple[Fact, ...]
    stepped: tuple[Stepped, ...]
    attribution: Attribution | None
    closed: frozenset[str]
