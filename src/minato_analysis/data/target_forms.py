"""The forms in which a plan prints its target, and the measure each is recorded under."""

from __future__ import annotations

from typing import Any

FORMS = {
    "share": ("target_share", "percent", "再犯者の割合の目標値"),
    "persons": ("target_persons", "persons", "再犯者数の目標値"),
    "share-fall": ("target_share_fall", "percent", "再犯者の割合の減少率の目標値"),
    "persons-fall": ("target_persons_fall", "percent", "再犯者数の減少率の目標値"),
}
"""Form → measure and unit of its value, and its words."""

MEASURES = {measure: form for form, (measure, _, _) in FORMS.items()}


def form_of(rows: Any, source: str, year: int) -> str | None:
    """Return the form of the target among observation rows read as text; none without one."""
    for one in rows:
        if one["series_id"] == source and one["year"] == str(year) and one["measure"] in MEASURES:
            return MEASURES[one["measure"]]
    return None
