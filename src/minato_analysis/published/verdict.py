"""What an audit found: findings, and the verdict they add up to.

Three verdicts and no fourth: 0 確認済み, 1 不一致あり, 2 確認を完了できませんでした. Could-not-run is
never reported as 0 or 1, and a difference found before the audit stopped is still a difference. A 0 says
besides whether all is the same, or in what the edition may differ (:attr:`Verdict.alike`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["different", "note", "incomplete"]

CONFIRMED, DIFFERENT, INCOMPLETE = 0, 1, 2

STAGES = (
    "edition",
    "source",
    "parameters",
    "code",
    "environment",
    "data",
    "facts",
    "page",
    "crate",
    "manifest",
    "ledger",
)
"""Where a difference can stand, in the order of the work: the first one is where it began."""

REMARKS = {
    "N5-NO-EFFECT": "no-effect",
    "N5-WITHIN": "display",
    "N5-DISPLAY": "display",
    "N5-TOLERANCE": "tolerance",
    "N5-IN-PREPARATION": "preparing",
}
"""Notes that a verdict 0 must name in its first line."""

LEVELS = ("L1", "L2", "L3", "L4")


@dataclass(frozen=True)
class Finding:
    """One thing an audit found.

    Parameters
    ----------
    code : str
        Stable code, e.g. ``E5-CELL``; ``N5-…`` for a note.
    stage : str
        One of :data:`STAGES`.
    place : str
        File, and the part of it where one can be named.
    message : str
        One sentence in Japanese.
    severity : {"different", "note", "incomplete"}
    level : str
        One of :data:`LEVELS`, or empty where values were not compared.
    published, recomputed : str
        Both sides of a compared value.
    addresses, facts, notebooks : tuple of str
        From where the difference spreads: cells, facts, notebooks.
    """

    code: str
    stage: str
    place: str
    message: str
    severity: Severity = "different"
    level: str = ""
    published: str = ""
    recomputed: str = ""
    addresses: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()


@dataclass
class Count:
    """How many values of a level were compared, and with which result."""

    identical: int = 0
    within: int = 0
    different: int = 0

    @property
    def compared(self) -> int:
        """All compared values."""
        return self.identical + self.within + self.different


@dataclass(frozen=True)
class Reach:
    """What a difference touches."""

    facts: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    sentences: int = 0
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The outcome of one audit."""

    edition: str
    mode: Literal["quick", "full"]
    findings: tuple[Finding, ...]
    levels: Mapping[str, Count] = field(default_factory=dict)
    identity: Mapping[str, str] = field(default_factory=dict)
    reach: Reach = Reach()
    environment: Mapping[str, Any] = field(default_factory=dict)
    files: int = 0

    @property
    def exit_code(self) -> int:
        """0, 1 or 2."""
        severities = {one.severity for one in self.findings}
        if "different" in severities:
            return DIFFERENT
        return INCOMPLETE if "incomplete" in severities else CONFIRMED

    @property
    def alike(self) -> tuple[str, ...]:
        """In what a confirmed edition is not simply the same; ``identical`` where it is, none when not 0."""
        if self.exit_code != CONFIRMED:
            return ()
        told = (REMARKS.get(one.code) for one in self.findings)
        return tuple(dict.fromkeys(filter(None, told))) or ("identical",)

    @property
    def first(self) -> Finding | None:
        """The finding at which the difference began, or what stopped the audit; none when all agrees."""
        wanted = {DIFFERENT: "different", INCOMPLETE: "incomplete"}.get(self.exit_code)
        found = [one for one in self.findings if one.severity == wanted]
        return min(found, key=lambda one: STAGES.index(one.stage)) if found else None
