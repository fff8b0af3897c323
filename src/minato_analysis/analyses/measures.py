"""Notebook 07: which measure answers to which published number, and how far each has come.

In: the study. Out: the register, its differences, the links and what the ward has filled in, with their
counts recorded below ``measures``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minato_analysis.data import measures
from minato_analysis.data.measures import Difference, Links, Measure, Status
from minato_analysis.data.study import Study


@dataclass(frozen=True)
class Register:
    """The measures of the edition's plan with all that is known about them."""

    measures: tuple[Measure, ...]
    differences: tuple[Difference, ...]
    links: Links
    status: tuple[Status, ...]

    @property
    def policies(self) -> dict[str, str]:
        """Names of the policies by number, in printed order."""
        return {one.policy: one.policy_name for one in self.measures}


def read(study: Study) -> Register:
    """Read and check the register, the links and the status of the edition's plan."""
    source = study.parameters.source_id
    found = measures.read(study.folder, source)
    return Register(
        measures=found,
        differences=measures.differences(found),
        links=measures.read_links(study.folder, source, found),
        status=measures.read_status(study.folder, found),
    )


def record_register(study: Study, register: Register) -> None:
    """Record how many measures there are, of which kind, and how often the plan prints two forms.

    Facts: ``measures.total``, ``.policies``, ``.policy_<n>``, ``.new``, ``.expanded`` (as the lists print
    them), ``.departments``, ``.plans``, ``.differences.name|flag|heading``.
    """
    every = register.measures
    _record(study, "total", every, "measures of the register")
    for policy in register.policies:
        of_it = [one for one in every if one.policy == policy]
        _record(study, f"policy_{policy}", of_it, f"measures of policy {policy}")
    for name, flag in (("new", measures.NEW), ("expanded", measures.EXPANDED)):
        marked = [one for one in every if one.flag == flag]
        _record(study, name, marked, f"measures marked {name} in the lists", column="flag")
    for name, values, column in (
        ("policies", list(register.policies), "policy"),
        ("departments", {one for row in every for one in row.departments}, "department"),
        ("plans", {row.related_plan for row in every}, "related_plan"),
    ):
        what = f"distinct {name}"
        _record(study, name, every, what, column=column, value=len(values))
    for kind in ("name", "flag", "heading"):
        apart = {one.number for one in register.differences if one.what == kind}
        rows = [one for one in every if one.number in apart]
        _record(study, f"differences.{kind}", rows, f"measures printed in two forms: {kind}")


def record_links(study: Study, register: Register) -> None:
    """Record how many measures answer to a printed number, only to a chart without numbers, or to none.

    Facts: ``measures.linked``, ``.charts_only``, ``.unlinked`` (these three add up to ``.total``),
    ``.direct``, ``.indicator`` (answer to the plan's indicator itself), ``.numbers``,
    ``.numbers.printed``.
    """
    links, every = register.links, register.measures
    printed = {one.id for one in links.numbers if one.kind != "chart"}
    own = {one.id for one in links.numbers if one.kind == "indicator"}
    answers = {row.number: links.of(row.number) for row in every}
    linked = {name for name, found in answers.items() if printed & {one.number for one in found}}
    groups = {
        "linked": linked,
        "charts_only": {name for name, found in answers.items() if found} - linked,
        "unlinked": set(links.none),
        "direct": {one.measure for one in links.links if one.relation == "direct"},
        "indicator": {one.measure for one in links.links if one.number in own},
    }
    for name, members in groups.items():
        rows = [row for row in every if row.number in members]
        _record(study, name, rows, f"measures in the group {name} of {measures.LINKS}")
    for name, value in (("numbers", len(links.numbers)), ("numbers.printed", len(printed))):
        what = f"{name} named in {measures.LINKS}"
        _record(study, name, every, what, value=value)


def record_status(study: Study, register: Register) -> None:
    """Record how much the ward has filled in.

    Facts: ``measures.status.rows``, ``.measures`` (with at least one year), ``.years``.
    """
    every, status = register.measures, register.status
    for name, value in (
        ("rows", len(status)),
        ("measures", len({one.number for one in status})),
        ("years", len({one.year for one in status})),
    ):
        what = f"{name} filled in in {measures.STATUS}"
        _record(study, f"status.{name}", every, what, value=value)


def _record(
    study: Study,
    name: str,
    rows: Sequence[Measure],
    what: str,
    *,
    column: str = "number",
    value: int | None = None,
) -> None:
    # A count of no rows still comes from the register: it then names the whole of it.
    place = f"{study.parameters.source_id}/measures"
    study.facts.record(
        f"measures.{name}",
        len(rows) if value is None else value,
        unit="cases" if value is None else "number",
        digits=0,
        from_=[f"{place}!{one.number}!{column}" for one in rows] or place,
        formula=f"count of {what}",
    )
