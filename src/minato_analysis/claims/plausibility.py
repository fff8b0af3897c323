"""Yearly changes beyond chance: declared in ``data/plausibility.yaml``, evaluated here.

In: observations (a data frame), the declared rules, the known discrepancies. Out: one :class:`Change`
for every rule, series and year. :func:`enforce` stops the build on an implausible one without a
recorded reason.

An identity holds or does not. Here a value is held against its neighbours in time: on the log scale
the change of a count, of a share or of a ratio is compared with what chance (Poisson, binomial) and
the ordinary movement of such series allow. The second part, the `spread`, is declared in the data and
printed beside the spread measured from the series themselves.

Rules::

    {"id": "E2-…", "kind": "change" | "bend" | "constant", "title": "…",
     "of": {selector}, "per": {selector}, "part": true, "by": [columns], "spread": 0.10}

``change`` compares a year with the year before; ``bend`` with the middle of the years around it, which
is sharper for smooth series; ``constant`` allows no change at all. With `per` it is the share (`part`:
the counts of `of` are among those of `per`) or the ratio of two counts. Selectors are those of
``identities.yaml``; `by` names the columns that tell the series apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from minato_analysis import data
from minato_analysis.claims.checks import Observed, Printed, lacks_table, printed
from minato_analysis.project import yamls
from minato_analysis.statistics import jumps
from minato_analysis.statistics.jumps import Jump

Level = Literal["ok", "warning", "error"]

STEPS: Mapping[str, tuple[tuple[int, float], ...]] = {
    "change": ((0, 1.0), (-1, -1.0)),
    "bend": ((0, 1.0), (-1, -0.5), (1, -0.5)),
    "constant": ((0, 1.0), (-1, -1.0)),
}
"""Kind of rule to the years it compares, counted from the year tested, and their weights."""

KIND_JA = {"change": "前年からの変化", "bend": "前後の年の中間との差", "constant": "前年と同じ"}
LEVEL_JA = {"warning": "偶然では説明しにくい", "error": "誤りとみられる"}


class Implausible(ValueError):
    """One or more changes are beyond chance; the message is one sentence for each."""


@dataclass(frozen=True)
class Rules:
    """The declared rules and the probabilities below which a change is a warning or an error."""

    warning: float
    error: float
    rules: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Term:
    """One printed count in a change: its coefficient on the log scale and weight in the variance."""

    cell: Printed
    year: int
    coefficient: float
    weight: float


@dataclass(frozen=True)
class Change:
    """One rule in one series at one year.

    Attributes
    ----------
    jump : Jump
        The change on the log scale with its probability.
    level : {"ok", "warning", "error"}
    reason : str
        The recorded reason of a change beyond chance.
    """

    rule: str
    title: str
    kind: str
    key: tuple[tuple[str, Any], ...]
    terms: tuple[Term, ...]
    spread: float
    jump: Jump
    level: Level
    reason: str = ""

    @property
    def year(self) -> int:
        """The year tested."""
        return int(dict(self.key)["year"])

    @property
    def printed(self) -> dict[int, list[Decimal]]:
        """Printed values by year, the count before the count it is held against."""
        years = sorted({term.year for term in self.terms})
        return {year: [one.cell.value for one in self.terms if one.year == year] for year in years}


def load(folder: Path) -> Rules:
    """Return the declared rules."""
    declared = yamls.read(folder / "data/plausibility.yaml")
    levels = declared["levels"]
    return Rules(float(levels["warning"]), float(levels["error"]), tuple(declared["rules"]))


def evaluate(
    rows: pd.DataFrame, rules: Rules, known: Sequence[Mapping[str, Any]] = ()
) -> list[Change]:
    """Evaluate all rules in all series and years; one for a table the data do not have does not apply.

    Raises
    ------
    Implausible
        ``E2-EMPTY``: a rule finds no two neighbouring years though its tables are there, or
        ``E2-EXPECT``: a known discrepancy is no longer there as recorded.
    """
    rows = rows[rows["value"].notna() & rows["year"].notna()]
    changes = [change for rule in rules.rules for change in _evaluate_one(rows, rule, rules)]
    return _with_reasons(changes, known)


def _evaluate_one(rows: pd.DataFrame, rule: Mapping[str, Any], rules: Rules) -> list[Change]:
    by = rule["by"]
    counts = _series(data.matching(rows, rule["of"]), by)
    against = _series(data.matching(rows, rule["per"]), by) if "per" in rule else None
    found = []
    for key, series in counts.items():
        whole = against.get(key, {}) if against is not None else None
        for year in sorted(series):
            terms = _terms(rule, series, whole, year)
            if terms:
                named = (*zip(by, key, strict=True), ("year", year))
                found.append(_change(rule, named, terms, rules))
    if not found and any(lacks_table(rows, rule[name]) for name in ("of", "per") if name in rule):
        return []
    if not found:
        raise Implausible(
            f"E2-EMPTY {rule['id']} {rule['title']}: 続いた年の値がありません。"
            "data/plausibility.yaml の条件を確かめてください。"
        )
    return found


def _series(rows: pd.DataFrame, by: Sequence[str]) -> dict[tuple[Any, ...], dict[int, Printed]]:
    found: dict[tuple[Any, ...], dict[int, Printed]] = {}
    for row in rows.to_dict("records"):
        series = found.setdefault(tuple(row[name] for name in by), {})
        cell = printed(row)
        if int(row["year"]) in series:
            raise Implausible(
                f"E2-SERIES {cell.address}: 1つの年に値が2つ以上あります。"
                "data/plausibility.yaml の by に列を加えてください。"
            )
        series[int(row["year"])] = cell
    return found


def _terms(
    rule: Mapping[str, Any],
    counts: Mapping[int, Printed],
    whole: Mapping[int, Printed] | None,
    year: int,
) -> tuple[Term, ...]:
    """Return the counts of one comparison; none where a year is missing."""
    terms = []
    for step, factor in STEPS[rule["kind"]]:
        at = year + step
        if at not in counts or (whole is not None and at not in whole):
            return ()
        terms.append(Term(counts[at], at, factor, factor**2))
        if whole is not None:
            # Chance moves a part less when its whole moves along.
            sign = -1.0 if rule.get("part") else 1.0
            terms.append(Term(whole[at], at, -factor, sign * factor**2))
    return tuple(terms)


def _change(
    rule: Mapping[str, Any], key: tuple[tuple[str, Any], ...], terms: tuple[Term, ...], rules: Rules
) -> Change:
    spread = float(rule.get("spread", 0.0))
    jump = score(rule["kind"], terms, [term.cell.value for term in terms], spread)
    return Change(
        rule=rule["id"],
        title=rule["title"],
        kind=rule["kind"],
        key=key,
        terms=terms,
        spread=spread,
        jump=jump,
        level=level(jump.p_value, rules),
    )


def score(kind: str, terms: Sequence[Term], values: Sequence[Decimal], spread: float) -> Jump:
    """Return the change of these values on the log scale, with its probability.

    Parameters
    ----------
    kind : {"change", "bend", "constant"}
        A change of what must stay ``constant`` has probability 0.
    terms : sequence of Term
    values : sequence of Decimal
        The counts, in the order of `terms`.
    spread : float
        See :func:`minato_analysis.statistics.jumps.jump`.
    """
    found = jumps.jump(
        [float(value) for value in values],
        [term.coefficient for term in terms],
        [term.weight for term in terms],
        spread,
    )
    if kind == "constant":
        return replace(found, variance=0.0, p_value=float(len(set(values)) == 1))
    return found


def level(p_value: float, rules: Rules) -> Level:
    """Return what a probability means: an error, a warning, or nothing."""
    if p_value < rules.error:
        return "error"
    return "warning" if p_value < rules.warning else "ok"


def _with_reasons(changes: list[Change], known: Sequence[Mapping[str, Any]]) -> list[Change]:
    reasons: dict[int, str] = {}
    for entry in (one for one in known if "plausibility" in one):
        expected = {
            int(year): [Decimal(str(value)) for value in values]
            for year, values in entry["expect"].items()
        }
        matching = [
            index
            for index, change in enumerate(changes)
            if change.rule == entry["plausibility"]
            and dict(change.key) == entry["key"]
            and change.printed == expected
            and change.level != "ok"
        ]
        if not matching:
            raise Implausible(
                f"E2-EXPECT data/known_discrepancies.yaml {entry['plausibility']} {entry['key']}: "
                f"記録された値（{listed(expected)}）での急な変化は今はありません。"
                "元の資料が訂正されたのなら、この項目を削除してください。"
            )
        reasons[matching[0]] = entry["reason"]
    return [replace(one, reason=reasons.get(index, "")) for index, one in enumerate(changes)]


def findings(changes: Iterable[Change]) -> list[Change]:
    """Return the changes beyond chance, the least probable first."""
    return sorted((one for one in changes if one.level != "ok"), key=lambda one: one.jump.p_value)


def enforce(changes: Sequence[Change], files: Mapping[str, str]) -> None:
    """Raise on changes beyond chance without a recorded reason.

    Parameters
    ----------
    changes : sequence of Change
    files : mapping
        File of a table by its address prefix ``<source>/<table>``, for the message.
    """
    open_ones = [one for one in findings(changes) if not one.reason]
    if open_ones:
        raise Implausible("\n".join(sentence(one, files) for one in open_ones))


def sentence(change: Change, files: Mapping[str, str]) -> str:
    """Return the sentence for one change: file, numbers, probability, and the way out with its text."""
    file = files[change.terms[0].cell.address.split("!")[0]]
    where = " ".join(str(value) for _, value in change.key)
    chance = (
        "変わらないはずの値です"
        if change.kind == "constant"
        else f"偶然とふだんの変動でこれほど離れる確率は{probability(change.jump.p_value)}です"
    )
    return (
        f"{change.rule} {file} {where} {change.year}年: {change.title}（{KIND_JA[change.kind]}）は"
        f"{LEVEL_JA[change.level]}値です。{listed(change.printed)}。{chance}。"
        f"まず {change.year}年の {change.terms[0].cell.label} の転記を確かめてください。"
        "印刷のとおりなら、data/known_discrepancies.yaml に次の形で理由を書くと注意になります: "
        f"{entry_text(change)}"
    )


def entry_text(change: Change) -> str:
    """Return the text that records a reason for one change, to be copied."""
    key = ", ".join(
        f'{name}: "{value}"' if isinstance(value, str) else f"{name}: {value}"
        for name, value in change.key
    )
    expected = ", ".join(
        f"{year}: [{', '.join(map(str, values))}]" for year, values in change.printed.items()
    )
    return f"- {{plausibility: {change.rule}, key: {{{key}}}, expect: {{{expected}}}, reason: …}}"


def listed(values: Mapping[int, Sequence[Decimal]]) -> str:
    """Return printed values by year in words.

    >>> listed({2022: [Decimal(281), Decimal(1066)]})
    '2022年 281／1,066'
    """
    return "、".join(
        f"{year}年 {'／'.join(f'{value:,}' for value in group)}" for year, group in values.items()
    )


def probability(p_value: float) -> str:
    """Return a small probability in words.

    >>> probability(0.0004), probability(1e-9)
    ('約2,500分の1', '100万分の1未満')
    """
    return "100万分の1未満" if p_value < 1e-6 else f"約{round(1 / p_value):,}分の1"


def measured_spread(changes: Sequence[Change]) -> float:
    """Return the ordinary movement the series of one rule show themselves, on the log scale."""
    return jumps.measured_spread(
        [one.jump.change for one in changes], [one.jump.variance for one in changes]
    )


def by_observation(changes: Iterable[Change]) -> dict[Observed, list[Change]]:
    """Return for every observation the changes it takes part in."""
    found: dict[Observed, list[Change]] = {}
    for change in changes:
        for term in change.terms:
            found.setdefault(term.cell.observation, []).append(change)
    return found
