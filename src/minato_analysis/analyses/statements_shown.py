"""Notebook 05: the checked statements, as tables in Japanese.

In: the study and ``data/statements.yaml``. Out: recorded counts of verdicts, and tables of statements whose
rows can be linked to by their number.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from minato_analysis import data
from minato_analysis.claims.evaluate import (
    AGREES,
    DISAGREES,
    QUALIFIED,
    QUOTED,
    TO_UPDATE,
    UNPRINTED,
    Result,
    evaluate,
    world_of,
)
from minato_analysis.claims.read import load
from minato_analysis.claims.words import LEXICON
from minato_analysis.data.study import Study
from minato_analysis.numbers.tables import MIME, Table

KEYS = {
    "agree": AGREES,
    "qualified": QUALIFIED,
    "disagree": DISAGREES,
    "unprinted": UNPRINTED,
    "quoted": QUOTED,
    "update": TO_UPDATE,
}
"""Short names of the verdicts, in facts and in the ids of tables."""

MEANING = {
    AGREES: "書かれていることが、公表された表から計算した数値と合う",
    QUALIFIED: "そのままでは合わないが、対象や年を限ると合う表現がある",
    DISAGREES: "計算した数値や、計画のほかの箇所の記述と合わない",
    UNPRINTED: "確かめるのに要る数値が計画に載っていない。誤りという意味ではない",
    QUOTED: "ほかの文書からの引用で、計画の表では確かめられない",
    TO_UPDATE: "数値の正誤ではなく、用語、番号、法律、注などの整え方に関わる",
}
ADVICE = {
    AGREES: "補足",
    QUALIFIED: "合う表現",
    DISAGREES: "直し方の案",
    UNPRINTED: "お願い",
    QUOTED: "補足",
    TO_UPDATE: "直し方の案",
}
NO_PERIOD = "―"
"""Period of a statement that speaks of none."""
NAMED_CELLS = 3
"""So many rows or columns of a table are named; of more, the first and the last."""


# Set close, so that the long list stays short on paper: each label in line with its text.
_LIST = '<dl style="margin:.2rem 0 0">'
_LABEL = '<dt style="float:left;clear:left;margin-right:.7em">'
_ENTRY = '<dd style="margin:0 0 .15rem">'
_WHOLE = re.compile(
    r"(?:昭和|平成|令和)(?:元|\d+)\(\d{4}\)年度?|図表\d-(?:\d+|●)|95%信頼区間|p値[\d.]+(?:未満)?"
)


@dataclass(frozen=True)
class Cards:
    """A table whose cells are structured HTML; its CSV is the plain table.

    Parameters
    ----------
    table : Table
        Id, caption, and the plain rows that are given away as CSV.
    rows : tuple of str
        The ``<tr>`` elements.
    head : tuple of str
        Headers of the HTML table.
    """

    table: Table
    rows: tuple[str, ...]
    head: tuple[str, ...]

    def html(self) -> str:
        """Return the ``<table>`` element."""
        head = "".join(f'<th scope="col">{_text(one)}</th>' for one in self.head)
        caption = f"<caption>{_text(self.table.caption)}</caption>"
        body = "\n".join(self.rows)
        return f"<table>\n{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        shown = self.html()
        whole = {**self.table.json(), "html": shown}
        return {MIME: whole, "text/html": shown, "text/plain": self.table.text()}


def record_verdicts(study: Study) -> list[Result]:
    """Evaluate every statement and record how many there are of each verdict.

    Facts: ``statements.total``, ``statements.agree|qualified|disagree|unprinted|quoted|update``.
    """
    statements = load(study.folder)
    # What the document says is held against what it printed, also where a later one printed otherwise.
    world = world_of(statements, data.history(study.folder), study.folder)
    results = evaluate(statements, world)
    groups = {"total": results} | {key: of(results, name) for key, name in KEYS.items()}
    tables = _tables(results)
    for key, group in groups.items():
        what = "checked statements" if key == "total" else f"statements with the verdict {key}"
        study.facts.record(
            f"statements.{key}",
            len(group),
            unit="cases",
            digits=0,
            from_=_tables(group) or tables,
            formula=f"count of {what}",
        )
    return results


def of(results: Iterable[Result], verdict: str) -> list[Result]:
    """Return the results with this verdict."""
    return [one for one in results if one.verdict == verdict]


def verdicts(results: Sequence[Result]) -> Table:
    """Table: the verdicts, what they mean, and how often each was given."""
    rows = tuple(
        (verdict, f"{len(of(results, verdict))}件", MEANING[verdict]) for verdict in KEYS.values()
    )
    return Table("verdicts", "判定とその数", ("判定", "数", "意味"), rows)


def words() -> Table:
    """Table: the words with one fixed meaning."""
    rows = tuple((word, meaning) for word, _, meaning in LEXICON)
    return Table("lexicon", "ことばの決まり", ("ことば", "この点検での意味"), rows)


def important(results: Sequence[Result]) -> Cards:
    """Table: the statements to look at first, with the wording that would agree."""
    chosen = [one for one in results if one.statement.important]
    rows = tuple(
        f'<tr><th scope="row" class="short">{_link(one)}</th><td>{_text(one.statement.paraphrase)}</td>'
        f"<td>{_text(one.verdict)}</td><td>{_text(one.suggestion)}</td></tr>"
        for one in chosen
    )
    head = ("番号", "記述の要旨", "判定", "合う表現・直し方の案")
    plain = tuple((one.id, one.statement.paraphrase, one.verdict, one.suggestion) for one in chosen)
    return Cards(Table("important", "はじめに見ていただきたい記述", head, plain), rows, head)


def group(study: Study, results: Sequence[Result], key: str) -> Cards:
    """Table: the statements of one verdict, each with reading, numbers, suggestion and cells."""
    verdict = KEYS[key]
    chosen = of(results, verdict)
    titles = _titles(study)
    head = ("番号", "判定", "箇所", "要旨", "対象", "期間", "読み方", "計算", "提案", "元のセル")
    plain = tuple(
        (
            one.id,
            one.verdict,
            _place(one),
            one.statement.paraphrase,
            one.statement.population,
            one.statement.period,
            one.reading,
            one.computed,
            one.suggestion,
            _origin(one, titles),
        )
        for one in chosen
    )
    rows = tuple(_card(one, titles) for one in chosen)
    caption = f'{verdict}　{{{{ fact("statements.{key}") }}}}'
    return Cards(Table(f"statements-{key}", caption, head, plain), rows, ("番号", "点検の内容"))


def in_order(results: Sequence[Result]) -> Cards:
    """Table: all statements in order of their numbers, with links."""
    head = ("番号", "箇所", "記述の要旨", "判定")
    plain = tuple((one.id, _place(one), one.statement.paraphrase, one.verdict) for one in results)
    rows = tuple(
        f'<tr><th scope="row" class="short">{_link(one)}</th><td>{_text(_place(one))}</td>'
        f"<td>{_text(one.statement.paraphrase)}</td><td>{_text(one.verdict)}</td></tr>"
        for one in results
    )
    return Cards(Table("statements-in-order", "番号順の一覧", head, plain), rows, head)


def _card(one: Result, titles: dict[str, str]) -> str:
    scope = f"対象：{one.statement.population}"
    if one.statement.period != NO_PERIOD:
        scope += f"。期間：{one.statement.period}"
    parts = {
        "読み方": f"{one.reading}（{scope}）",
        "計算": one.strict,
        "限定した読み方": one.weaker,
        ADVICE[one.verdict]: one.suggestion,
        "元のセル": _origin(one, titles),
    }
    shown = "".join(
        f"{_LABEL}{_text(k)}</dt>{_ENTRY}{_text(v)}</dd>" for k, v in parts.items() if v
    )
    return (
        f'<tr id="{one.id}"><th scope="row">{one.id}<br>{_text(_place(one))}</th>'
        f"<td><strong>{_text(one.statement.paraphrase)}</strong>{_LIST}{shown}</dl></td></tr>"
    )


def _place(one: Result) -> str:
    figures = [name for name in one.statement.figure.split("、") if name]
    named = "・".join(name if name.startswith("指標") else f"図表{name}" for name in figures)
    return f"{one.statement.section}{f'（{named}）' if named else ''}"


def _tables(results: Iterable[Result]) -> list[str]:
    return sorted({cell.split("!")[0] for one in results for cell in one.cells})


def _origin(one: Result, titles: dict[str, str]) -> str:
    """Return the cells in short: table, rows, columns and how many; lines of the text."""
    found: dict[str, list[list[str]]] = {}
    for cell in one.cells:
        table, *place = cell.split("!", 2)
        found.setdefault(table, []).append(place)
    return "。".join(_cells(titles.get(table, table), places) for table, places in found.items())


def _cells(title: str, places: Sequence[Sequence[str]]) -> str:
    rows, *columns = (list(dict.fromkeys(names)) for names in zip(*places, strict=True))
    if not columns:
        return f"{title}の{'、'.join(rows)}行目"
    return f"{title}　行：{_ends(rows)}、列：{_ends(columns[0])}（{len(places)}セル）"


def _ends(names: Sequence[str]) -> str:
    if len(names) <= NAMED_CELLS:
        return "・".join(names)
    return f"{names[0]}から{names[-1]}まで"


def _titles(study: Study) -> dict[str, str]:
    source = study.parameters.source_id
    found = {f"{source}/text": "計画の本文テキスト"}
    for one in data.published(data.descriptor(study.folder)):
        name = f"図表{one['figure']}" if one["figure"] else one["title"]
        found[f"{one['source_id']}/{data.table_id(one)}"] = name
    return found


def _link(one: Result) -> str:
    return f'<a href="#{one.id}">{one.id}</a>'


def _text(text: str) -> str:
    """Return the text escaped, years and numbers of figures kept on one line."""
    return _WHOLE.sub(r'<span class="whole">\g<0></span>', html.escape(text, quote=False))
