"""Sections make way for a sentence where the data do not have what they need."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis import data
from minato_analysis.cleaning.tables import COLUMNS
from minato_analysis.data import needs
from minato_analysis.data.needs import NeedError, fit
from minato_analysis.numbers.facts import FactBook
from minato_analysis.project.prose_cells import LOAD, MAGIC, prose
from minato_analysis.reporting.prose import check_digits, resolve

PARAMETERS = {
    "source_id": "plan", "as_of": "2024-12-31", "first_year": 2018, "last_year": 2020,
    "groups_first_year": 2019, "target_year": 2029,
}  # fmt: skip


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": source[:4], "metadata": {}, "source": source}


def code(source: str, *ids: str, **more: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {"minato": {"needs": list(ids), **more}} if ids else {}
    return {"cell_type": "code", "id": source[:4], "metadata": metadata, "source": source}


def notebook() -> dict[str, Any]:
    defaults = {**code("x = 1"), "metadata": {"tags": ["parameters"]}}
    return {
        "cells": [
            markdown("# 題\n\n答え"),
            defaults,
            code("begin", "2-10", leaves_out="page"),
            markdown("## 1 甲\n\n甲の文\n\n```\n## 見出しではない\n```\n\n## 2 乙\n\n乙の文"),
            code("two", "3-4"),
            code("more of two"),
            markdown("乙の続き\n\n### 2.1 丙\n\n丙の文"),
            code("part", "3-5", "3-4", leaves_out="cell"),
            markdown("丙の続き\n\n## 3 丁"),
            code("facts"),
        ]
    }


def left(*there: str) -> list[str]:
    return ["".join(cell["source"]) for cell in fit(notebook(), there)["cells"]]


def test_nothing_changes_where_everything_is_there() -> None:
    whole = notebook()
    before = copy.deepcopy(whole)
    assert fit(whole, needs.NEEDS) is whole
    assert whole == before


def test_a_section_is_cut_at_its_headings_and_a_cell_alone() -> None:
    assert left("2-10", "3-5") == [
        "# 題\n\n答え",
        "x = 1",
        "begin",
        # The heading stays: a section below it does.
        "## 1 甲\n\n甲の文\n\n```\n## 見出しではない\n```\n\n"
        '## 2 乙\n\n{{ lacking("3-4", "section") }}',
        "### 2.1 丙\n\n丙の文",
        '{{ lacking("3-4", "cell") }}',
        "丙の続き\n\n## 3 丁",
        "facts",
    ]


def several() -> dict[str, Any]:
    return {
        "cells": [
            markdown("# 題\n\n答え\n\n## 1 甲\n\n### 1.1 {{ area_name }}の丙\n\n丙の文"),
            code("one", "3-4"),
            markdown("### 1.2 丁\n\n丁の文"),
            code("two", "3-5"),
            code("three", "3-5", leaves_out="cell"),
            markdown("## 2 戊\n\n戊の文"),
            code("four", "3-3", leaves_out="cell"),
            code("five", "3-3", leaves_out="cell"),
            code("six", "3-3", "3-4", leaves_out="cell"),
        ]
    }


def sources(*there: str) -> list[str]:
    return ["".join(cell["source"]) for cell in fit(several(), there)["cells"]]


def test_sections_without_content_share_one_line_and_leave_no_empty_heading() -> None:
    assert sources("3-3")[:2] == ["# 題\n\n答え", "## 2 戊\n\n戊の文"]
    assert sources("3-3")[-1] == (
        "{% set head0 %}{{ area_name }}の丙{% endset %}{% set head1 %}丁{% endset %}"
        '{{ left_out(head0, needing("3-4"), head1, needing("3-5")) }}'
    )
    kept = sources("3-3", "3-5")
    assert kept[0] == "# 題\n\n答え\n\n## 1 甲"
    assert kept[1] == "### 1.2 丁\n\n丁の文"


def test_a_cell_is_told_once_in_a_section() -> None:
    assert sources("3-4", "3-5")[-1] == '{{ lacking("3-3", "cell") }}'
    assert sources("3-4", "3-5")[-2] == "## 2 戊\n\n戊の文"
    assert '{{ lacking("3-3 3-4", "cell") }}' in sources("3-5")  # another sentence


def test_the_line_names_headings_as_the_page_prints_them_and_passes_as_prose() -> None:
    line = sources("3-3")[-1]
    names = {
        "area_name": "架空市",
        "needing": str.split,
        "left_out": lambda *pairs: needs.together(
            dict(zip(pairs[::2], pairs[1::2], strict=True)),
            "ja",
            {"3-5": ("の使う年すべての値", "")},
        ),
    }
    assert check_digits(line, place="x") == []
    assert resolve(line, FactBook(""), names, text=True) == (
        "載せていない節：「架空市の丙」には図表3-4（警察署ごとの粗暴犯）、"
        "「丁」には図表3-5（警察署ごとの窃盗犯）の使う年すべての値が必要ですが、"
        "この地域のデータにはありません。"
    )


def test_a_table_of_some_years_is_not_said_to_be_missing(tmp_path: Path) -> None:
    there, partly = needs.state(project(tmp_path, *years("3-2", 2019)), PARAMETERS)
    assert "3-2" not in there
    assert set(partly) == {"3-2"}
    said = "図表3-2（警察署ごとの大麻）の使う年すべての値が必要"
    assert said in needs.sentence(["3-2"], "page", partly=partly)


def test_a_page_keeps_its_title_and_the_cell_parameters_are_written_into() -> None:
    assert left("3-4", "3-5") == ['# 題\n\n{{ lacking("2-10", "page") }}', "x = 1"]


def test_a_page_of_which_nothing_is_left_is_known() -> None:
    assert not needs.is_left_out(notebook())
    assert not needs.is_left_out(fit(notebook(), ["2-10"]))
    assert needs.is_left_out(fit(notebook(), ()))


def live() -> dict[str, Any]:
    """Return the same notebook with its prose in cells of the magic."""
    whole = notebook()
    cells = [
        code(f"{MAGIC}\n{one['source']}") if one["cell_type"] == "markdown" else one
        for one in whole["cells"]
    ]
    return {"cells": [code(LOAD), *cells]}


@pytest.mark.parametrize("there", [("2-10", "3-5"), ("2-10", "3-4", "3-5"), ("3-4",)])
def test_prose_that_is_a_cell_of_its_kind_makes_way_as_markdown_does(
    there: tuple[str, ...],
) -> None:
    cells = fit(live(), there)["cells"]
    # The magic is known whatever is missing, and each text is one that it can run.
    assert cells[0]["source"] == LOAD
    assert [prose(one) or one["source"] for one in cells[1:]] == left(*there)
    texts = [one for one in cells[1:] if prose(one) is not None]
    assert all(one["source"].startswith(MAGIC) for one in texts if one["cell_type"] == "code")


def test_a_page_of_prose_cells_of_which_nothing_is_left_is_known() -> None:
    assert needs.is_left_out(fit(live(), ["3-4"]))
    assert not needs.is_left_out(fit(live(), ["2-10"]))


def test_the_notebook_given_is_not_changed() -> None:
    whole = notebook()
    fit(whole, ["2-10"])
    assert whole == notebook()


@given(st.sets(st.sampled_from(["2-10", "3-4", "3-5"])))
def test_what_is_left_has_no_cell_that_lacks_something(there: set[str]) -> None:
    for cell in fit(notebook(), there)["cells"]:
        wanted = cell["metadata"].get("minato", {}).get("needs", [])
        assert set(wanted) <= there


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (code("a", "no such"), "「no such」という必要な資料はありません"),
        (code("a", "3-4", leaves_out="everything"), "leaves_out「everything」はありません"),
        ({**markdown("文"), "metadata": {"minato": {"needs": ["3-4"]}}}, "コードのセル"),
    ],
)
def test_a_need_that_cannot_be_meant_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(NeedError, match=said):
        fit({"cells": [markdown("# 題"), wrong]}, ())


def test_a_need_above_every_heading_is_refused() -> None:
    with pytest.raises(NeedError, match="見出しがありません"):
        fit({"cells": [code("a", "3-4")]}, ())


def test_sentences_name_all_that_is_missing_in_order() -> None:
    said = needs.sentence(["statements", "2-4"], "page")
    assert said.startswith("このページには図表2-4（罪種別の検挙人員）と点検する計画の記述")
    assert needs.sentence(["target"], "section", "en").startswith("This section needs the target")


def project(root: Path, *rows: dict[str, Any]) -> Path:
    (root / "data/tidy").mkdir(parents=True)
    base = dict.fromkeys(COLUMNS, "") | {"series_id": "plan", "as_of": "2024-12", "value": "1"}
    lines = [",".join(COLUMNS)]
    lines += [",".join(str((base | row)[name]) for name in COLUMNS) for row in rows]
    (root / data.OBSERVATIONS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / data.DESCRIPTOR).write_text(json.dumps({"resources": [], "missing": []}))
    return root


def years(table: str, *which: int, **more: Any) -> list[dict[str, Any]]:
    return [{"table": table, "year": year, **more} for year in which]


def test_a_table_counts_only_with_all_the_years_that_are_used(tmp_path: Path) -> None:
    both = ("persons_arrested", "reoffenders")
    counts = [one for name in both for one in years("2-10", 2018, 2019, 2020, measure=name)]
    rows = [*counts, *years("3-2", 2019), *years("3-3", 2019, 2020)]
    assert needs.met(project(tmp_path, *rows), PARAMETERS) == {"2-10", "3-3"}


def test_the_indicator_counts_only_with_both_of_its_counts_in_every_year(tmp_path: Path) -> None:
    rows = years("2-10", 2018, 2019, 2020, measure="persons_arrested")
    rows += years("2-10", 2018, 2019, measure="reoffenders")
    rows += years("2-10", 2020, measure="reoffenders", value="")
    assert needs.met(project(tmp_path, *rows), PARAMETERS) == set()


def test_values_that_are_missing_late_or_of_another_source_do_not_count(tmp_path: Path) -> None:
    rows = [
        *years("3-3", 2019, 2020, value=""),
        *years("3-4", 2019, 2020, as_of="2025-03"),
        *years("3-5", 2019, 2020, series_id="another"),
        # Whether its last year is out yet does not matter.
        *years("1", 2017, 2018, 2019, series_id="national-penal-code"),
        *years("prose", 2029, measure="target_share"),
    ]
    found = needs.met(project(tmp_path, *rows), PARAMETERS)
    assert found == {"national-penal-code", "target"}


def test_a_list_of_statements_counts_from_its_first_entry(tmp_path: Path) -> None:
    root = project(tmp_path)
    file = root / "data/statements.yaml"
    file.write_text("# - id: C001\nstatements: []\n", encoding="utf-8")
    assert "statements" not in needs.met(root, PARAMETERS)
    file.write_text("statements:\n- id: C001\n", encoding="utf-8")
    assert "statements" in needs.met(root, PARAMETERS)


def test_a_notebook_without_needs_runs_as_it_is_even_without_data(tmp_path: Path) -> None:
    file = tmp_path / "n.ipynb"
    file.write_text(json.dumps({"cells": [code("print(1)")]}), encoding="utf-8")
    assert needs.to_run(file, tmp_path, {}) == str(file)
