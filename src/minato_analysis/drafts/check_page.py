"""The page of ``minato check``: what is to be mended first, then the ladder's steps.

It is no page of an edition: its strip tells what was checked just now, and it links to nothing, for it stands
alone in ``build/``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from minato_analysis.drafts.ladder import Step
from minato_analysis.project import editions
from minato_analysis.reporting.page import Page
from minato_analysis.reporting.templating import environment
from minato_analysis.reporting.words import WORDS

FILE = "build/check.html"
TITLE = "受け取った数値の確認"

_BLOCK = re.compile(r"(?P<before>.*?)(?::\s*|\n\s*)(?P<block>- (?:\{.*\}|\w+:\s.*))\Z", re.S)
"""A sentence that ends with an entry to be written into a file."""


@dataclass(frozen=True)
class Told:
    """One sentence and what it asks to copy, if anything."""

    text: str
    block: str = ""


def told(sentence: str) -> Told:
    """Return a sentence apart from the entry it ends with.

    >>> told("E2-601 x: 理由を書くと受け入れられます: - {revision: a, reason: …}")
    Told(text='E2-601 x: 理由を書くと受け入れられます:', block='- {revision: a, reason: …}')
    >>> told("E2-104 x: 合いません。").block
    ''
    """
    found = _BLOCK.fullmatch(sentence)
    return Told(f"{found['before']}:", found["block"]) if found else Told(sentence)


def check_page(steps: Sequence[Step], root: Path) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    steps : sequence of Step
        See :func:`minato_analysis.drafts.ladder.climb`.
    root : Path
        The project folder.
    """
    wrong = [(step.name, [told(one) for one in step.errors]) for step in steps if step.errors]
    count = sum(len(sentences) for _, sentences in wrong)
    warnings = sum(len(step.warnings) for step in steps)
    strip = {
        "調べたもの": steps[0].summary,
        "結果": f"直すところ{count}件、理由を記録した注意{warnings}件",
    }
    blocks = [one.block for _, sentences in wrong for one in sentences if one.block]
    page = Page(
        name="check",
        title=TITLE,
        kind="lay",
        edition=editions.load(root, editions.names(root)[-1]).subject,
        built="",
        newest_data="",
        object="",
        verification="",
    )
    template = environment().get_template("check.html.j2")
    html: str = template.render(
        page=page,
        words=WORDS[page.lang],
        strip=strip,
        wrong=wrong,
        count=count,
        blocks=blocks,
        steps=[
            (step, [told(one) for one in step.errors], [told(one) for one in step.warnings])
            for step in steps
        ],
    )
    return html.rstrip("\n") + "\n"
