"""Changes of law on the pages: lines for figures, what they do to the series shown, how much it can matter.

In: the study with its declared breaks and the rows of a series. Out: :class:`LawChange` lines and notes for
figures; a table of the changes that touch the area, its prefecture and the nation, with facts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

import pandas as pd

from minato_analysis.analyses.series import Counts
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.data.breaks import CANNABIS, CANNABIS_AFTER, Break
from minato_analysis.data.study import Study
from minato_analysis.figures import LawChange
from minato_analysis.figures.changes import between
from minato_analysis.numbers.tables import Table, from_frame

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def lines(study: Study, *rows: pd.DataFrame, english: bool = False) -> tuple[LawChange, ...]:
    """Return the lines a figure of these series draws, one for each change of law that touches any.

    The figure draws those between its own years.
    """
    return tuple(
        LawChange(
            some[0].year,
            _label(some[0], english),
            bridged=all(one.bridge is not None for one in some),
            passed=_passed(some[0].date),
        )
        for some in _by_change(study, rows)
    )


def _passed(day: datetime.date) -> float:
    """Return how much of the year has passed when the day begins.

    >>> _passed(datetime.date(2023, 1, 1)), round(_passed(datetime.date(2024, 12, 12)), 2)
    (0.0, 0.95)
    """
    first, next_ = datetime.date(day.year, 1, 1), datetime.date(day.year + 1, 1, 1)
    return (day - first).days / (next_ - first).days


def notes(study: Study, years: Sequence[int], *rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the line under a figure that cites the laws at its dashed lines; none without lines."""
    shown = {one.label for one in between(lines(study, *rows), years)}
    drawn = [some[0] for some in _by_change(study, rows) if _label(some[0], False) in shown]
    if not drawn:
        return ()
    laws = dict.fromkeys(
        f"{one.law.short}は「{one.law.name}」（{one.law.number}）" for one in drawn
    )
    mixed = "施行の年は前と後の両方の数え方を含みます。" if any(one.mixed for one in drawn) else ""
    return (f"注：縦の破線は法律の改正。{'、'.join(laws)}。{mixed}",)


def remark(study: Study, years: Sequence[int], *rows: pd.DataFrame) -> str:
    """Return the short form of :func:`notes` for a lay page; empty without lines."""
    return "縦の破線は法律の改正があった時期。" if notes(study, years, *rows) else ""


def cannabis_name(study: Study) -> str:
    """Return what the persons counted as cannabis were arrested under, in the edition's last year."""
    rows = study.rows[study.rows["offence"] == "cannabis"]
    last = study.parameters.last_year
    after = any(one.year <= last and one.touches(rows) for one in study.breaks)
    return CANNABIS_AFTER if after else CANNABIS


def table(study: Study, area: Counts, parent: Counts, nation: Counts) -> Table:
    """Table: the changes of law that touch the three series up to the target year.

    Notes
    -----
    Facts, for a bridged total of the nation with known parts: ``<nation>.law.<change>.added`` (persons by
    which the parts grew from the year before the change to the first year wholly after it, or to the last
    one known), ``.part`` (of all persons arrested, percent) and ``.points`` (by how much the share would
    be higher without them if all of them were first-time offenders); ``.year``, that later year.
    """
    areas = {study.area.name_ja: area, study.parent.name_ja: parent, study.nation.name_ja: nation}
    last = study.parameters.target_year
    found = [
        some[0]
        for some in _by_change(study, [one.rows for one in areas.values()])
        if study.parameters.first_year <= some[0].year <= last
    ]
    shown = pd.DataFrame(
        {
            "法律と、数え方の変化": [
                f"{one.law.name}（{one.law.number}）。{one.changes}" for one in found
            ],
            "前と後": ["つながない" if one.bridge is None else "つなぐ" for one in found],
            **{
                name: [_where(study, one, counts) for one in found]
                for name, counts in areas.items()
            },
        },
        index=pd.Index([_label(one, False, day=True) for one in found], name="施行"),
    )
    return from_frame(
        shown,
        "系列に触れる法律の改正",
        id="law-changes",
        notes=tuple(note for one in found for note in _record_bound(study, one, nation)),
    )


