"""All kinds of change, in the order of the work: sources, products, then both with their records."""

from minato_analysis.audit import (
    tamper_history,
    tamper_products,
    tamper_sources,
    tamper_together,
)
from minato_analysis.audit.tamper_register import NO_EFFECT, REGISTER, UNUSED, Kind

_ORDER = tuple(
    one.__name__ for one in (tamper_sources, tamper_products, tamper_together, tamper_history)
)

KINDS = tuple(sorted(REGISTER, key=lambda one: _ORDER.index(one.apply.__module__)))

__all__ = ["KINDS", "NO_EFFECT", "UNUSED", "Kind"]
