"""The tables in disorder of ``tests/wild`` as received files: taken exactly, or refused; never wrongly."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from minato_analysis import data, received
from minato_analysis.cleaning import tables

from ..wild.test_wild import LAYOUT

WILD = Path(__file__).parents[1] / "wild"
CASES = [
    case
    for case in yaml.safe_load((WILD / "cases.yaml").read_text(encoding="utf-8"))
    if case["file"].endswith(".csv")
]
YEAR = 2021


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("wild")
    content = (WILD / "truth.csv").read_bytes()
    (root / "data").mkdir()
    (root / "data/truth.csv").write_bytes(content)
    resource = {
        "name": "truth", "path": "truth.csv", "title": "図表1-1 再犯者の割合", "figure": "1-1",
        "source_id": "made-up", "date": "2022-03", "reading": LAYOUT,
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    text = json.dumps({"resources": [resource]})
    (root / data.DESCRIPTOR).write_text(text, encoding="utf-8")
    (root / "data/definitions.yaml").write_text("made-up: {title: 作り物}\n", encoding="utf-8")
    (root / "data/areas.csv").write_text(
        "code,key,name_ja,name_en,kind,parent_code\n", encoding="utf-8"
    )
    return root


def observed(cells: list[list[str]]) -> list[tables.Observation]:
    return tables.observations(
        cells, LAYOUT, source_id="made-up", table="1-1", as_of="2022-03", file="x"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_taken_exactly_or_refused(case: dict[str, Any], encoding: str, folder: Path) -> None:
    file = folder / case["file"]
    text = (WILD / case["file"]).read_text(encoding="utf-8")
    # CP932 has no space that forbids a line break; files in it hold a full-width one.
    file.write_bytes((text if encoding == "utf-8" else text.replace("\xa0", "　")).encode(encoding))
    answers = {"tables": {file.stem: "1-1"}}
    found = received.read(file, data.descriptor(folder), folder, YEAR, answers)
    truth = observed(data.read_cells(data.descriptor(folder)["resources"][0], folder))
    if case["outcome"] == "cleaned":
        assert found.refused == ()
        assert found.notes == ()
        assert observed(found.tables["1-1"]) == truth
    elif case["code"].startswith("E1"):
        assert found.tables == {}
        assert found.refused
    else:
        # Readable numbers that break an identity: the checks refuse them; the reader points at each.
        changed = [one for one in observed(found.tables["1-1"]) if one not in truth]
        assert changed
        assert len(found.notes) == len(changed)
