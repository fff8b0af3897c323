"""A chance is quoted with its range, or the build stops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from minato_analysis.claims.beside import FIGURE, REMARK, alone
from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.sentences import load_sentences, verify_sentences

CHANCE = '{{ fact("p.chance") }}'
RANGE = '{{ fact("p.low") }}から{{ fact_en("p.high") }}'
RULES = [{"quoted": ["p.chance"], "with": [["p.low", "p.high"], ["d.low", "d.high"]]}]


def page(*texts: str, **shown: Any) -> dict[str, Any]:
    prose = [{"cell_type": "markdown", "source": [text]} for text in texts]
    output = {"cell_type": "code", "source": [], "outputs": [{"data": shown}]}
    return {"cells": [*prose, output]}


def figure(title: str, desc: str = "", notes: tuple[str, ...] = ()) -> dict[str, Any]:
    return page(**{FIGURE: {"id": "f", "title": title, "desc": desc, "notes": list(notes)}})


@pytest.mark.parametrize(
    "notebook",
    [
        page(f"確率は{CHANCE}です。"),
        page(f"確率は{CHANCE}です。\n\n開きは{RANGE}です。"),  # another paragraph
        page(f"- 確率は{CHANCE}\n- 開きは{RANGE}"),  # another item
        page(f"<li>確率は{CHANCE}</li>\n<li>開きは{RANGE}</li>"),
        page(f'確率は{CHANCE}、最小は{{{{ fact("p.low") }}}}です。'),  # half of the range
        figure(f"確率は{CHANCE}", RANGE),
        figure("題", f"確率は{CHANCE}"),
        figure("題", "", (f"注：確率は{CHANCE}",)),
        page(**{REMARK: {"id": "r", "paragraphs": [f"確率は{CHANCE}", RANGE], "title": ""}}),
    ],
)
def test_a_chance_without_its_range_is_named(notebook: dict[str, Any]) -> None:
    (found,) = alone(RULES, "04", notebook)
    assert found.startswith("E4-BESIDE 04: 「")
    assert "p.chance" in found
    assert "p.low、p.high" in found


@pytest.mark.parametrize(
    "notebook",
    [
        page(f"確率は{CHANCE}（{RANGE}）です。"),
        page(f'確率は{CHANCE}（{{{{ fact("d.low") }}}}回から{{{{ fact("d.high") }}}}回）です。'),
        page(f"開きは{RANGE}です。"),
        figure(f"確率は{CHANCE}（{RANGE}）"),
    ],
)
def test_a_chance_with_its_range_passes(notebook: dict[str, Any]) -> None:
    assert alone(RULES, "04", notebook) == []


SPREAD = (
    "projection.{target}.members.p_target.low",
    "projection.{target}.members.dots.low",
)


@pytest.mark.parametrize("name", ["04_indicator_2029", "council_report", "summary_en"])
def test_a_page_that_loses_the_spread_stops_the_build(complete: Path, name: str) -> None:
    """On the real pages: wherever the chance stands, the range is taken away."""
    rules = load_sentences(complete).beside
    file = complete / f"build/2024/notebooks/{name}.ipynb"
    text = file.read_text(encoding="utf-8")
    assert alone(rules, name, json.loads(text)) == []
    for one in SPREAD:
        text = text.replace(one, "projection.{target}.base.last_year")
    assert alone(rules, name, json.loads(text))


def test_the_check_is_part_of_the_build(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    text = "beside: [{quoted: [p.chance], with: [[p.low, p.high]]}]\nseries: {}\nsentences: []\n"
    (tmp_path / "data/sentences.yaml").write_text(text, encoding="utf-8")
    file = tmp_path / "04.ipynb"
    file.write_text(json.dumps(page(f"確率は{CHANCE}です。")), encoding="utf-8")
    with pytest.raises(StatementError, match="E4-BESIDE 04"):
        verify_sentences(tmp_path, {}, {}, [file])
