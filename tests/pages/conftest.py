"""The finished pages of the specimen."""

from __future__ import annotations

from pathlib import Path

from tests import specimen


def pages() -> list[Path]:
    """Return the pages of the frozen edition, as this code makes them."""
    return sorted((specimen.complete() / "reports" / specimen.EDITION).glob("*.html"))
