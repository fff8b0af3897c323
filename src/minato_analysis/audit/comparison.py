"""What a comparison of two editions has found so far, level by level."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from minato_analysis.published.verdict import LEVELS, Count, Finding

MISSING = "（なし）"

Result = Literal["identical", "within", "different"]


@dataclass
class Comparison:
    """What two editions have in common and what not."""

    findings: list[Finding] = field(default_factory=list)
    levels: dict[str, Count] = field(default_factory=lambda: {one: Count() for one in LEVELS})
    near: list[str] = field(default_factory=list)
    """Facts and drawings that agree within their tolerance but are not identical."""
    other_bytes: list[str] = field(default_factory=list)
    """Files whose bytes differ."""

    def add(self, level: str, result: Result) -> None:
        """Count one compared value."""
        count = self.levels[level]
        setattr(count, result, getattr(count, result) + 1)

    def count(self, level: str, same: bool) -> bool:
        """Count one compared value; return whether it differs."""
        self.add(level, "identical" if same else "different")
        return not same

    def differs(
        self,
        level: str,
        code: str,
        stage: str,
        place: str,
        message: str,
        *,
        sides: tuple[str, str] = ("", ""),
        facts: tuple[str, ...] = (),
    ) -> None:
        """Record a difference with both sides."""
        self.findings.append(
            Finding(
                code,
                stage,
                place,
                message,
                level=level,
                published=sides[0],
                recomputed=sides[1],
                facts=facts,
            )
        )


def first_difference(old: str | None, new: str | None, around: int = 12) -> tuple[str, str]:
    """Return both texts from a little before their first difference to a little after it.

    >>> first_difference("再犯者は減った。割合は上がった。", "再犯者は減った。割合は下がった。")
    ('再犯者は減った。割合は上がった。', '再犯者は減った。割合は下がった。')
    """
    if old is None or new is None:
        return (MISSING, "あり") if old is None else ("あり", MISSING)
    shorter = min(len(old), len(new))
    at = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    end = next((n for n in range(shorter - at) if old[-1 - n] != new[-1 - n]), shorter - at)
    start = max(0, at - around)
    sides = [_cut(one, start, max(at, len(one) - end), around) for one in (old, new)]
    return sides[0], sides[1]


def _cut(text: str, start: int, stop: int, around: int, most: int = 60) -> str:
    shown = text[start : stop + around]
    if len(shown) > most:
        shown = shown[:most]
    before = "…" if start else ""
    return before + shown + ("…" if start + len(shown) < len(text) else "")
