"""The error that stops a run over many areas, worded for the person who gave the table."""

from __future__ import annotations


class AreasError(ValueError):
    """A table, a setting or a machine that cannot be used; codes ``E8-…``, one sentence a line."""
