"""One executed notebook to one page: in go notebook, facts and names, out goes HTML.

The page follows from its arguments alone: the same arguments give the same bytes. No clock is
read, no path and no random id is printed, nothing is fetched.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import nbformat
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from nbconvert.exporters import TemplateExporter
from traitlets import default

from minato_analysis.numbers.facts import FactBook
from minato_analysis.numbers.levers import MIME as LEVERS
from minato_analysis.numbers.tables import MINUS
from minato_analysis.project.prose_cells import as_markdown
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.markdown import PageMarkdown
from minato_analysis.reporting.numbered import numbered, referring
from minato_analysis.reporting.outputs import (
    RenderOutputs,
    ResolveMarkdown,
    Source,
    loose_numbers,
)
from minato_analysis.reporting.page import Doors, Page
from minato_analysis.reporting.prose import resolve
from minato_analysis.reporting.templating import OPTIONS, TEMPLATES, environment
from minato_analysis.reporting.words import WORDS


class _Compiled(BytecodeCache):
    """Compiled templates, kept for the next page as long as their source is the same."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()
_NEGATIVE = re.compile(r"<(svg|script)\b.*?</\1>|<[^>]*>|△(?=\d)", re.S)


class ReportExporter(TemplateExporter):
    """nbconvert exporter with the templates of this package and nothing else.

    Derived from ``TemplateExporter``, not ``HTMLExporter``: the latter parses the finished page
    once more, which takes seconds on a large page and lower-cases the attributes of drawings,
    and carries addresses of scripts to load. Template directories of the user or the system are
    not searched.
    """

    export_from_notebook = "Report page"
    output_mimetype = "text/html"

    @default("file_extension")  # type: ignore[untyped-decorator]
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_file")  # type: ignore[untyped-decorator]
    def _template_file_default(self) -> str:
        return "page.html.j2"

    @default("template_paths")  # type: ignore[untyped-decorator]
    def _template_paths(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("default_preprocessors")  # type: ignore[untyped-decorator]
    def _default_preprocessors(self) -> list[Any]:
        return []

    def _create_environment(self) -> Environment:
        created: Environment = super()._create_environment()
        return created.overlay(**OPTIONS, bytecode_cache=_COMPILED)  # type: ignore[arg-type]


def to_html(
    notebook: Mapping[str, Any], page: Page, facts: FactBook, names: Mapping[str, object]
) -> str:
    """Return the page of an executed notebook.

    Parameters
    ----------
    notebook : mapping
        Notebook in format 4, with outputs; not changed.
    page : Page
        Title, kind and header strip.
    facts : FactBook
        All facts the notebook may refer to.
    names : mapping
        Names of the edition (see :mod:`minato_analysis.reporting.prose`).

    Returns
    -------
    str
        HTML, ends with a newline. The facts on it are read back with
        :func:`minato_analysis.reporting.pagecheck.facts_on`.

    Raises
    ------
    ReportError
        ``E3-LOOSE-DIGIT`` (all of the notebook at once), ``E3-OUTPUT``, ``E3-NAME``, ``E3-PROSE``.
    FactError
        ``E3-FACT``: reference to an unknown fact.
    """
    notebook = as_markdown(notebook)
    loose = loose_numbers(notebook, page.name)
    if loose:
        raise ReportError("E3-LOOSE-DIGIT", page.name, "\n".join([f"{len(loose)}か所", *loose]))
    source = reading(notebook, page, facts, names)
    words, parts, title = WORDS[page.lang], source.parts, _title(page, facts, source.names)
    exporter = ReportExporter(
        preprocessors=[ResolveMarkdown(source), RenderOutputs(source)],
        filters={"page_markdown": PageMarkdown()},
    )
    exporter.environment.globals["page"] = replace(page, title=title)
    listed = [
        (one.id, words[one.what].format(number=one.number), source.resolve(one.title, 0, text=True))
        for one in parts.values()
        if one.what == "figure"
    ]
    exporter.environment.globals |= _scripts_of(notebook) | {"words": words, "parts": listed}
    html, _ = exporter.from_notebook_node(nbformat.from_dict(notebook))
    return spoken(html.rstrip("\n") + "\n")


def spoken(html: str) -> str:
    """Return a finished page whose negative numbers a voice says with their sign, in tables or not.

    >>> spoken('<main aria-label="△2"><data value="-2.0">△2.0</data>')
    '<main aria-label="△2"><data value="-2.0"><span role="img" aria-label="マイナス">△</span>2.0</data>'
    """
    head, mark, body = html.partition("<main")
    said = _NEGATIVE.sub(lambda one: MINUS if one[0] == "△" else one[0], mark + body)
    return head + said


def reading(
    notebook: Mapping[str, Any], page: Page, facts: FactBook, names: Mapping[str, object]
) -> Source:
    """Return what the texts of an executed notebook are read with; its prose stands in Markdown cells."""
    parts, words = numbered(notebook), WORDS[page.lang]
    names = {"ref": referring(parts, words, sheets=page.kind == "lay"), **names}
    title = _title(page, facts, names)
    origin = words["separator"].join((page.object, page.edition, title, f"{page.name}.html"))
    return Source(page.name, page.kind, facts, names, page.lang, parts, origin)


def index_page(page: Page, doors: Doors, changes: tuple[str, ...] = ()) -> str:
    """Return ``index.html``: three doors (会議で読む, 分析を詳しく見る, 数値を確かめる).

    Parameters
    ----------
    page : Page
        Header strip; its title is the heading.
    doors : Doors
        The pages behind each door. An empty door says that there is nothing yet.
    changes : tuple of str
        What changed in this edition, one sentence each.
    """
    return beside_page("doors.html.j2", page, doors=doors, changes=changes)


def beside_page(template: str, page: Page, **values: Any) -> str:
    """Return a page that is no notebook, made by one of the templates.

    Parameters
    ----------
    template : str
        Its name, e.g. ``printed.html.j2``.
    page : Page
        Header strip; its title is the heading.
    **values
        What the template is filled with.
    """
    made = environment().get_template(template)
    values |= {"page": page, "words": WORDS[page.lang]}
    html: str = made.render(**values)
    if 'class="scroll"' in html:  # whether it scrolls is known in the browser
        html = made.render(**values, **_scripts(["page.js"]))
    return html.rstrip("\n") + "\n"


def _scripts_of(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scripts a notebook's page needs."""
    every = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    levers = any(LEVERS in one.get("data", {}) for one in every)
    return _scripts(["page.js"] * bool(every) + ["levers.js"] * levers) | {"levers": levers}


def _scripts(names: Sequence[str]) -> dict[str, str]:
    """Return scripts and the hash that allows them, and nothing else, to run."""
    script = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {"script": script, "script_hash": f"sha256-{digest}"}


def _title(page: Page, facts: FactBook, names: Mapping[str, object]) -> str:
    return resolve(page.title, facts, names, text=True, place=page.name)
