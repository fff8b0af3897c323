"""The words both forms of a difference share: numbers as they are shown, the summary, what to review.

In: a :class:`~.result.Difference`. Out: sentences and :class:`Item`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from minato_analysis.difference import conclusions, headlines, revised, sentences
from minato_analysis.difference.attribution import Attributed
from minato_analysis.difference.law import CHECKS
from minato_analysis.difference.new_year import NewValue
from minato_analysis.difference.result import Difference
from minato_analysis.difference.steps import Stepped
from minato_analysis.numbers.facts import FEW_PERSONS, Fact, display
from minato_analysis.numbers.tables import SIGNS
from minato_analysis.published.manifest import DIFFERENCES

BLOCKS = (
    "変わった結論",
    "訂正された過去の値",
    "新しい年の値",
    "定義と制度",
    "見た目だけの違い",
)
ATTRIBUTION = "数値の変化の内訳"
NOTHING = (
    "変わった結論はありません。",
    "訂正された過去の値はありません。",
    "新しい年の値はありません。",
    "定義、法律、区分、地域の変更はありません。",
    "見た目だけが違うファイルはありません。",
)
HIDDEN = SIGNS["suppressed"][0]
DIGITS = {"percent": 1, "points": 1}


def page_name(before: str) -> str:
    """Return the file name of the page about an earlier edition.

    >>> page_name("2024")
    'diff-from-2024.html'
    """
    return f"{DIFFERENCES}{before}.html"


@dataclass(frozen=True)
class Item:
    """One thing for a person to look at: its block, what it is, where to look first."""

    block: int
    what: str
    where: str


def number(found: Difference, value: float | None, unit: str) -> str:
    """Return a printed value; of a person's number where a source is not public, only the sign.

    Parameters
    ----------
    found : Difference
    value : float or None
        None where there is no value.
    unit : str
        A key of ``facts.UNITS``.
    """
    if value is None:
        return "…"
    small = unit == "persons" and 0 < value < FEW_PERSONS
    if found.closed and (small or (unit == "percent" and value == 100)):
        return HIDDEN
    return display(value, unit, DIGITS.get(unit, 0))


def fact(found: Difference, one: Fact) -> str:
    """Return a published number; see :func:`number`."""
    return HIDDEN if number(found, one.value, one.unit) == HIDDEN else one.display


def span(found: Difference, one: NewValue) -> str:
    """Return what one year can bring."""
    if one.low is None or one.high is None:
        return ""
    if number(found, one.last, one.unit) == HIDDEN:  # the limits would give it away
        return HIDDEN
    ends = number(found, one.low, one.unit), number(found, one.high, one.unit)
    return HIDDEN if HIDDEN in ends else f"{ends[0]}〜{ends[1]}"


def part(found: Difference, one: Attributed, value: Fraction, *, bare: bool = False) -> str:
    """Return a part of a change with its sign: whole persons as such, else one digit more than the number.

    It is not shown where one of the two numbers is not: the change and the other would give it away.

    Parameters
    ----------
    found : Difference
    one : Attributed
    value : Fraction
    bare : bool
        Leave out the unit.
    """
    if HIDDEN in (fact(found, one.before), fact(found, one.after)):
        return HIDDEN
    unit = "points" if one.after.unit == "percent" else one.after.unit
    whole = unit in ("persons", "cases") and value.denominator == 1
    shown = display(float(value), "number" if bare else unit, 0 if whole else one.after.digits + 1)
    return f"+{shown}" if _steps(one)(value) > 0 else shown


def step(found: Difference, one: Stepped, value: Fraction, *, bare: bool = False) -> str:
    """Return a part of the change of a forecast; see :func:`part`."""
    return part(
        found, Attributed(one.headline, one.before, one.after, (), Fraction(0)), value, bare=bare
    )


NAMED = 3
"""Sentences that no longer hold, named with what stands there now."""

IN_ORDER = "見込みの変化と、起きた順の内訳"


def adds_up(one: Attributed) -> bool:
    """Whether the parts, as they are shown, sum to the change as it is shown."""
    values = [*(part.value for part in one.parts), one.remainder]
    return sum(map(_steps(one), values)) == _steps(one)(one.whole)


def _steps(one: Attributed) -> Callable[[Fraction], int]:
    """Return how a part is rounded, half up, in units of its last digit."""
    scale = 10 ** (one.after.digits + 1)
    return lambda value: floor(abs(value) * scale + Fraction(1, 2)) * (1 if value >= 0 else -1)


ROUNDED = "表示を四捨五入しているため、内訳の合計が変化と合わない行があります。"


def remains(found: Difference) -> bool:
    """Whether reruns leave anything of a published number unexplained."""
    split = found.attribution
    return split is not None and any(one.remainder for one in split.attributed)


def rest_label(found: Difference) -> str:
    """Return what the remainder is called."""
    split = found.attribution
    apart = split is None or split.environment_apart
    return "再実行で再現しなかった分" if apart else "環境など、分けていない分"


def conclusion(turned: conclusions.Turned) -> str:
    """Return a changed conclusion as one sentence."""
    return f"{conclusions.KINDS[turned.kind]}が変わりました：{turned.old} → {turned.new}"


def summary(found: Difference) -> list[str]:
    """Return what the difference means for a council, most important first."""
    return [
        *_target(found),
        *_conclusions(found),
        *_revisions(found),
        *_new_year(found),
        *_law(found),
    ]


def _target(found: Difference) -> Iterator[str]:
    told = [one for one in found.turned if one.headline]
    yield from (f"{conclusion(one)}。" for one in told)
    kinds = {one.kind for one in told}
    names = found.after.names
    share = found.after.facts.get(headlines.INDICATOR.format_map(names))
    goal = found.after.facts.get(headlines.TARGET)
    if "target" not in kinds and share and goal:
        yield (
            f"目標との関係は変わりません（{found.after.names['last_label']}の割合は{share.display}、"
            f"目標は{goal.display}）。"
        )
    chance = found.after.facts.get(headlines.PROBABILITY.format_map(names))
    if "likelihood" not in kinds and chance:
        yield f"目標に届く見込みの言い方は変わりません：{headlines.in_twenty(chance)}。"


def _conclusions(found: Difference) -> Iterator[str]:
    lost = [one for one in found.sentences.changed if one.fate in ("false", "untestable")]
    yield (
        f"前の版の主な文のうち、{len(lost)}件が新しい数値では成り立ちません。"
        if lost
        else "前の版の主な文は、新しい数値でもすべて成り立ちます。"
    )
    for one in lost[:NAMED]:
        if one.old and one.new and one.old != one.new:
            yield f"「{one.old}」は成り立たなくなり、今は「{one.new}」です。"
    if found.verdicts:
        yield f"計画の記述の点検では、{len(found.verdicts)}件の判定が変わりました。"
    others = [one for one in found.turned if not one.headline]
    if others:
        yield f"ほかに、向き、区間、検定の結論が変わった数値が{len(others)}個あります。"


def _revisions(found: Difference) -> Iterator[str]:
    if found.revisions:
        yield (
            f"過去の値が{len(found.revisions)}個変わりました。"
            "前の版の資料と並べるときは、古い値のままになっていないか確かめてください。"
        )


def _new_year(found: Difference) -> Iterator[str]:
    new = found.new_year
    if new.forecast is not None:
        one = new.forecast
        inside = "中" if one.within else "外"
        yield (
            f"新しい年の割合は{one.found.display}で、前の版が示した見込みの幅"
            f"（{one.low.display}〜{one.high.display}）の{inside}でした。"
        )
    if new.judged:
        yield (
            f"新しい年の値は{len(new.values)}個です。前の年と比べられる{len(new.judged)}個のうち、"
            f"1年の偶然とふだんの動きでは説明しにくいものは{len(new.outside)}個です"
            f"（幅のとおりなら{new.expected:.0f}個程度と見込まれます）。"
        )


def _law(found: Difference) -> Iterator[str]:
    if found.law.reforms:
        named = "、".join(f"「{one.law}」" for one in found.law.reforms)
        yield f"新しい年には、数え方に関わる法律の改正が含まれます：{named}。"
    changed = len(found.law.declared) + len(found.law.categories)
    if changed:
        yield f"定義や区分の宣言が{changed}か所変わりました。"


def review(found: Difference) -> list[Item]:
    """Return what a person has to look at, in the order of the blocks."""
    return [
        *_review_conclusions(found),
        *_review_values(found),
        *_review_law(found),
        *_review_rest(found),
    ]


def _review_conclusions(found: Difference) -> Iterator[Item]:
    for sentence in found.sentences.changed:
        text = sentence.old or sentence.new
        yield Item(
            1,
            f"{sentences.FATES[sentence.fate]}「{text}」",
            f"data/sentences.yaml {sentence.id}、notebooks/{sentence.page}.ipynb",
        )
    for verdict in found.verdicts:
        yield Item(1, f"記述の判定 {verdict}", f"data/statements.yaml {verdict.id}")
    for turned in found.turned:
        yield Item(1, conclusion(turned), f"minato explain {turned.after.id} {found.after.name}")


def _review_values(found: Difference) -> Iterator[Item]:
    for one in found.revisions:
        change = f"{number(found, one.old, one.unit)} → {number(found, one.new, one.unit)}"
        reason = f"、理由: {one.reason}" if one.reason else ""
        yield Item(
            2,
            f"{revised.CAUSES[one.cause]} {one.label}: {change}{reason}",
            one.new_cell or one.old_cell,
        )
    if found.moved:
        told = f"過去の年について掲載した数値が{len(found.moved)}個変わった"
        yield Item(2, told, f"reports/{found.after.name}/{page_name(found.before.name)}")
    forecast = found.new_year.forecast
    if forecast is not None and not forecast.within:
        yield Item(
            3,
            f"指標{forecast.found.display}が、前の版の見込みの幅"
            f"（{forecast.low.display}〜{forecast.high.display}）の外",
            f"minato explain {forecast.found.id} {found.after.name}",
        )
    for value in found.new_year.outside:
        change = (
            f"{number(found, value.last, value.unit)} → {number(found, value.value, value.unit)}"
        )
        reason = f"、理由: {value.reason}" if value.reason else ""
        yield Item(
            3, f"{value.label}: {change}（1年の幅 {span(found, value)}）{reason}", value.cell
        )


def _review_law(found: Difference) -> Iterator[Item]:
    for reform in found.law.reforms:
        bridge = f"つなぎ方: {reform.bridge}" if reform.bridge else "前後をつなぐ方法なし"
        yield Item(
            4, f"{reform.date}施行「{reform.law}」（{bridge}）", f"data/breaks.yaml {reform.id}"
        )
    for one in (*found.law.declared, *found.law.parameters):
        if one.file not in CHECKS:
            told = f"{one.what} {one.place}: {one.old or 'なし'} → {one.new or 'なし'}"
            yield Item(4, told, one.file)
    for file in CHECKS:
        mine = [one for one in found.law.declared if one.file == file]
        if mine:
            yield Item(4, f"{mine[0].what}の宣言が{len(mine)}か所変わった", file)
    for category in found.law.categories:
        changes = [f"{name}が加わった" for name in category.gained]
        changes += [f"{name}がなくなった" for name in category.lost]
        yield Item(
            4, f"{category.table} の{category.what}: {'、'.join(changes)}", "data/datapackage.json"
        )


def _review_rest(found: Difference) -> Iterator[Item]:
    if found.appearance.looks:
        names = "、".join(one.file for one in found.appearance.looks)
        yield Item(5, f"数値が同じで見た目だけが違う: {names}", f"reports/{found.after.name}/")
    if found.attribution is None:
        return
    for headline, why in found.attribution.left_out:
        yield Item(6, f"{headline.label}の変化は分けられない: {why}", headline.role)
    if remains(found):
        yield Item(6, f"{rest_label(found)}がある", f"minato verify {found.before.name}")
