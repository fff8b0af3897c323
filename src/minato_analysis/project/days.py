"""Days as they are written on a command line and in ``edition.yaml``: ``YYYY-MM-DD``, and in the calendar.

Python's own reader takes ``20270310`` and ``2027-W10-3`` too, and a pattern takes the 31st of February.
"""

from __future__ import annotations

import os
import re
from datetime import date

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


TODAY = "MINATO_TODAY"
"""Setting that names another day as today's: a year can be played before it comes."""


def today() -> date:
    """Return today, or the day the setting names.

    Raises
    ------
    NoSuchDay
        ``E0-DATE``: the setting names none.
    """
    return day(os.environ[TODAY]) if os.environ.get(TODAY) else date.today()


class NoSuchDay(ValueError):
    """A text that is no day of the calendar."""


def day(text: str) -> date:
    """Return the day a text names.

    Raises
    ------
    NoSuchDay
        ``E0-DATE``.

    Examples
    --------
    >>> day("2028-02-29")
    datetime.date(2028, 2, 29)
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise NoSuchDay(
        f"E0-DATE 「{text[:20]}」: 暦にある日付を YYYY-MM-DD の形で書いてください（例 2027-03-10）。"
    )


def day_or_month(text: str) -> str:
    """Return a text that names a day, or a month where the day is not known (``2024-12``).

    Raises
    ------
    NoSuchDay
    """
    day(f"{text}-01" if _MONTH.fullmatch(text) else text)
    return text


def real(text: str) -> str:
    """Return a text that names a day.

    Raises
    ------
    NoSuchDay
    """
    day(text)
    return text
