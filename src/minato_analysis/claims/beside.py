"""What must stand beside a number wherever it is quoted: a chance is not quoted without its range.

``data/sentences.yaml``::

    beside:
    - quoted: ["projection.{target}.pool.p_target"]      # ids of facts as the texts refer to them
      with: [["….low", "….high"], ["….dots.low", "….dots.high"]]   # all of one of these lists

In: the rules and an executed notebook. Out: a sentence for each text that quotes without it. A text is a
paragraph or item of the prose, the title or the description of a figure, a note, a paragraph of a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from minato_analysis.numbers.remarks import MIME as REMARK
from minato_analysis.project.prose_cells import prose

FIGURE = "application/vnd.minato.figure+json"
_REFERENCE = re.compile(r"""fact(?:_en)?\(\s*["']([^"']+)["']""")
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*] |\d+\. |<li>))|(?<=</li>)\n")

Rule = Mapping[str, Sequence[Any]]


def alone(rules: Iterable[Rule], page: str, notebook: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each text of a page that quotes a number without what belongs beside it."""
    rules = list(rules)
    found = []
    for text in _texts(notebook):
        named = set(_REFERENCE.findall(text))
        for rule in rules:
            quoted = sorted(named & set(rule["quoted"]))
            if quoted and not any(named >= set(one) for one in rule["with"]):
                wanted = "、".join(rule["with"][0])
                found.append(
                    f"E4-BESIDE {page}: 「{text.strip()[:60]}…」は {quoted[0]} を引いていますが、"
                    f"同じ文章に {wanted} がありません。"
                    "幅を並べて書いてください（data/sentences.yaml の beside）。"
                )
    return found


def _texts(notebook: Mapping[str, Any]) -> Iterator[str]:
    for cell in notebook["cells"]:
        yield from _PARAGRAPH.split(prose(cell) or "")
        for output in cell.get("outputs", ()):
            shown = output.get("data", {})
            figure, remark = shown.get(FIGURE), shown.get(REMARK)
            if figure:
                yield from (figure["title"], figure.get("desc", ""), *figure.get("notes", ()))
            if remark:
                yield from remark["paragraphs"]
