"""All kinds of change, in the order of the work: sources first, then products."""

from minato_analysis.audit import tamper_products, tamper_sources
from minato_analysis.audit.tamper_register import NO_EFFECT, REGISTER, UNUSED, Kind

_ORDER = (tamper_sources.__name__, tamper_products.__name__)

KINDS = tuple(sorted(REGISTER, key=lambda one: _ORDER.index(one.apply.__module__)))

__all__ = ["KINDS", "NO_EFFECT", "UNUSED", "Kind"]
