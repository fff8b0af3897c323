"""The finished pages."""

from __future__ import annotations

from pathlib import Path


def pages() -> list[Path]:
    """Return the published pages of the newest edition."""
    reports = Path(__file__).resolve().parents[2] / "reports"
    edition = sorted(file.parent for file in reports.glob("*/edition.yaml"))[-1]
    return sorted(edition.glob("*.html"))
