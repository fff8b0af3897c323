"""Small notebooks for tests, and a look into what they printed."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook(root: Path, *sources: str) -> Path:
    """Write ``notebooks/made_up.ipynb``: one cell with the parameter `who`, then one for each source."""
    cells = [nbformat.v4.new_code_cell('who = "nobody"', metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"
    path = root / "notebooks/made_up.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    return path


def printed(executed: Path) -> str:
    """Return the text that an executed notebook printed."""
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    return "".join("".join(output.get("text", "")) for output in outputs)
