"""Notebook 01: are the published tables consistent, and would an error in them be noticed?

In: a :class:`~minato_analysis.data.study.Study`. Out: the evaluated checks and their facts, and the table of
what is not published; the other tables are in :mod:`minato_analysis.analyses.quality_shown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from minato_analysis import data
from minato_analysis.claims import checks, mutation, plausibility
from minato_analysis.data import revisions
from minato_analysis.data.revisions import Revision
from minato_analysis.data.study import Study
from minato_analysis.numbers.tables import Table, from_frame

SECOND_PRINTS = "printed-elsewhere"
"""Source of values found in other publications as well."""


@dataclass(frozen=True)
class Plausibility:
    """The evaluated yearly changes and the rules they follow."""

    changes: tuple[plausibility.Change, ...]
    rules: plausibility.Rules

    @property
    def findings(self) -> list[plausibility.Change]:
        """Changes beyond chance, the least probable first."""
        return plausibility.findings(self.changes)


def tables_of(study: Study) -> list[str]:
    """Return the address prefixes ``<source>/<table>`` of the published tables."""
    return sorted(set(study.rows["source_id"] + "/" + study.rows["table"]))


def record_identities(study: Study) -> list[checks.Result]:
    """Evaluate every identity and record how many there are and how many hold.

    Facts: ``data.values.total``, ``data.values.in_identities``, ``data.tables.total``,
    ``data.identities.total|held|broken|kinds``.
    """
    results = checks.evaluate(study.rows, *checks.load(study.folder))
    rows = study.rows
    inside = in_identities(results)
    covered = sum(one in inside for one in observed(rows))
    _record(
        study,
        {
            "data.values.total": (len(rows), "printed values read from the published tables"),
            "data.values.in_identities": (covered, "printed values that stand in an identity"),
            "data.tables.total": (len(tables_of(study)), "published tables"),
            "data.identities.total": (len(results), "identities evaluated, one for each key"),
            "data.identities.held": (sum(one.holds for one in results), "identities that hold"),
            "data.identities.broken": (
                sum(not one.holds for one in results),
                "identities that fail",
            ),
            "data.identities.kinds": (
                len({one.identity for one in results}),
                "identities declared",
            ),
        },
    )
    return results


def record_plausibility(study: Study) -> Plausibility:
    """Evaluate the yearly changes and record how many are beyond chance.

    Facts: ``data.plausibility.total|rules|errors|warnings|unexplained``, ``data.plausibility.one_in``
    (a warning is less probable than one in so many), ``data.plausibility.expected`` (how many changes
    chance alone would flag).
    """
    _, known = checks.load(study.folder)
    rules = plausibility.load(study.folder)
    changes = plausibility.evaluate(study.rows, rules, known)
    found = plausibility.findings(changes)
    _record(
        study,
        {
            "data.plausibility.total": (len(changes), "yearly changes evaluated"),
            "data.plausibility.rules": (
                len({one.rule for one in changes}),
                "plausibility rules declared",
            ),
            "data.plausibility.errors": (
                sum(one.level == "error" for one in found),
                "changes with a probability below the error level",
            ),
            "data.plausibility.warnings": (
                sum(one.level == "warning" for one in found),
                "changes with a probability between the error and the warning level",
            ),
            "data.plausibility.unexplained": (
                sum(not one.reason for one in found),
                "changes beyond chance without a recorded reason",
            ),
            "data.plausibility.one_in": (1 / rules.warning, "1 / warning level"),
        },
    )
    study.facts.record(
        "data.plausibility.expected",
        len(changes) * rules.warning,
        unit="number",
        digits=1,
        from_=tables_of(study),
        formula="yearly changes evaluated * warning level",
    )
    return Plausibility(tuple(changes), rules)


def record_mutation(study: Study) -> pd.DataFrame:
    """Read the mutation coverage and record its shares.

    Facts: ``data.mutation.total|cells|missed``, ``data.mutation.share`` (stopped, percent),
    ``data.mutation.share.digits|swapped|exact``, ``data.mutation.exact.digits_missed``,
    ``data.mutation.share.<table>``, ``data.mutation.cells.exact|loose``.
    """
    history = data.history(study.folder)
    cell = ["source_id", "table", "row", "column"]
    known = history.loc[history["as_of"] <= study.parameters.as_of, cell].drop_duplicates()
    found = mutation.load(study.folder).merge(known)
    origin = sorted(set(found["source_id"] + "/" + found["table"]))
    digits = found[found["kind"] != "swapped"]
    exact_tables = found.groupby("table")["exact"].transform("all")
    cells = found.drop_duplicates(["source_id", "table", "row", "column"])
    counts = {
        "data.mutation.total": (found["mutants"].sum(), "slips tried"),
        "data.mutation.missed": (found["missed"].sum(), "slips no check stops"),
        "data.mutation.tables": (found["table"].nunique(), "tables whose cells were changed"),
        "data.mutation.tables.exact": (
            cells.groupby("table")["exact"].all().sum(),
            "tables whose every value stands in an exact identity",
        ),
        "data.mutation.cells": (len(cells), "cells changed"),
        "data.mutation.cells.exact": (
            cells["exact"].sum(),
            "cells of which any other value breaks an identity",
        ),
        "data.mutation.cells.loose": (
            (~cells["exact"]).sum(),
            "cells of which another value need not break an identity",
        ),
        "data.mutation.exact.digits_missed": (
            digits.loc[digits["exact"], "missed"].sum(),
            "slips of digits in exactly checked cells that no check stops",
        ),
    }
    _record(study, counts, origin)
    shares = {
        "data.mutation.share": found,
        "data.mutation.share.digits": digits,
        "data.mutation.share.swapped": found[found["kind"] == "swapped"],
        "data.mutation.share.exact": found[exact_tables],
    } | {
        f"data.mutation.share.t{table.replace('-', '_')}": rows
        for table, rows in found.groupby("table")
    }
    for name, rows in shares.items():
        study.facts.record(
            name,
            mutation.stopped(rows),
            unit="percent",
            digits=1,
            from_=sorted(set(rows["source_id"] + "/" + rows["table"])),
            formula="100 * slips stopped / slips tried",
        )
    return found


def record_second_prints(study: Study) -> pd.DataFrame:
    """Return the values found printed elsewhere and record how many there are.

    Facts: ``data.second_prints.total``.
    """
    rows = study.select(series_id=SECOND_PRINTS)
    study.facts.record(
        "data.second_prints.total",
        len(rows),
        unit="number",
        digits=0,
        from_=rows,
        formula="count of values found in another publication",
    )
    return rows


def in_identities(results: Sequence[checks.Result]) -> set[checks.Observed]:
    """Return every observation that stands in an identity."""
    return {cell.observation for one in results for group in one.groups for cell in group}


def observed(rows: pd.DataFrame) -> list[checks.Observed]:
    """Return address and measure of observation rows."""
    return [
        (f"{one.source_id}/{one.table}!{one.row}!{one.column}", one.measure)
        for one in rows.itertuples(index=False)
    ]


def missing(study: Study) -> Table | None:
    """Table: charts whose numbers are not printed, and what exists elsewhere; none where there are none.

    Facts: ``data.charts_without_numbers.total``.
    """
    found = data.descriptor(study.folder)["missing"]
    study.facts.record(
        "data.charts_without_numbers.total",
        len(found),
        unit="number",
        digits=0,
        from_=[f"{study.parameters.source_id}/{one['figure']}" for one in found]
        or tables_of(study),
        formula="count of charts listed as known-missing in the data package",
    )
    if not found:
        return None
    shown = pd.DataFrame(
        {
            "内容": [one["title"] for one in found],
            "ほかにあるもの": [one["elsewhere"] for one in found],
        },
        index=pd.Index([f"図表{one['figure']}" for one in found], name="図表"),
    )
    return from_frame(shown, "数値が印刷されていない図", id="missing-charts")


def _record(
    study: Study, counts: dict[str, tuple[float, str]], origin: Sequence[str] | None = None
) -> None:
    for name, (value, what) in counts.items():
        study.facts.record(
            name,
            value,
            unit="number",
            digits=0,
            from_=list(origin or tables_of(study)),
            formula=f"count of {what}" if not what.startswith("1 /") else what,
        )


def record_revisions(study: Study) -> list[Revision]:
    """Return past values a later document changed, as known at the edition's date; record how many.

    Facts: ``data.revisions.total``.
    """
    history = data.history(study.folder)
    known = history[history["as_of"] <= study.parameters.as_of]
    # A reason for a revision of a later document waits for the edition that knows the document.
    found = revisions.evaluate(known, checks.load(study.folder)[1], strict=False)
    _record(study, {"data.revisions.total": (len(found), "values printed otherwise later")})
    return found
