"""The errors of this package, apart so that naming them loads nothing."""

from __future__ import annotations


class DifferenceError(ValueError):
    """Two editions that cannot be compared; the text is a sentence that begins with its code."""
