"""The archive of projections: one text for one content, and nothing damaged is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from minato_analysis.project import projections
from minato_analysis.project.projections import PROBABILITIES, Archive, ArchiveError


def form(**changes: Any) -> dict[str, Any]:
    """Return a small archive as JSON has it: one model, two years, quantiles 10.0, 10.1, …."""
    quantiles = [10 + n / 10 for n in range(len(PROBABILITIES))]
    years = [
        {"year": year, "persons": 500, "p_target": 0.25, "quantiles": quantiles}
        for year in (2023, 2024)
    ]
    known = [{"area_code": "99001", "first_year": 2017, "last_year": 2022}]
    return {
        "format": "minato-projections-1",
        "edition": "2024",
        "as_of": "2025-01-31",
        "area_code": "99001",
        "definition": "city",
        "target_year": 2024,
        "target": 11.0,
        "last": {"year": 2022, "reoffenders": 60, "persons": 500, "published": 12.0},
        "probabilities": list(PROBABILITIES),
        "default": "one",
        "models": [
            {
                "name": "one",
                "about": "made up",
                "settings": {"nodes": 3, "phi": 0.9},
                "data": known,
                "years": years,
            }
        ],
        **changes,
    }


def archive(**changes: Any) -> Archive:
    found = projections.loads(json.dumps(form(**changes)))
    assert found is not None
    return found


def test_the_probabilities_hold_both_intervals_and_equal_steps() -> None:
    assert {0.025, 0.1, 0.5, 0.9, 0.975} <= set(PROBABILITIES)
    assert [round(1 - p, 9) for p in reversed(PROBABILITIES)] == list(PROBABILITIES)


def test_quantile_and_interval() -> None:
    year = archive().models[0].years[0]
    assert projections.quantile(year, 0.5) == 11.9
    assert projections.interval(year, 0.80) == (10.3, 13.5)
    assert projections.interval(year, 0.95) == (10.0, 13.8)
    with pytest.raises(ValueError, match="not in tuple"):
        projections.quantile(year, 0.33)


def test_text_and_content_follow_from_each_other() -> None:
    text = projections.dumps(archive())
    assert projections.loads(text) == archive()
    assert projections.dumps(projections.loads(text)) == text
    assert json.loads(text) == form()
    assert text.endswith("}\n")
    lines = [line for line in text.splitlines() if '"quantiles"' in line]
    assert [line.count(",") for line in lines] == [len(PROBABILITIES) - 1] * 2
    assert '"nodes": 3,' in text


def test_an_edition_without_projections_keeps_null() -> None:
    assert projections.dumps(None) == "null\n"
    assert projections.loads("null\n") is None


def wrong_years(one: dict[str, Any]) -> None:
    one["models"][0]["years"].pop()


def wrong_order(one: dict[str, Any]) -> None:
    one["models"][0]["years"][0]["quantiles"].reverse()


def wrong_number(one: dict[str, Any]) -> None:
    one["models"][0]["years"][0]["quantiles"].pop()


def not_finite(one: dict[str, Any]) -> None:
    one["target"] = float("nan")


def beyond_hundred(one: dict[str, Any]) -> None:
    one["models"][0]["years"][0]["quantiles"][-1] = 101.0


def twice(one: dict[str, Any]) -> None:
    one["models"] *= 2


def no_default(one: dict[str, Any]) -> None:
    one["default"] = "other"


def other_format(one: dict[str, Any]) -> None:
    one["format"] = "minato-projections-2"


def other_steps(one: dict[str, Any]) -> None:
    one["probabilities"][0] = 0.02


def unknown_name(one: dict[str, Any]) -> None:
    one["<script>"] = 1


def outside(one: dict[str, Any]) -> None:
    one["edition"] = "../2024"


@pytest.mark.parametrize(
    "damage",
    [
        wrong_years,
        wrong_order,
        wrong_number,
        not_finite,
        beyond_hundred,
        twice,
        no_default,
        other_format,
        other_steps,
        unknown_name,
        outside,
    ],
)
def test_a_damaged_archive_is_refused_with_its_file_and_a_way_out(damage: Any) -> None:
    broken = form()
    damage(broken)
    with pytest.raises(ArchiveError, match=r"E3-ARCHIVE reports/2024/projections\.json .*minato"):
        projections.loads(json.dumps(broken), "reports/2024/projections.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", "1", "[" * 5000])
def test_what_is_no_archive_is_refused(text: str) -> None:
    with pytest.raises(ArchiveError, match="E3-ARCHIVE"):
        projections.loads(text)


def executed(folder: Path, name: str, *shown: dict[str, Any]) -> Path:
    outputs = [{"output_type": "display_data", "data": {projections.MIME: one}} for one in shown]
    text = {"cell_type": "markdown", "source": ""}
    cells = [text, {"cell_type": "code", "outputs": [{"output_type": "stream"}, *outputs]}]
    file = folder / f"{name}.ipynb"
    file.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return file


def test_the_one_notebook_that_shows_it_is_found(tmp_path: Path) -> None:
    files = [executed(tmp_path, "a"), executed(tmp_path, "b", projections.shown(archive()))]
    assert projections.collect(files) == archive()
    assert projections.collect(files[:1]) is None
    with pytest.raises(ArchiveError, match=r"E3-ARCHIVE .*2つ"):
        projections.collect([*files, executed(tmp_path, "c", form())])
