"""The executed notebook of a page as an edition keeps it: ``reports/<edition>/notebooks/<name>.ipynb``.

In: an executed notebook, and what its page is read with. Out: a notebook in format 4 that a repository
browser, JupyterLab or VS Code shows as the page reads, with the code between: finished sentences under each
cell of prose (its template folded), tables, every figure once, as a drawing with its title and notes. Facts
keep their markup, so that each can be held against ``facts.json``. What differs by run is not in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines

from minato_analysis.numbers.facts import MIME as FACTS
from minato_analysis.numbers.levers import MIME as LEVERS
from minato_analysis.numbers.remarks import MIME as REMARK
from minato_analysis.project.prose_cells import prose
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.markdown import strong
from minato_analysis.reporting.numbered import ASIDE
from minato_analysis.reporting.outputs import FIGURE, TABLE, RenderOutputs, Source
from minato_analysis.reporting.pagecheck import leftovers

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SHOWN = ("image/svg+xml", "image/png", "text/html", "text/markdown", "text/latex", "text/plain")
"""What is kept of an output no page shows: the first of these that there is."""

LARGEST = 400_000
"""Bytes of one notebook; a repository browser shows none of several megabytes."""

_ON_PAGE = re.compile(r'<span class="on-paper">.*?</span>|<style scoped>.*?</style>\n?', re.S)
_WRAPPED = re.compile(r'<(span) class="whole">(.*?)</\1>|<(a) href="#[^"]*">(.*?)</\3>', re.S)
_BESIDE = re.compile(r'(?<=href=")(?=[\w-]+\.html)|(?<=\]\()(?=[\w-]+\.html)')
_ADDRESS = re.compile(r"(?<=\bat )0x[0-9a-f]{6,}")
_CLOCK = re.compile(
    r"\b((?:Date|Time):(?:</th>)?\s*(?:<td>)?)\s*(?:\w{3}, \d\d \w{3} \d{4}|\d\d:\d\d:\d\d)"
)
"""The day and hour of a statsmodels summary."""


def kept(notebook: NotebookNode, source: Source, *, closed: bool = False) -> str:
    """Return the text of an executed notebook as an edition keeps it.

    Parameters
    ----------
    notebook : NotebookNode
        With outputs, every one of them allowed on the page; not changed.
    source : Source
        What the texts of its page are read with.
    closed : bool
        Whether a source of the project is not public. Outputs that no page shows, frames and summaries, are
        then left out: no check of small numbers sees them.

    Raises
    ------
    ReportError
        ``E3-EXECUTED``: traces of the machine in an output, or a notebook that is too large to be shown.
    """
    outputs = _Outputs(source, closed=closed)
    cells = [_cell(cell, outputs, index) for index, cell in enumerate(notebook.cells)]
    found = [one for cell in cells for one in leftovers(_written(cell.get("outputs", [])))]
    form = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    text = _written(split_lines(NotebookNode(form))) + "\n"
    if len(text.encode()) > LARGEST:
        found.append(f"{len(text.encode()):,}バイトあります（{LARGEST:,}バイトまで）")
    if found:
        raise ReportError("E3-EXECUTED", source.notebook, "\n".join(found))
    return text


def _written(form: object) -> str:
    return json.dumps(form, ensure_ascii=False, indent=1, sort_keys=True)


def _cell(cell: Mapping[str, Any], outputs: _Outputs, index: int) -> NotebookNode:
    """Return a cell with what it shows; the template of prose is folded, as in ``notebooks/``."""
    made = {"cell_type": cell["cell_type"], "id": cell["id"], "source": cell["source"]}
    if cell["cell_type"] == "markdown":
        return NotebookNode(made | {"metadata": {}})
    text, tags = prose(cell), cell["metadata"].get("tags", [])
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    if text is not None:
        metadata["jupyter"] = {"source_hidden": True}
        bundles = [outputs.markdown(text, index)] if text else []
    else:
        bundles = list(outputs.of(cell, index))
    shown = [
        NotebookNode(output_type="display_data", metadata={}, data=NotebookNode(one))
        for one in bundles
    ]
    made |= {"metadata": metadata, "outputs": shown, "execution_count": cell["execution_count"]}
    return NotebookNode(made)


class _Outputs(RenderOutputs):
    """Outputs as a viewer of notebooks shows them, read with what the page is read with."""

    def __init__(self, source: Source, *, closed: bool) -> None:
        super().__init__(source)
        self._closed = closed

    def markdown(self, template: str, index: int) -> dict[str, str]:
        """Return the sentences of a cell of prose."""
        return {"text/markdown": _apart(strong(self._source.resolve(template, index))).strip("\n")}

    def of(self, cell: Mapping[str, Any], index: int) -> Iterator[dict[str, str]]:
        """Yield what a computing cell shows."""
        aside = ASIDE in cell["metadata"].get("tags", ())
        for output in cell["outputs"]:
            if aside and self._closed:
                continue
            if output["output_type"] == "stream":
                if output["name"] == "stdout":
                    yield {"text/plain": output["text"]}
                continue
            shown = self._bundle(output["data"], index, aside=aside)
            if shown:
                yield shown

    def _bundle(self, data: Mapping[str, Any], index: int, *, aside: bool) -> dict[str, str]:
        if not aside:
            for mime, said in (
                (FIGURE, self._drawn),
                (TABLE, self._tabled),
                (REMARK, self._said),
                (LEVERS, self._said),
                (FACTS, self._counted),
            ):
                if mime in data:
                    return said(data[mime], index)
        mime = next((one for one in SHOWN if one in data), "")
        text = _CLOCK.sub(r"\1-", _ADDRESS.sub("0x…", _apart(data[mime]))) if mime else ""
        return {mime: text} if text else {}

    def _drawn(self, figure: Mapping[str, Any], index: int) -> dict[str, str]:
        number = self._source.number("figure", figure["id"])
        told = (self._source.resolve(figure[part], index, text=True) for part in ("title", "desc"))
        svg = self.alone(figure, number, index)
        return {"image/svg+xml": svg, "text/plain": "\n".join((number, *told))}

    def _tabled(self, payload: Mapping[str, Any], index: int) -> dict[str, str]:
        table, _, notes = self._parts(payload, index, [])
        under = "".join(f"<li>{note}</li>\n" for note in notes)
        return {"text/html": _apart(table["html"] + (f"\n<ul>\n{under}</ul>" if notes else ""))}

    def _said(self, payload: Mapping[str, Any], index: int) -> dict[str, str]:
        title, *lines = (
            self._source.line(text, index, [])
            for text in (payload["title"], *payload.get("paragraphs", [payload.get("lead", "")]))
        )
        head = [f"<strong>{title}</strong>"] if title else []
        return {"text/markdown": _apart("\n\n".join([*head, *lines]))}

    def _counted(self, rows: list[Any], index: int) -> dict[str, str]:
        if self._source.kind == "lay" or not rows:
            return {}
        told = f"このノートブックが記録した数値（{len(rows)}個）は ../facts.json にあります。"
        return {"text/plain": told}


def _apart(text: str) -> str:
    """Return a text of a page for a place where there is no page around it, one folder below the pages.

    >>> _apart('<a href="#key-figure">図1</a>と[取組の一覧](07_measures.html)')
    '図1と[取組の一覧](../07_measures.html)'
    """
    text = _WRAPPED.sub(lambda one: one[2] or one[4] or "", _ON_PAGE.sub("", text))
    return _BESIDE.sub("../", text)
