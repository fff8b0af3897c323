"""The code serves any municipality: only data and editions name one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.data import needs, study
from minato_analysis.project import editions
from minato_analysis.reporting.asking import asking

TEXTS = (".py", ".j2", ".css", ".js", ".yaml", ".ipynb", ".typed", "")
GENERATED = {"notebooks/audit_specimen.txt"}
"""What a command printed from the data of this project; another area's project does not get it."""


def texts(repository: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file of the package, its templates and the notebooks."""
    for folder in ("src", "notebooks"):
        for file in sorted((repository / folder).rglob("*")):
            name = file.relative_to(repository).as_posix()
            if file.is_file() and "__pycache__" not in name and name not in GENERATED:
                text = file.read_text(encoding="utf-8")
                yield name, without_defaults(text) if file.suffix == ".ipynb" else text


def without_defaults(text: str) -> str:
    """Return a notebook without its parameters cell, the one place for an area's defaults."""
    notebook = json.loads(text)
    cells = [
        cell for cell in notebook["cells"] if "parameters" not in cell["metadata"].get("tags", [])
    ]
    assert len(cells) == len(notebook["cells"]) - 1
    return json.dumps({**notebook, "cells": cells}, ensure_ascii=False)


def named(repository: Path) -> re.Pattern[str]:
    """Return what only data may say: names and codes of this area and its prefecture, its stations."""
    edition = editions.newest(repository)
    area, parent, _ = study.chain(repository, edition.area_code)
    rows = data.observations(repository)
    own = rows[(rows["series_id"] == edition.source_id) & (rows["station"] != "all")]
    words = {area.name_ja, area.name_en, area.code, edition.source_id, parent.name_ja, parent.code}
    words |= {f"{name}署" for name in own["station"]} | {f'"{name}"' for name in own["station"]}
    return re.compile("|".join(map(re.escape, sorted(words))) + r"|みなと|\bMinato\b")


def test_no_file_of_package_notebooks_or_templates_names_the_area(repository: Path) -> None:
    pattern = named(repository)
    found = {
        f"{name}: {match[0]}"
        for name, text in texts(repository)
        for match in pattern.finditer(text)
    }
    assert not found


def test_the_search_finds_what_it_looks_for(repository: Path) -> None:
    pattern = named(repository)
    text = (repository / "data/areas.csv").read_text(encoding="utf-8")
    assert len({match[0] for match in pattern.finditer(text)}) >= 4
    assert len(list(texts(repository))) > 150


def test_our_own_sentences_name_no_area_and_no_year(repository: Path) -> None:
    text = (repository / "data/sentences.yaml").read_text(encoding="utf-8")
    assert not named(repository).search(text)
    words = re.sub(r"^ *page: .*$", "", text, flags=re.M)  # names of notebooks
    assert not re.search(r"20\d\d|令和\d|平成\d", words)


@pytest.fixture(scope="module")
def notebooks(repository: Path) -> dict[str, dict[str, object]]:
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"))
        for file in sorted((repository / "notebooks").glob("*.ipynb"))
    }


def test_every_need_of_a_notebook_is_known_and_stands_where_it_can_be_left_out(
    notebooks: dict[str, dict[str, object]],
) -> None:
    for notebook in notebooks.values():
        assert needs.fit(notebook, needs.NEEDS) is notebook
        left = needs.fit(notebook, ())
        assert left["cells"]


def test_what_prose_asks_for_is_known(notebooks: dict[str, dict[str, object]]) -> None:
    asked = [
        id
        for notebook in notebooks.values()
        for id in re.findall(r"(?:has|lacking)\(\\\"([^\"]+)\\\"", json.dumps(notebook))
    ]
    assert len(asked) > 20
    for id in (one for ids in asked for one in ids.split()):
        assert needs.known(id)


def test_this_edition_lacks_nothing(repository: Path) -> None:
    edition = editions.newest(repository)
    assert needs.met(repository, edition.parameters()) == set(needs.NEEDS)
    ask = asking(repository, edition.parameters())
    assert ask["plan"] == "計画（素案）"
    assert ask["beyond"] is True
