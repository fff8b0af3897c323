"""A page for a question of one's own: a notebook that builds as it is, and its entry among the pages.

In: the project folder and a name. Out: ``notebooks/<name>.ipynb``, made from the example
``notebooks/explore/your_question.ipynb``, and a line in ``notebooks/pages.yaml``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from minato_analysis.project import editions, program
from minato_analysis.project.defaults import with_parameters
from minato_analysis.project.files import write_all
from minato_analysis.reporting.pages import PAGES, listed

EXAMPLE = "notebooks/explore/your_question.ipynb"
NAME = re.compile(r"\d\d_[a-z][a-z0-9_]*")


class NewNotebookError(ValueError):
    """A name that no page can have."""


def create(root: Path, name: str, label: str) -> Path:
    """Write the notebook and its entry; nothing is overwritten.

    Raises
    ------
    NewNotebookError
        ``E3-NEW``: the name is no page's name, or is taken.
    """
    file = root / "notebooks" / f"{name}.ipynb"
    if not NAME.fullmatch(name):
        raise NewNotebookError(
            f"E3-NEW「{name}」: 二桁の番号、_、英小文字の名前にしてください（例 08_my_question）。"
        )
    taken = sorted(listed(root))
    if file.exists() or name in taken:
        raise NewNotebookError(
            f"E3-NEW {name}: この名前のページがあります（ある名前: {'、'.join(taken)}）。"
        )
    pages = program.at(root, PAGES).read_text(encoding="utf-8")
    about = json.dumps(label, ensure_ascii=False)
    entry = f"{name}:\n  {{kind: technical, door: analysis, label: {about}, note: {about}}}\n"
    write_all({file: _notebook(root, name), root / PAGES: pages.rstrip("\n") + "\n" + entry})
    return file


def _notebook(root: Path, name: str) -> str:
    """Return the example as a page: with the parameters of one, and facts named after it."""
    made = json.loads(program.at(root, EXAMPLE).read_text(encoding="utf-8"))
    page = json.loads(program.notebooks(root, "[0-9]*.ipynb")[0].read_text(encoding="utf-8"))
    if program.pinned(root):
        page = with_parameters(page, editions.newest(root).parameters())
    (parameters,) = (one for one in page["cells"] if _tagged(one))
    for cell in made["cells"]:
        source = "".join(cell["source"]).replace("begin, latest", "begin")
        source = source.replace('begin("your_question", latest())', f'begin("{name}", globals())')
        source = re.sub(r"\bquestion(?=[.\"-])", name.partition("_")[2], source)
        if _tagged(cell):
            source = "".join(parameters["source"]) + "\n" + source
        cell["source"] = source.splitlines(keepends=True)
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _tagged(cell: dict[str, dict[str, list[str]]]) -> bool:
    return "parameters" in cell["metadata"].get("tags", [])
