"""An invented edition of ten years: the published data, and four more years that no document has printed."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from minato_analysis import data
from minato_analysis.data import study
from minato_analysis.numbers import facts
from minato_analysis.project import editions, prose_cells
from minato_analysis.reporting.asking import asking
from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.lay import lay
from minato_analysis.reporting.pages import edition_page

DOCUMENT = "invented-delivery"
LAST = 2026
CHECKS = "01_data_quality"
"""The notebook on the published tables: the invented years have none."""

ANALYSES = (
    "02_reoffender_trends",
    "03_cannabis_comparison",
    "04_indicator_2029",
    "05_plan_statements",
    "06_context",
    "07_measures",
)
EDITION = "2028"
STEPS = {2023: 0.94, 2024: 1.02, 2025: 1.05, 2026: 0.97}
"""Of each year's counts to those of the last printed year."""


def ten_years(repository: Path, folder: Path) -> editions.Edition:
    """Write the data and the parameters of the invented edition below `folder`, and return it."""
    for part in ("data", "notebooks"):
        shutil.copytree(repository / part, folder / part)
    shutil.copytree(repository / "reports/2024", folder / "reports/2024")
    package = data.descriptor(folder)
    package["source_documents"][DOCUMENT] = {
        "title": "架空の提供数値（令和10年）",
        "date": "2028-03",
        "publisher": "架空",
    }
    text = json.dumps(package, ensure_ascii=False)
    (folder / data.DESCRIPTOR).write_text(text, encoding="utf-8")
    edition = editions.newest(repository)
    rows = pd.read_csv(
        folder / data.OBSERVATIONS, dtype=str, keep_default_na=False, na_values={"value": [""]}
    )
    later = [_year(rows, edition, year, step) for year, step in STEPS.items()]
    pd.concat([rows, *later]).to_csv(folder / data.OBSERVATIONS, index=False)
    changed = {
        "edition": EDITION,
        "title": "架空の版",
        "last_year": LAST,
        "as_of": "2028-12-31",
    }
    values = edition.model_dump(exclude={"corrections"}) | changed
    file = folder / "reports" / EDITION / editions.FILE
    file.parent.mkdir()
    file.write_text("".join(f"{name}: '{one}'\n" for name, one in values.items()), encoding="utf-8")
    return editions.load(folder, EDITION)


def _year(rows: pd.DataFrame, edition: editions.Edition, year: int, step: float) -> pd.DataFrame:
    """Return the rows of the last printed year as those of a later one, their counts changed."""
    national = rows["series_id"] == "national-penal-code"
    wanted = (rows["series_id"] == edition.source_id) & (rows["year"] == str(edition.last_year))
    wanted |= (
        national
        & (rows["year"] == str(edition.last_year))
        & ~rows["measure"].eq("reoffender_share")
    )
    made = rows[wanted & ~rows["table"].eq("prose")].copy()
    made = made[~(made["measure"].str.contains("share") | made["measure"].str.contains("officer"))]
    if str(year) in set(rows[national]["year"]):
        made = made[made["series_id"] != "national-penal-code"]
    made["value"] = [str(round(float(one) * step)) for one in made["value"]]
    _add_up(made)
    own = made["series_id"] == edition.source_id
    made.loc[own, "source_id"] = DOCUMENT
    made.loc[own, "as_of"] = f"{year + 2}-03"
    made["year"], made["row"] = str(year), made["row"] + f" {year}"
    return made


def _add_up(made: pd.DataFrame) -> None:
    """Let first-time persons and reoffenders add up to the persons arrested after rounding."""
    place = ["source_id", "table", "area_code", "station", "offence", "age_band"]
    for _, one in made.groupby(place):
        at = one.drop_duplicates("measure").set_index("measure")["value"].astype(int)
        if {"persons_arrested", "first_time", "reoffenders"} <= set(at.index):
            total = at["first_time"] + at["reoffenders"]
            made.loc[one.index[one["measure"] == "persons_arrested"], "value"] = str(total)


def pages_of(
    repository: Path, folder: Path, edition: editions.Edition, names: tuple[str, ...]
) -> dict[str, str]:
    """Return the pages of the invented edition; its notebooks run in this process, in their order."""
    known = facts.loads((repository / "reports/2024/facts.json").read_text(encoding="utf-8"))
    book = {id: one for id, one in known.facts.items() if one.notebook == CHECKS}
    archive = folder / "build" / edition.edition / "analysis_facts.json"
    archive.parent.mkdir(parents=True)
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINATO_ROOT", str(folder))
        for name in (*ANALYSES, *names):
            archive.write_text(facts.dumps(book.values()), encoding="utf-8")
            notebook = _run(repository / "notebooks" / f"{name}.ipynb", edition)
            book |= {one.id: one for one in _recorded(notebook)}
            found[name] = notebook
        every = facts.FactBook("", book)
        return {name: _page(found[name], name, edition, every, folder) for name in names}


def _run(file: Path, edition: editions.Edition) -> nbformat.NotebookNode:
    """Return a notebook with the outputs of its cells: what an edition's kernel does, without a kernel."""
    notebook = nbformat.read(file, as_version=4)
    space: dict[str, Any] = {}
    for cell in (one for one in notebook.cells if prose_cells.prose(one) is None):
        tags = cell.metadata.get("tags", [])
        if "parameters" in tags:
            exec(cell.source, space)
            space |= edition.parameters()
            continue
        *body, last = ast.parse(cell.source).body
        shown = isinstance(last, ast.Expr) and not cell.source.rstrip().endswith(";")
        exec(compile(ast.Module(body if shown else [*body, last], []), file.name, "exec"), space)
        if not shown:
            continue
        assert isinstance(last, ast.Expr)
        value = eval(compile(ast.Expression(last.value), file.name, "eval"), space)
        if value is not None and "remove_output" not in tags:
            data_ = json.loads(json.dumps(value._repr_mimebundle_()))
            cell.outputs = [nbformat.v4.new_output("display_data", data_)]
    return notebook


def _recorded(notebook: nbformat.NotebookNode) -> list[facts.Fact]:
    return [
        facts.from_entry(row)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for row in output.data.get(facts.MIME, [])
    ]


def _page(
    notebook: nbformat.NotebookNode,
    name: str,
    edition: editions.Edition,
    book: facts.FactBook,
    folder: Path,
) -> str:
    page = edition_page(name, edition, folder)
    names = study.names(folder, edition) | asking(folder, edition.parameters(), page.lang)
    return to_html(notebook, page, lay(book), names)
