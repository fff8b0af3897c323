"""The Jinja environment of the pages' templates, which lie in ``templates/report/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates" / "report"
"""Everything a page looks like: shell, blocks, style sheet."""

OPTIONS = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
}
"""What every environment that renders these templates is set to."""


@cache
def environment() -> Environment:
    """Return the environment for what is rendered outside nbconvert."""
    return Environment(loader=FileSystemLoader(TEMPLATES), **OPTIONS)  # type: ignore[arg-type]
