"""The error every cleaning function raises when a printed text is not certain."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Place:
    """Where a text stands: file, printed row label, printed column label."""

    file: str = ""
    row: str = ""
    column: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.file, self.row, self.column) if part)


class CleaningError(ValueError):
    """A printed text that cannot be read with certainty, so it is refused.

    Parameters
    ----------
    code : str
        Stable English code, e.g. ``E1-YEAR-ERA``.
    message : str
        One Japanese sentence: what was found, why it is refused, what to check first.
    text : str
        The text as printed.
    place : Place, optional
        Where it stands; added by the caller that knows (see :meth:`at`).
    """

    def __init__(self, code: str, message: str, text: str, place: Place | None = None) -> None:
        self.code = code
        self.message = message
        self.text = text
        self.place = place or Place()
        super().__init__(str(self))

    def at(self, *, file: str = "", row: str = "", column: str = "") -> CleaningError:
        """Return the same error with its place filled in where it was still unknown."""
        known = self.place
        place = replace(
            known,
            file=known.file or file,
            row=known.row or row,
            column=known.column or column,
        )
        return CleaningError(self.code, self.message, self.text, place)

    def __str__(self) -> str:
        where = str(self.place)
        return f"{self.code} {where + ': ' if where else ''}{self.message}"
