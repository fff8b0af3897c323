"""The register of changes an audit must notice. A kind says which code a finding about it must have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from minato_analysis.audit.scene import Change, Scene

NO_EFFECT = "N5-NO-EFFECT"
"""Code of a change that is noticed and shown to alter nothing published."""

UNUSED = "UNUSED"
"""In place of a code: the change is outside what the edition is made from, the verdict stays 0."""


@dataclass(frozen=True)
class Kind:
    """One kind of change."""

    name: str
    title: str
    code: str
    apply: Callable[[Scene], Change]
    full: bool = False
    """Whether only a rebuild can judge it."""


REGISTER: list[Kind] = []


def kind(title: str, code: str, *, full: bool = False) -> Callable[..., Callable[[Scene], Change]]:
    """Register a function as a kind of change."""

    def register(apply: Callable[[Scene], Change]) -> Callable[[Scene], Change]:
        REGISTER.append(Kind(apply.__name__.replace("_", "-"), title, code, apply, full))
        return apply

    return register


def one_more(digits: str) -> str:
    """Return the number with its last digit changed."""
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)
