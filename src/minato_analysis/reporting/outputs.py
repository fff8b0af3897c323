"""nbconvert preprocessors: in go the cells of an executed notebook, out go cells of finished HTML.

Markdown cells have their references resolved. Outputs become HTML by their MIME type:

``application/vnd.minato.figure+json``
    ``{"id", "title", "subtitle", "desc", "svg", "table", "notes"}``, the table as below or null:
    number and title as a heading, subtitle, drawing, table, files, notes, names of the facts used; with
    ``"layout": "beside"`` the table stands right of the drawing where there is room, ``"narrow"`` is the
    drawing for a telephone, and with ``"apart": true`` the drawing is given as a file too.
``application/vnd.minato.table+json``
    ``{"id", "caption", "html", "csv", "notes"}``: table, CSV, notes, names of the facts used.
``application/vnd.minato.levers+json``
    See :class:`minato_analysis.numbers.levers.Levers`: sliders for the screen, hidden until a script runs.
``application/vnd.minato.remark+json``
    See :class:`minato_analysis.numbers.remarks.Remark`: paragraphs, in a box where they have a title.
``application/vnd.minato.facts+json``
    On a technical page a folded table of the facts; on a lay page nothing.
Text
    On a technical page printed as it is; on a lay page refused.

The outputs of a cell tagged :data:`ASIDE` stay in the notebook. Anything else is refused, warnings and
errors too: a page must not print them.

Titles, subtitles, captions, descriptions and notes are lines of HTML with references in them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from nbconvert.preprocessors import Preprocessor
from nbformat.v4 import new_output

from minato_analysis.numbers.facts import MIME as FACTS
from minato_analysis.numbers.facts import FactBook
from minato_analysis.numbers.levers import FALLS, FLAT, MET, MISSED, RESULT, RISES, course
from minato_analysis.numbers.levers import MIME as LEVERS
from minato_analysis.numbers.remarks import MIME as REMARK
from minato_analysis.reporting.errors import ReportError, place
from minato_analysis.reporting.markdown import typeset
from minato_analysis.reporting.numbered import ASIDE, Part
from minato_analysis.reporting.prose import check_digits, resolve
from minato_analysis.reporting.svg import drawing, standalone, svg_link
from minato_analysis.reporting.templating import environment
from minato_analysis.reporting.words import WORDS

FIGURE = "application/vnd.minato.figure+json"
TABLE = "application/vnd.minato.table+json"

_KEYS = {
    FIGURE: ("id", "title", "subtitle", "desc", "svg", "table", "notes"),
    TABLE: ("id", "caption", "html", "csv", "notes"),
    LEVERS: (
        "id",
        "title",
        "lead",
        "result",
        "levers",
        "reoffenders",
        "first_time",
        "years",
        "target",
    ),
    REMARK: ("id", "title", "paragraphs"),
}
_PLOT = re.compile(r"<(?:Axes|Figure|seaborn\.)|(?:array|Figure)\(.*<?Axes|Figure\(")
"""How what draws is written, where a notebook shows it as it is."""

# Lines may hold text of a document, such as its title: only facts and plain emphasis are markup in them.
_OTHER_MARKUP = re.compile(
    r'<(?!/?(?:data|span|b|strong|em|br|wbr|sup|sub|a(?=>| href="#))'
    r'(?:\s+(?:class|lang|data-fact|value|href)="[^"<>]*")*\s*/?>)'
)
_LEVER_WORDS = {
    "falls": FALLS,
    "rises": RISES,
    "flat": FLAT,
    "result": RESULT,
    "met": MET,
    "missed": MISSED,
    "aim": "目標",
    "dots": "同じ起こりやすさの点",
    "dots_desc": "目標の線から左の塗った点が、目標に届く回数。",
    "members": "見方を選ぶと、同じ起こりやすさの点が動きます",
}

LISTED_CELLS = 12
"""Cells of one number that its page names one by one: both counts of a share over six years."""


@dataclass(frozen=True)
class Source:
    """What a notebook's texts are read with."""

    notebook: str
    kind: str
    facts: FactBook
    names: Mapping[str, object]
    lang: str = "ja"
    parts: Mapping[str, Part] = field(default_factory=dict)
    origin: str = ""
    """What a figure taken away says of where it comes from."""

    def resolve(self, template: str, index: int, **options: Any) -> str:
        """Return `template`, a text of cell `index`, with its references resolved."""
        where = place(self.notebook, index)
        return resolve(template, self.facts, self.names, place=where, **options)

    def line(self, template: str, index: int, used: list[str]) -> str:
        """Return a title or note of cell `index` as a line of HTML, other markup shown as text."""
        return typeset(_OTHER_MARKUP.sub("&lt;", self.resolve(template, index, used=used)))

    def block(self, macro: str, **values: Any) -> str:
        """Return a part of the page made by `macro` of the template, in the page's language."""
        template = environment().get_template("blocks.html.j2")
        module: Any = template.make_module({"words": WORDS[self.lang]})
        return str(getattr(module, macro)(**values)).strip()

    def number(self, what: str, id: str) -> str:
        """Return 図1 or 表1; without its number outside a page."""
        part = self.parts.get(id)
        return WORDS[self.lang][what].format(number=part.number if part else "").strip()

    def refused(self, index: int, message: str) -> ReportError:
        """Return the error for an output of cell `index`."""
        return ReportError("E3-OUTPUT", place(self.notebook, index), message)


