"""Executed notebooks held to the records, to ``notebooks/`` and the facts, and to a rebuilt edition."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from minato_analysis.audit import verify
from minato_analysis.audit.compare_notebooks import compare
from minato_analysis.audit.comparison import Comparison
from minato_analysis.published import ledger, manifest
from minato_analysis.published.verdict import Finding

NAME = "02_reoffender_trends.ipynb"
PATH = f"reports/2024/notebooks/{NAME}"

Form = dict[str, Any]


def edited(root: Path, edit: Callable[[Form], object]) -> None:
    """Change an executed notebook."""
    form = json.loads((root / PATH).read_text(encoding="utf-8"))
    edit(form)
    text = json.dumps(form, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (root / PATH).write_text(text, encoding="utf-8", newline="\n")


def recorded(root: Path) -> None:
    """Write manifest and ledger anew, so that they agree with the files."""
    file = root / "reports/2024" / manifest.FILE
    form = json.loads(file.read_text(encoding="utf-8"))
    files = {one["name"]: dict(one["files"]) for one in form["stages"]}
    files["product"][PATH] = manifest.sha256((root / PATH).read_bytes())
    file.write_text(manifest.rewritten(form, files), encoding="utf-8", newline="\n")
    line = ledger.added("", "2024", form["date"], manifest.sha256(file.read_bytes()))
    (root / ledger.FILE).write_text(line, encoding="utf-8", newline="\n")


def cell(form: Form, has: str) -> tuple[int, Form]:
    """Return the first cell with these words, and its number."""
    cells = enumerate(form["cells"], 1)
    return next(
        (number, one) for number, one in cells if has in json.dumps(one, ensure_ascii=False)
    )


def other_number(form: Form) -> str:
    number, found = cell(form, "49.0%</data>")
    data = found["outputs"][0]["data"]
    data["text/markdown"] = [one.replace("49.0%", "48.0%") for one in data["text/markdown"]]
    return f"セル{number}"


def other_code(form: Form) -> str:
    number, found = cell(form, "begin(")
    found["source"].append("\nconfidence = 0.5")
    return f"セル{number}"


def other_table(form: Form) -> str:
    number, found = cell(form, "<caption>")
    data = found["outputs"][0]["data"]
    data["text/html"] = [one.replace("0.0210", "0.0310") for one in data["text/html"]]
    return f"セル{number}"


def moved(form: Form, by: str) -> str:
    number, found = cell(form, "image/svg+xml")
    data = found["outputs"][0]["data"]
    text = "".join(data["image/svg+xml"]).replace(' y="', f' y="{by}', 1)
    data["image/svg+xml"] = text.splitlines(keepends=True)
    return f"セル{number}"


def told(findings: tuple[Finding, ...] | list[Finding]) -> list[tuple[str, str]]:
    return [(one.code, one.place) for one in findings if one.code.startswith("E5")]


@pytest.mark.parametrize("edit", [other_number, other_code, other_table])
def test_a_changed_notebook_is_told_by_its_cell(copied: Path, edit: Callable[[Form], str]) -> None:
    places: list[str] = []
    edited(copied, lambda form: places.append(edit(form)))
    found = told(verify.quickly(copied, "2024").findings)
    assert {code for code, _ in found} == {"E5-EXECUTED"}
    assert f"{PATH} {places[0]}" in {place for _, place in found}


@pytest.mark.parametrize(
    ("edit", "words"),
    [(other_number, "数値の一覧と違います"), (other_code, "notebooks/ のノートブックと違")],
)
def test_a_wrong_number_and_a_foreign_cell_show_where_the_records_agree(
    copied: Path, edit: Callable[[Form], str], words: str
) -> None:
    edited(copied, edit)
    recorded(copied)
    (found,) = [one for one in verify.quickly(copied, "2024").findings if one.code == "E5-EXECUTED"]
    assert words in found.message
    assert found.place.startswith(PATH)


def test_a_damaged_notebook_is_named(copied: Path) -> None:
    (copied / PATH).write_text("{", encoding="utf-8")
    found = verify.quickly(copied, "2024").findings
    assert ("E5-EXECUTED", PATH) in told(found)


@pytest.fixture
def rebuilt(copied: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The folders of the edition twice; the first is free to be changed."""
    other = tmp_path / "rebuilt"
    shutil.copytree(copied / "reports/2024/notebooks", other / "reports/2024/notebooks")
    return copied / "reports/2024", other / "reports/2024"


def held(folders: tuple[Path, Path]) -> Comparison:
    found = Comparison()
    compare(found, folders, ({}, {}))
    return found


def test_equal_notebooks_are_equal(rebuilt: tuple[Path, Path]) -> None:
    found = held(rebuilt)
    assert not found.findings
    assert found.levels["L3"].identical > 100
    assert not found.other_bytes


@pytest.mark.parametrize(
    ("edit", "level"),
    [
        (other_number, "L1"),
        (other_code, "L3"),
        (other_table, "L3"),
        (lambda form: moved(form, "9"), "L2"),
    ],
)
def test_a_rebuild_shows_the_cell_that_differs(
    rebuilt: tuple[Path, Path], copied: Path, edit: Callable[[Form], str], level: str
) -> None:
    places: list[str] = []
    edited(copied, lambda form: places.append(edit(form)))
    found = held(rebuilt)
    assert [(one.code, one.level) for one in found.findings] == [("E5-EXECUTED", level)]
    assert found.findings[0].place == f"{PATH} {places[0]}"
    assert found.other_bytes == [PATH]


def test_a_coordinate_may_move_by_a_fraction_and_nothing_else(
    rebuilt: tuple[Path, Path], copied: Path
) -> None:
    def nudge(form: Form) -> None:
        _, found = cell(form, "image/svg+xml")
        data = found["outputs"][0]["data"]
        text = "".join(data["image/svg+xml"])
        at = text.index(' y="') + 4
        end = text.index('"', at)
        data["image/svg+xml"] = [f"{text[:at]}{float(text[at:end]) + 0.01:.2f}{text[end:]}"]

    edited(copied, nudge)
    found = held(rebuilt)
    assert not found.findings
    assert len(found.near) == 1

    edited(copied, lambda form: form["cells"][0]["metadata"].update(note="x"))
    shutil.copy(rebuilt[1] / "notebooks/01_data_quality.ipynb", rebuilt[0] / "notebooks/x.ipynb")
    found = held(rebuilt)
    assert told(found.findings) == [("E5-ADDED", "reports/2024/notebooks/x.ipynb")]


def test_what_stands_in_no_cell_is_held_too(rebuilt: tuple[Path, Path], copied: Path) -> None:
    edited(copied, lambda form: form["cells"][0]["metadata"].update(note="x"))
    assert told(held(rebuilt).findings) == [("E5-EXECUTED", PATH)]
