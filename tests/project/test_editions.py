"""Parameters of an edition: typed, validated, refused with a suggestion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from minato_analysis.project import editions
from minato_analysis.project.editions import EditionError, Parameters

GOOD: dict[str, Any] = {
    "edition": "2024",
    "area_code": "01100",
    "source_id": "made-up",
    "first_year": 2017,
    "last_year": 2022,
    "groups_first_year": 2018,
    "target_year": 2029,
    "confidence": 0.95,
    "as_of": "2025-01-31",
}


def file(root: Path, **changes: str | None) -> Path:
    values = {name: str(value) for name, value in GOOD.items()}
    values |= {"title": "試験版", "subject": "架空の計画", "built": "令和8(2026)年1月1日"}
    lines = [f"{name}: {value}" for name, value in (values | changes).items() if value is not None]
    target = root / "reports/2024/edition.yaml"
    target.parent.mkdir(parents=True)
    target.write_text("\n".join(lines), encoding="utf-8")
    return root


def test_an_area_code_keeps_its_leading_zero_without_quotes(tmp_path: Path) -> None:
    edition = editions.load(file(tmp_path), "2024")
    assert edition.area_code == "01100"
    assert edition.first_year == 2017
    assert edition.parameters() == GOOD


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"frist_year": "2017"},
            "「frist_year」という名前のパラメータはありません。「first_year」のことですか",
        ),
        ({"first_year": "平成29"}, "「first_year」の値 '平成29' は使えません"),
        ({"area_code": "1100"}, "「area_code」の値 '1100' は使えません"),
        ({"area_code": None}, "「area_code」がありません"),
        ({"confidence": "95"}, "「confidence」の値 '95' は使えません"),
        ({"last_year": "2016"}, "が必要です"),
        ({"target_year": "2020"}, "first_year < last_year < target_year が必要です"),
        ({"edition": "2025"}, "フォルダは「2024」です"),
        ({"edition": "../2024"}, "「edition」の値 '../2024' は使えません"),
    ],
)
def test_bad_parameters_are_refused_with_a_suggestion(
    tmp_path: Path, changes: dict[str, str | None], message: str
) -> None:
    with pytest.raises(EditionError) as refused:
        editions.load(file(tmp_path, **changes), "2024")
    assert message in str(refused.value)
    assert "reports/2024/edition.yaml" in str(refused.value)


def test_a_number_for_an_area_code_in_a_notebook_is_refused_with_the_text_to_write() -> None:
    with pytest.raises(EditionError, match='引用符で囲んだ5桁の文字で書いてください: "01100"'):
        editions.validate(Parameters, GOOD | {"area_code": 1100}, "notebooks/x.ipynb", strict=True)


def test_a_notebook_gets_no_silent_conversions() -> None:
    for name, value in (("first_year", "2017"), ("confidence", "0.95"), ("first_year", 2017.0)):
        with pytest.raises(EditionError, match=f"「{name}」の値"):
            editions.validate(Parameters, GOOD | {name: value}, "notebooks/x.ipynb", strict=True)


def test_a_missing_edition_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="ある版: 2024"):
        editions.load(file(tmp_path), "2023")
    (tmp_path / "reports/2024/edition.yaml").write_text("- 1", encoding="utf-8")
    with pytest.raises(EditionError, match="「名前: 値」"):
        editions.load(tmp_path, "2024")


def test_every_notebook_has_the_parameters_of_the_model(repository: Path) -> None:
    edition = editions.load(repository, "2024")
    for path in sorted((repository / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        cells = [one for one in notebook.cells if "parameters" in one.metadata.get("tags", [])]
        assert len(cells) == 1, path.name
        defaults: dict[str, Any] = {}
        exec(cells[0].source, {}, defaults)
        given = {name: defaults[name] for name in Parameters.model_fields}
        editions.validate(Parameters, given, path.name, strict=True)
        # `papermill --help-notebook` tells type and meaning of each.
        told = papermill.inspect_notebook(str(path))
        assert set(told) == set(defaults) - {"__annotations__"}, path.name
        for name, about in told.items():
            assert about["inferred_type_name"] == type(defaults[name]).__name__, (path.name, name)
            assert about["help"], (path.name, name)
        assert edition.edition == "2024"


def test_notebooks_hold_no_outputs_and_define_no_functions(repository: Path) -> None:
    for path in sorted((repository / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        # As JupyterLab would save it: opening and saving without an edit changes nothing in git.
        assert nbformat.writes(notebook) == path.read_text(encoding="utf-8").removesuffix("\n"), (
            path.name
        )
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert cell.outputs == []
                assert cell.execution_count is None
                assert not any(word in cell.source for word in ("def ", "lambda", "class "))