class _OfSource(Preprocessor):
    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source


class ResolveMarkdown(_OfSource):
    """Resolves the references in Markdown cells."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Return the cell with its source resolved."""
        if cell.cell_type == "markdown":
            cell.source = self._source.resolve(cell.source, index)
        return cell, resources


class RenderOutputs(_OfSource):
    """Turns outputs into HTML, or refuses them."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Return the cell with one HTML output for each output that shows something."""
        if cell.cell_type == "code":
            aside = ASIDE in cell.metadata.get("tags", ())
            shown = [self.output(output, index) for output in cell.outputs if not aside]
            cell.outputs = [_html(text) for text in shown if text]
        return cell, resources

    def output(self, output: Mapping[str, Any], index: int) -> str:
        """Return the HTML of one output of cell `index`, empty where a page shows nothing."""
        if output["output_type"] == "error":
            raise self._source.refused(
                index, f"{output['ename']}: {output['evalue']} で止まっています。"
            )
        if output["output_type"] == "stream":
            if output["name"] != "stdout":
                raise self._source.refused(index, f"警告を出しています: {_start(output['text'])}")
            return self._text(output["text"], index)
        data = output["data"]
        parts = {
            FIGURE: self._figure,
            TABLE: self._table,
            LEVERS: self._levers,
            REMARK: self._remark,
        }
        for mime, shown in parts.items():
            if mime in data:
                return shown(data[mime], index)
        if FACTS in data:
            return self._recorded(data[FACTS])
        if _PLOT.match(data.get("text/plain", "")):
            what, way = (
                "seaborn や matplotlib の図は、そのままでは",
                "figures.from_plot(図, Caption(…))",
            )
        elif set(data) == {"text/plain"}:
            return self._text(data["text/plain"], index)
        else:
            what = f"{'、'.join(sorted(data))} は"
            way = 'tables.from_frame(データフレーム, "題", {列: 書式}, id="…")'
        raise self._source.refused(
            index,
            f"{what}ページに置けません。{way} で、題と説明のある図か表にしてください。"
            f"ノートブックの中だけで見るなら、セルに {ASIDE} というタグを付けてください。",
        )

    def _text(self, text: str, index: int) -> str:
        if self._source.kind == "lay":
            raise self._source.refused(
                index,
                f"画面用の文字を出しています: {_start(text)}。"
                "値を変数に入れるか、行の終わりに ; を付けてください。",
            )
        return self._source.block("output", text=text)

    def _figure(self, figure: Mapping[str, Any], index: int) -> str:
        self._complete(figure, FIGURE, index)
        used: list[str] = []
        desc = self._source.resolve(figure["desc"], index, text=True, used=used)
        title = self._source.line(figure["title"], index, used)
        subtitle = self._source.line(figure["subtitle"] or "", index, used)
        number = self._source.number("figure", figure["id"])
        try:
            drawn = {
                key: drawing(figure[key], id=id, title=number, desc=desc)
                for key, id in (("svg", figure["id"]), ("narrow", f"{figure['id']}-narrow"))
                if figure.get(key)
            }
        except ValueError as error:
            message = f"図 {figure['id']} が SVG ではありません: {error}"
            raise self._source.refused(index, message) from error
        table: dict[str, str] | None = None
        files: list[dict[str, str]] = []
        notes: list[str] = []
        if figure["table"]:
            table, files, notes = self._parts(figure["table"], index, used)
        notes += [self._source.line(note, index, used) for note in figure["notes"]]
        if figure.get("apart"):
            files += self._file(figure, number, index)
        part = self._source.parts.get(figure["id"])
        before = number if figure["id"] in self._source.parts else ""
        shown = {"id": figure["id"], "number": before, "layout": figure.get("layout", "below")}
        shown |= {"title": title, "subtitle": subtitle, "narrow": "", **drawn}
        shown["level"] = part.level if part else 4
        return self._source.block(
            "figure", figure=shown, table=table, notes=notes, files=files, refs=used
        )

    def _file(self, figure: Mapping[str, Any], number: str, index: int) -> list[dict[str, str]]:
        name = f"{self._source.notebook}-{figure['id']}.svg"
        svg = self.alone(figure, number, index)
        return [{"href": svg_link(svg), "name": name, "kind": "svg", "label": number}]

    def alone(self, figure: Mapping[str, Any], number: str, index: int) -> str:
        """Return the drawing of cell `index` as a file of its own, with all that says what it shows."""

        def plain(text: str) -> str:
            return self._source.resolve(text, index, text=True)

        under = [plain(note) for note in figure["notes"]] + [self._source.origin]
        title = f"{number}　{plain(figure['title'])}"
        return standalone(figure["svg"], title, plain(figure["subtitle"] or ""), under)

    def _levers(self, payload: Mapping[str, Any], index: int) -> str:
        self._complete(payload, LEVERS, index)
        used: list[str] = []
        texts = {key: self._source.line(payload[key], index, used) for key in ("title", "lead")}
        levers = [{**one, "said": course(one["start"])} for one in payload["levers"]]
        return self._source.block(
            "levers", box={**payload, **texts, "levers": levers}, said=_LEVER_WORDS
        )

    def _remark(self, payload: Mapping[str, Any], index: int) -> str:
        self._complete(payload, REMARK, index)
        used: list[str] = []
        title, *paragraphs = (
            self._source.line(text, index, used)
            for text in (payload["title"], *payload["paragraphs"])
        )
        shown = {"id": payload["id"], "title": title, "paragraphs": paragraphs}
        return self._source.block("remark", remark=shown)

    def _table(self, payload: Mapping[str, Any], index: int) -> str:
        used: list[str] = []
        table, files, notes = self._parts(payload, index, used)
        return self._source.block("table", table=table, notes=notes, files=files, refs=used)

    def _parts(
        self, payload: Mapping[str, Any], index: int, used: list[str]
    ) -> tuple[dict[str, str], list[dict[str, str]], list[str]]:
        self._complete(payload, TABLE, index)
        caption = self._source.resolve(payload["caption"], index, text=True, used=used)
        number = self._source.number("table", payload["id"])
        before = number if payload["id"] in self._source.parts else ""  # none in JupyterLab
        table = {
            "id": payload["id"],
            "label": number,
            "html": _with_caption(payload["html"], caption, before),
        }
        files = []
        if payload["csv"]:
            href = csv_link(payload["csv"])
            files = [{"href": href, "name": f"{payload['id']}.csv", "kind": "csv", "label": number}]
        notes = [self._source.line(note, index, used) for note in payload["notes"]]
        return table, files, notes

    def _recorded(self, rows: list[dict[str, Any]]) -> str:
        if self._source.kind == "lay" or not rows:
            return ""
        shown = [{**row, "cells": by_table(row["observations"])} for row in rows]
        return self._source.block(
            "facts", rows=shown, label=f"このページで記録した数値（{len(rows)}個）"
        )

    def _complete(self, payload: Mapping[str, Any], mime: str, index: int) -> None:
        missing = [key for key in _KEYS[mime] if key not in payload]
        if missing:
            raise self._source.refused(index, f"{mime} に {'、'.join(missing)} がありません")


