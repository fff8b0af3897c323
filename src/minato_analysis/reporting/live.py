"""Prose in JupyterLab, VS Code and ``nbconvert --execute``: the finished sentences under their cell.

``%load_ext minato_analysis.reporting.live`` makes the cell magic ``%%prose`` known. A cell of it is Markdown
with
references to facts (:mod:`minato_analysis.reporting.prose`). Its sentences appear as soon as the cells that
record the facts have run, also those below it, and follow the facts when a cell runs again. Facts of other
notebooks are those of the published edition. Figures, tables and remarks stand there as on the page, with
title and notes. A build does without: pages are made from the Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minato_analysis.data import study as studies
from minato_analysis.figures import Figure
from minato_analysis.numbers.facts import Fact, FactBook, FactError, loads
from minato_analysis.numbers.remarks import Remark
from minato_analysis.numbers.tables import Table
from minato_analysis.project import program, yamls
from minato_analysis.project.prose_cells import attended

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

WAITING = "*（ここの文章は、必要な値を記録するセルを実行すると表示されます。）* `{}`"


STYLE = "<style>.figure-title {display: block; font-weight: 700}</style>"
"""The one rule of the pages' style sheet a figure cannot be read without."""


@dataclass
class Live:
    """The prose cells of one kernel that have run, with what stands under each."""

    shell: InteractiveShell
    shown: dict[str, tuple[Any, str]] = field(default_factory=dict)
    names: tuple[object, dict[str, object]] = (None, {})
    """A study and its names, which are long to find."""
    facts: dict[str, Fact] = field(default_factory=dict)
    """The facts of which the cells tell."""

    def prose(self, line: str, template: str) -> None:
        """Show the sentences of a cell; the magic ``%%prose``."""
        from IPython.display import display  # noqa: PLC0415 - only where there is a kernel

        if attended():
            said = self._said(template)
            self.shown[template] = (display(_markdown(said), raw=True, display_id=True), said)

    def follow(self, *_: object) -> None:
        """After a cell: show anew what says something else than before."""
        study = self.shell.user_ns.get("study")
        if not isinstance(study, studies.Study):
            return
        if study is self.names[0] and study.facts.all() == self.facts:
            return
        self.facts = study.facts.all()
        for template, (handle, before) in list(self.shown.items()):
            said = self._said(template)
            if said != before:
                handle.update(_markdown(said), raw=True)
                self.shown[template] = (handle, said)

    def as_on_page(self, shown: Any) -> dict[str, Any]:
        """Return what a figure, table or remark displays: on the screen the HTML of its page."""
        from minato_analysis.reporting.errors import ReportError  # noqa: PLC0415
        from minato_analysis.reporting.outputs import RenderOutputs, Source  # noqa: PLC0415

        bundle: dict[str, Any] = shown._repr_mimebundle_()
        study = self.shell.user_ns.get("study")
        if not isinstance(study, studies.Study):
            return bundle
        kind, lang, book = self._reading(study)
        page = RenderOutputs(Source(study.notebook, kind, book, self.names[1], lang))
        try:
            html = page.output({"output_type": "display_data", "data": bundle}, 0)
        except (FactError, ReportError) as error:
            html = f"<p>{escape(str(error))}</p>"
        return {**bundle, "text/html": f"{STYLE}{html}"}

    def _said(self, template: str) -> str:
        # A build never comes here, and a kernel of it need not load what makes pages.
        from minato_analysis.reporting import markdown, prose  # noqa: PLC0415
        from minato_analysis.reporting.errors import ReportError  # noqa: PLC0415

        study = self.shell.user_ns.get("study")
        if not isinstance(study, studies.Study):
            return WAITING.format("study = begin(…)")
        *_, book = self._reading(study)
        try:
            typed = prose.check_digits(template, place=study.notebook)
            source = prose.resolve(template, book, self.names[1])
        except FactError as error:
            return WAITING.format(error)
        except ReportError as error:
            return f"**{error}**"
        return "\n\n".join([markdown.readable(source).strip("\n"), *(f"> {one}" for one in typed)])

    def _reading(self, study: studies.Study) -> tuple[str, str, FactBook]:
        """Return kind and language of the notebook's page, and the facts as the page prints them."""
        from minato_analysis.reporting.lay import lay  # noqa: PLC0415

        about = _pages(study.folder).get(study.notebook, {})
        kind, lang = about.get("kind", "technical"), about.get("lang", "ja")
        if study is not self.names[0]:
            self.names = study, _names(study, lang)
        others = _published(study.folder, study.parameters.edition)
        found = {id: one for id, one in others.items() if one.notebook != study.notebook}
        book = FactBook(study.notebook, found | study.facts.all())
        return kind, lang, lay(book) if kind == "lay" else book


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Make ``%%prose`` known to a kernel, and let it show figures and tables as a page does."""
    live = Live(shell)
    shell.register_magic_function(live.prose, "cell", "prose")  # type: ignore[arg-type]
    if attended():
        shell.events.register("post_run_cell", live.follow)
        bundles = shell.display_formatter.mimebundle_formatter
        for kind in (Figure, Remark, Table):
            bundles.for_type(kind, live.as_on_page)
        for module, name in (("outlook_archive", "Kept"), ("statements_shown", "Cards")):
            bundles.for_type_by_name(f"minato_analysis.analyses.{module}", name, live.as_on_page)


def _names(study: studies.Study, lang: str) -> dict[str, object]:
    from minato_analysis.reporting.asking import asking  # noqa: PLC0415 - see above

    asked = asking(study.folder, study.parameters.model_dump(), lang)
    return studies.names(study.folder, study.parameters) | asked


@cache
def _pages(folder: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yamls.parse(
        program.at(folder, "notebooks/pages.yaml").read_text(encoding="utf-8")
    )
    return found


@cache
def _published(folder: Path, edition: str) -> dict[str, Fact]:
    file = folder / "reports" / edition / "facts.json"
    return loads(file.read_text(encoding="utf-8")).facts if file.is_file() else {}


def _markdown(text: str) -> dict[str, str]:
    return {"text/markdown": text, "text/plain": text}
