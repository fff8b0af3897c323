"""Resolves the references in a text: in go a source with ``{{ … }}``, facts and names.

A notebook names neither a place nor a year. It writes ``{{ fact("{area}.share.{last}") }}``;
the braces inside the id are filled from the edition's names (``area``, ``first``, ``last``,
``target_year``, …). The names themselves are at hand by their key: ``{{ area_name }}``, ``{{
last_label }}``. An English page writes ``fact_en(…)``: the same fact with an English unit.

One text serves areas and years whose numbers point in different directions. ``{% if … %}`` decides by
``value("{area}.gap")``, a fact that is asked for but not printed, or ``significant("{area}.trend.p")``, a
p value below the ``level`` of the edition; ``{{ way("{area}.change", "増え", "減り", "変わらず") }}`` is the
word for a number above, below or at 0; ``ref("key-figure")`` is 図1, as a link.
``course("{area}.reoffenders")`` is the course of a count
(:data:`minato_analysis.numbers.turning.Course`); ``after("{area}.reoffenders.lowest.year")`` the years after
one, up
to the last, where they are few enough to be listed; ``several("{area}.reoffenders.run")`` more than one.

A text may depend on a number that is not published yet, or withheld (:meth:`Fact.known`). ``fact(…)`` then
prints that in its place; a paragraph or list item that asks for its ``value(…)`` gives way to a sentence
saying so; ``cell("…")`` is the name of a printed cell. ``known("{nation}.penal.share.{last}")`` asks before.

Out comes HTML in which each fact is a ``<data>`` element that names its id, or plain text for
the places where no markup can stand (``<title>``, ``alt``, captions).
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from minato_analysis.numbers.facts import (
    UNKNOWN,
    Fact,
    FactBook,
    FactError,
    UnknownError,
    display_en,
)
from minato_analysis.numbers.turning import turning
from minato_analysis.reporting.digits import loose_digits
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.lay import IN_ENGLISH

FEW_YEARS = 3
"""Years that a sentence can list."""
_PART = re.compile(r"(\n\s*\n|\n(?=- |<li>|\d+\. ))")
_LEAD = re.compile(r"\s*(?:- |<li>|<p[^>]*>|\*\*答え\*\*　)?")
_TRAIL = re.compile(r"(?:</li>|</p>)?(?:\s*</\w+>)*\s*\Z")
"""What parts a text may fall into, and the marks a part keeps when its words give way to others."""
_SET = re.compile(r"\{% set (?P<name>\w+) = [^%]*%\}")
"""A value that is given a name, for the parts below too."""
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.S)


def _printable(value: object) -> object:
    if isinstance(value, float):
        raise TypeError(
            f"{value!r} は丸め方の決まっていない数です。{{{{ fact(…) }}}} をそのまま書いてください"
        )
    return value


# With autoescape a name is escaped, and a fact is asked for its own HTML (`Fact.__html__`).
_ENVIRONMENT = ImmutableSandboxedEnvironment(
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    finalize=_printable,
)


def resolve(
    source: str,
    facts: FactBook,
    names: Mapping[str, object],
    *,
    text: bool = False,
    place: str = "",
    used: list[str] | None = None,
) -> str:
    """Return `source` with its references resolved.

    Parameters
    ----------
    source : str
        Markdown, or a line of HTML such as a figure's title.
    facts : FactBook
        Own and earlier facts.
    names : mapping
        What ``{area}`` in an id and ``{{ area_name }}`` in prose stand for.
    text : bool
        Return plain text: facts as they are displayed, no markup, no entities.
    place : str
        Notebook and cell, for the error.
    used : list of str, optional
        Receives the ids of the facts referred to, each once, in order.

    Raises
    ------
    FactError
        An unknown fact (``E3-FACT``, with the nearest names).
    ReportError
        An unknown name (``E3-NAME``) or an expression that cannot be read (``E3-PROSE``).

    Examples
    --------
    >>> book = FactBook("02_trends")
    >>> _ = book.record("area.share.2022", 49.0028, unit="percent", digits=1,
    ...                 from_="plan/2-10!share!2022", formula="100 * reoffenders / persons")
    >>> source = '{{ name }}の再犯者率は{{ fact("{area}.share.{last}") }}'
    >>> names = {"area": "area", "last": "2022", "name": "A区"}
    >>> resolve(source, book, names, text=True)
    'A区の再犯者率は49.0%'
    >>> resolve(source, book, names)
    'A区の再犯者率は<data class="fact" data-fact="area.share.2022" value="49.0028">49.0%</data>'
    """
    fact = _look_up(facts, names, used)
    context = {
        "ref": _unnumbered,
        **names,
        "fact": fact,
        "fact_en": lambda pattern: in_english(fact(pattern)),
        **_asking(_look_up(facts, names, None), names),
    }
    try:
        resolved = _rendered(source, context)
    except FactError as error:
        raise FactError(f"E3-FACT {place}: {error}" if place else f"E3-FACT: {error}") from error
    except UndefinedError as error:
        raise ReportError("E3-NAME", place, f"{error.message}{_nearest(error, context)}") from error
    except (TemplateError, TypeError) as error:
        raise ReportError("E3-PROSE", place, f"{{{{ … }}}} を読めません: {error}") from error
    return plain(resolved) if text else resolved


def _unnumbered(id: str) -> str:
    """Return what stands for ``ref("…")`` where figures have no numbers: outside a finished page."""
    return "図表"


@lru_cache(maxsize=512)
def _compiled(source: str) -> Template:
    """Return a template; a viewer of a notebook asks for the same ones after every cell."""
    return _ENVIRONMENT.from_string(source)


def _rendered(source: str, context: Mapping[str, object], sets: str = "") -> str:
    """Return a text with its references filled in; a part that needs an unknown number says so.

    `sets` are the names an earlier part gave to values this one uses.
    """
    try:
        return _compiled(sets + source).render(context)
    except UnknownError as error:
        parts = _PART.split(source)
        if len(parts) > 1:
            given = [(at, one) for at, part in enumerate(parts) for one in _SET.finditer(part)]
            try:
                return "".join(
                    _rendered(part, context, sets + _used(part, given, at))
                    for at, part in enumerate(parts)
                )
            except TemplateSyntaxError:  # a condition that spans several parts
                pass
        before, after = _LEAD.match(source), _TRAIL.search(source)
        said = _not_known(error.fact, english=context.get("lang") == "en")
        return f"{before[0] if before else ''}{said}{after[0] if after else ''}"


def _used(part: str, given: Iterable[tuple[int, re.Match[str]]], at: int) -> str:
    return "".join(one[0] for n, one in given if n < at and re.search(rf"\b{one['name']}\b", part))


def _not_known(fact: Fact, *, english: bool) -> str:
    """Return the sentence that stands where a text needs a number which is not known."""
    table, _, cell = fact.observations[0].rpartition("/")[2].partition("!")
    where = f"図表{table}「{cell.replace('!', ' ')}」" if table[:1].isdigit() else "ある値"
    if english:
        shown = next(
            (en for ja, en in UNKNOWN.values() if ja == fact.display), UNKNOWN["missing"][1]
        )
        return f"What stands here needs a figure that is {shown}."
    if fact.display == UNKNOWN["missing"][0]:
        return f"ここに書く内容には{where}が必要ですが、まだ公表されていません。"
    if fact.display == UNKNOWN["zero"][0]:
        return f"{where}が0人なので、ここに書く内容は計算できません。"
    if fact.display == UNKNOWN["alone"][0]:
        return "警察署が一つなので、ここに書く比べ方はできません。"
    return f"ここに書く内容には{where}が必要ですが、数値がありません（{fact.display}）。"


def plain(fragment: str) -> str:
    """Return the text of an HTML fragment.

    >>> plain('割合は<b>49.0%</b> &amp; 人数')
    '割合は49.0% & 人数'
    """
    return html.unescape(_TAG.sub("", fragment))


def check_digits(source: str, *, place: str, what: str = "本文") -> list[str]:
    """Return one ``E3-LOOSE-DIGIT`` sentence for each number typed into `source`.

    Parameters
    ----------
    source : str
        Text before its references are resolved.
    place : str
        Notebook and cell.
    what : str
        Which text it is: 本文, 図の題, 注, …

    Raises
    ------
    ReportError
        ``E3-PROSE``: an expression that cannot be read.
    """
    try:
        found = loose_digits(source)
    except TemplateError as error:
        raise ReportError("E3-PROSE", place, f"{{{{ … }}}} を読めません: {error}") from error
    return [
        f"E3-LOOSE-DIGIT {place}: {what}に数「{one.digits}」が直接書かれています"
        f"（「{one.around}」）。"
        "データが変わっても直らないため、公表できません。"
        'facts.record(…) で記録し、{{ fact("記録名") }} で参照してください。'
        "年や地名は {{ last_label }} のように版の名前で書けます。"
        for one in found
    ]


def _look_up(
    facts: FactBook, names: Mapping[str, object], used: list[str] | None
) -> Callable[[str], Fact]:
    def fact(pattern: str) -> Fact:
        try:
            id = pattern.format_map(names)
        except KeyError as error:
            known = ", ".join(sorted(names))
            raise FactError(f"fact {pattern!r}: {error} is not a name; known: {known}") from error
        found = facts.get(id)
        if used is not None and id not in used:
            used.append(id)
        return found

    return fact


def _asking(
    fact: Callable[[str], Fact], names: Mapping[str, object]
) -> dict[str, Callable[..., object]]:
    """Return what decides between wordings: a fact that is asked for is not one that is printed."""

    def value(pattern: str) -> float:
        found = fact(pattern)
        if not found.known:
            raise UnknownError(found)
        return found.value

    def known(pattern: str) -> bool:
        try:
            return fact(pattern).known
        except FactError:
            return False

    def significant(pattern: str) -> bool:
        level = names["level"]
        assert isinstance(level, float)
        return value(pattern) < level

    def course(pattern: str) -> str:
        years = range(int(str(names["first"])), int(str(names["last"])) + 1)
        return turning({year: value(f"{pattern}.{year}") for year in years}).course

    def after(pattern: str) -> list[int]:
        years = list(range(int(value(pattern)) + 1, int(str(names["last"])) + 1))
        return years if len(years) <= FEW_YEARS else []

    def several(pattern: str) -> bool:
        return value(pattern) > 1

    def way(pattern: str, above: str, below: str, at: str = "") -> str:
        number = value(pattern)
        return at if number == 0 else above if number > 0 else below

    return {
        "after": after,
        "cell": str,
        "course": course,
        "known": known,
        "several": several,
        "significant": significant,
        "value": value,
        "way": way,
    }


def in_english(fact: Fact) -> Fact:
    """Return the fact as an English page prints it."""
    return replace(fact, display=IN_ENGLISH.get(fact.display) or display_en(fact))


def _nearest(error: UndefinedError, context: Mapping[str, object]) -> str:
    named = re.search(r"'(\w+)' is undefined", error.message or "")
    near = difflib.get_close_matches(named[1], list(context), n=3) if named else []
    return f"; nearest: {', '.join(near)}" if near else f"; known: {', '.join(sorted(context))}"