def loose_numbers(notebook: Mapping[str, Any], name: str) -> list[str]:
    """Return a sentence for every number typed into the prose, titles and notes of a notebook."""
    return [
        sentence
        for index, cell in enumerate(notebook["cells"])
        for what, source in _prose(cell)
        for sentence in check_digits(source, place=place(name, index), what=what)
    ]


def csv_link(csv: str) -> str:
    """Return a CSV text as an address that a browser saves.

    With a byte-order mark: without it Excel under Japanese Windows reads the file as Shift_JIS. Japanese
    stands as it is, which an address may (URL Standard, section 1.3): escaped it takes three times the room,
    a fifth of the audit page.

    >>> csv_link("年\\n2022\\n")
    'data:text/csv;charset=utf-8,%EF%BB%BF年%0A2022%0A'
    """
    escaped = re.sub(r"[\x00-\x7f]+", lambda ascii: quote(ascii[0], safe=""), csv)
    return f"data:text/csv;charset=utf-8,%EF%BB%BF{escaped}"


def by_table(observations: Sequence[str]) -> list[tuple[str, str]]:
    """Return addresses ``source/table!row!column`` as one short line per table; of many only how many.

    Each number's row in the audit report links its cells; listed here too, those of the outlook grew its page
    from 0.4 to 1.5 MB within five years.

    >>> by_table(["plan/2-10!再犯者!H29", "plan/2-10!再犯者!R4", "plan/2-10!初犯者!R4"])
    [('plan/2-10', '再犯者：H29、R4／初犯者：R4')]
    >>> by_table([f"plan/2-10!再犯者!{year}" for year in range(2000, 2020)])
    [('plan/2-10', '20個')]
    """
    tables: dict[str, dict[str, list[str]]] = {}
    for address in observations:
        table, row, column = [*address.split("!", 2), "", ""][:3]
        tables.setdefault(table, {}).setdefault(row, []).append(column)
    if len(observations) > LISTED_CELLS:
        return [(table, f"{sum(map(len, rows.values()))}個") for table, rows in tables.items()]
    return [
        (table, "／".join(f"{row}：{'、'.join(columns)}" for row, columns in rows.items()))
        for table, rows in tables.items()
    ]


