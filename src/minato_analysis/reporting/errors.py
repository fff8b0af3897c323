"""The error that stops a page from being published, worded for the writer of the notebook."""

from __future__ import annotations


class ReportError(ValueError):
    """A notebook that cannot become a page.

    Parameters
    ----------
    code : str
        Stable code, e.g. ``E3-LOOSE-DIGIT``.
    place : str
        Notebook and cell, as :func:`place` words it.
    message : str
        What was found, what to look at first, and the legitimate way out.
    """

    def __init__(self, code: str, place: str, message: str) -> None:
        self.code = code
        self.place = place
        self.message = message
        super().__init__(f"{code} {place}: {message}" if place else f"{code}: {message}")


def place(notebook: str, index: int) -> str:
    """Return where the cell with the 0-based `index` stands, counted from one as a reader counts.

    >>> place("02_reoffender_trends", 2)
    '02_reoffender_trends セル3'
    """
    return f"{notebook} セル{index + 1}"
