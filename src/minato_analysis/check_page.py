"""The page of ``minato check``: the ladder's steps, readable without a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from minato_analysis import editions
from minato_analysis.ladder import Step
from minato_analysis.reporting.pages import edition_page
from minato_analysis.reporting.templating import environment
from minato_analysis.reporting.words import WORDS

FILE = "build/check.html"


def check_page(steps: Sequence[Step], root: Path) -> str:
    """Return the page as HTML; the header strip is that of the newest edition.

    Parameters
    ----------
    steps : sequence of Step
        See :func:`minato_analysis.ladder.climb`.
    root : Path
        The project folder.
    """
    edition = editions.load(root, editions.names(root)[-1])
    count = sum(len(one.errors) for one in steps)
    verdict = (
        f"直すところが{count}件あります。直してから、もう一度 minato check を実行してください。"
        if count
        else "直すところはありません。"
    )
    page = edition_page("check", edition, root)
    template = environment().get_template("check.html.j2")
    html: str = template.render(page=page, words=WORDS[page.lang], steps=steps, verdict=verdict)
    return html.rstrip("\n") + "\n"