def _prose(cell: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if cell["cell_type"] == "markdown":
        yield "本文", cell["source"]
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        figure = data.get(FIGURE) or {}
        table = data.get(TABLE) or figure.get("table") or {}
        for key, what in (("title", "図の題"), ("subtitle", "図の副題"), ("desc", "図の説明")):
            yield what, figure.get(key) or ""
        yield "表の題", table.get("caption") or ""
        levers = data.get(LEVERS) or {}
        for key, what in (("title", "操作の題"), ("lead", "操作の説明")):
            yield what, levers.get(key) or ""
        remark = data.get(REMARK) or {}
        for text in (remark.get("title") or "", *remark.get("paragraphs", [])):
            yield "本文", text
        for note in [*figure.get("notes", []), *table.get("notes", [])]:
            yield "注", note


def _with_caption(table: str, caption: str, number: str) -> str:
    before = f'<span class="number">{number}</span>' if number else ""
    bare = re.sub(r"<caption\b.*?</caption>", "", table, count=1, flags=re.S)
    # A year in a column head may break in front of its bracket, so that many years fit on paper.
    bare = re.sub(r"(?<=[\d元])(?=\(\d{4}\)年)(?=[^<]*</th>)", "<wbr>", bare)
    return re.sub(
        r"<table\b[^>]*>",
        lambda opening: (
            f"{opening[0]}<caption><span>{before}{typeset(html.escape(caption))}</span></caption>"
        ),
        bare,
        count=1,
    )


def _html(text: str) -> Any:
    return new_output("display_data", {"text/html": text})


def _start(text: str, length: int = 80) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else words[:length] + "…"