def _record_bound(study: Study, one: Break, nation: Counts) -> Iterable[str]:
    """Record how much a change can have moved the nation's share, and yield the sentence."""
    if not one.touches(nation.rows):
        return
    known = nation.table[nation.table["reoffenders"].notna()]
    # Later years moved for other reasons too: the first wholly under the new law is the last one used.
    after = [year for year in known.index if one.year <= year <= one.year + one.mixed]
    if one.bridge is None or not one.parts or not after:
        return
    year = int(after[-1])
    rows = study.rows[
        (study.rows["area_code"] == study.nation.code)
        & study.rows["offence"].isin(one.parts)
        & (study.rows["measure"] == "persons_arrested")
        & study.rows["year"].isin([one.year - 1, year])
    ]
    counts = rows.pivot_table(index="year", columns="offence", values="value")
    if counts.shape != (2, len(one.parts)) or counts.isna().any(axis=None):
        return
    added = float(counts.loc[year].sum() - counts.loc[one.year - 1].sum())
    if added <= 0:
        return
    persons, again = (float(known.loc[year, name]) for name in ("persons_arrested", "reoffenders"))
    place = f"{study.nation.key}.law.{one.id.replace('-', '_')}"
    what = f"persons arrested for {' and '.join(one.parts)}, {year} minus {one.year - 1}"
    for name, value, unit, digits, formula in (
        (
            "year",
            year,
            "year",
            0,
            "latest year with counts up to the first wholly under the new law",
        ),
        ("added", added, "persons", 0, what),
        ("part", 100 * added / persons, "percent", 1, f"100 * ({what}) / persons_arrested"),
        (
            "points",
            100 * (again / (persons - added) - again / persons),
            "points",
            1,
            f"share without the added persons, all taken as first-time, minus the share: {what}",
        ),
    ):
        study.facts.record(
            f"{place}.{name}",
            value,
            unit=unit,
            digits=digits,
            from_=[rows, nation.of(year)],
            formula=formula,
        )
    refer = {
        name: f'{{{{ fact("{place}.{name}") }}}}' for name in ("year", "added", "part", "points")
    }
    yield (
        f"{study.nation.name_ja}では、{one.law.short}が触れる罪種の検挙人員が、施行の前の年から"
        f"{refer['year']}までに{refer['added']}増えました。検挙人員の{refer['part']}に当たり、"
        f"増えた人がすべて初犯者だったとしても、再犯者の割合を下げた大きさは{refer['points']}までです。"
        "増えた分のすべてが改正によるとは限りません。"
    )


def _by_change(study: Study, rows: Iterable[pd.DataFrame]) -> list[list[Break]]:
    """Return the breaks that touch any of the rows, by change of law, earliest first."""
    frames = list(rows)
    found: dict[str, list[Break]] = {}
    for one in sorted(study.breaks, key=lambda one: one.date):
        if any(one.touches(frame) for frame in frames):
            found.setdefault(one.id, []).append(one)
    return list(found.values())


def _label(one: Break, english: bool, *, day: bool = False) -> str:
    if english:
        return f"{MONTHS[one.date.month - 1]} {one.date.year}: {one.law.short_en}"
    when = f"{format_year(Year(one.date.year, 'calendar'))}{one.date.month}月"
    when += f"{one.date.day}日" if day else ""
    return f"{when} {one.law.short}"


def _where(study: Study, one: Break, counts: Counts) -> str:
    """Return where a change falls in a series: among its values, before the target year, or neither."""
    if not one.touches(counts.rows):
        return "触れない"
    start = study.parameters.first_year
    years = [int(year) for year in counts.table.index if year >= start]
    if one.divides(years):
        return "値の間"
    if one.divides([*years, study.parameters.target_year]):
        return "見込みの間"
    return "値の前"
