"""Names and values given as parameters end as data or as an error, never as code or as another folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from minato_analysis.execution.run import run
from minato_analysis.project import editions
from minato_analysis.project.editions import Edition, EditionError, Parameters, validate

HOSTILE = (
    '"; import os; os.system("touch ran"); "',
    "'; import os\n__import__('os').system('touch ran')  # '",
    "x\nopen('ran', 'w')\n",
    '"""\nopen("ran", "w")\n"""',
    "\\'; open('ran','w'); '",
    "{{ 7 * 7 }}{% for x in y %}",
    "__import__('os').system('touch ran')",
    "$(touch ran) `touch ran`",
    "a\u2028open('ran','w')",
    "<script>alert(1)</script>",
    "../../etc",
    "a/b",
    "a\x00b",
)


@pytest.fixture(scope="module")
def good(repository: Path) -> dict[str, Any]:
    return editions.load(repository, "2024").model_dump()


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["edition", "area_code", "source_id", "as_of"])
def test_names_of_folders_and_sources_are_refused(
    good: dict[str, Any], name: str, value: str
) -> None:
    known = set(Parameters.model_fields)
    values = {key: one for key, one in good.items() if key in known} | {name: value}
    for strict in (True, False):
        with pytest.raises(EditionError, match=f"E0-PARAMETER reports/x: 「{name}」"):
            validate(Parameters, values, "reports/x", strict=strict)


@pytest.mark.parametrize("value", HOSTILE)
def test_numbers_are_numbers(good: dict[str, Any], value: str) -> None:
    for name in ("last_year", "confidence"):
        with pytest.raises(EditionError, match="E0-PARAMETER"):
            validate(Edition, good | {name: value}, "reports/x", strict=False)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_name_of_a_parameter_is_code(good: dict[str, Any], value: str) -> None:
    with pytest.raises(EditionError, match="という名前のパラメータはありません"):
        validate(Edition, good | {value: "1"}, "reports/x", strict=False)


@pytest.mark.parametrize("name", ["../2024", "2024/../../x", "/tmp", ".."])
def test_an_edition_is_not_read_from_another_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "reports").mkdir()
    for folder in (tmp_path / "2024", tmp_path / "reports/2024"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / editions.FILE).write_text("edition: '2024'\n", encoding="utf-8")
    with pytest.raises(EditionError):
        editions.load(tmp_path, name)


def test_yaml_of_an_edition_is_read_as_text(tmp_path: Path) -> None:
    folder = tmp_path / "reports/x"
    folder.mkdir(parents=True)
    (folder / editions.FILE).write_text(
        f"edition: x\ntitle: !!python/object/apply:os.system ['touch {tmp_path}/ran']\n",
        encoding="utf-8",
    )
    with pytest.raises(EditionError):
        editions.load(tmp_path, "x")
    assert not (tmp_path / "ran").exists()


def test_yaml_is_read_with_safe_loaders_only(repository: Path) -> None:
    unsafe = re.compile(
        r"unsafe_load|full_load|yaml\.(?:Unsafe|Full|C?)Loader\b|(?<![\w.])(?:eval|exec)\("
    )
    for file in (repository / "src").rglob("*.py"):
        assert not unsafe.search(file.read_text(encoding="utf-8")), file


def test_values_reach_a_notebook_as_data(tmp_path: Path) -> None:
    cells = [
        nbformat.v4.new_code_cell("texts = []\nother = 0", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("import json\nprint(json.dumps([texts, other]))"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"
    notebook = tmp_path / "notebooks/made_up.ipynb"
    notebook.parent.mkdir()
    nbformat.write(made, notebook)
    given = {
        "texts": list(HOSTILE),
        "other": {key: [key] for key in HOSTILE},
        "x = open('ran', 'w')\ny": 1,
    }
    output = tmp_path / "build/made_up.ipynb"
    run(notebook, output, given, root=tmp_path, inputs=())
    executed = json.loads(output.read_text(encoding="utf-8"))
    printed = "".join("".join(one["text"]) for one in executed["cells"][-1]["outputs"])
    assert json.loads(printed) == [given["texts"], given["other"]]
    assert sorted(one.name for one in tmp_path.rglob("*ran*")) == []
