"""What can be wrong with a statement or a sentence."""

from __future__ import annotations


class StatementError(ValueError):
    """A statement that cannot be read or evaluated, or a sentence of ours that is not true."""


class NotPublished(LookupError):
    """A selector found no number: it is not published, or the selector is misspelt.

    Only a statement that declares ``missing`` may meet this; for any other it is an error.
    """
