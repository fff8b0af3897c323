"""Blocks 4 and 5: declarations, law, categories; files that only look different."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from minato_analysis.difference import appearance, law, side
from minato_analysis.published.errors import DifferenceError
from tests.difference import world

KEPT = "notebooks/02_town.ipynb"
REFORM = {
    "id": "reform", "date": datetime.date(2023, 7, 13),
    "law": {"name": "架空法", "number": "令和5年法律第1号", "short": "改正", "short_en": "reform"},
    "series": [{"select": {"offence": ["penal_code"]}, "changes": "罪が加わりました。", "bridge": "none"}],
    "sources": [{"title": "架空", "url": "https://example.org/"}],
}  # fmt: skip


@pytest.fixture
def other(town: Path, tmp_path: Path) -> Path:
    """A second project folder with the same files; a test changes it and publishes 2025 there."""
    shutil.copytree(town, tmp_path / "other")
    return tmp_path / "other"


def compared(town: Path, other: Path, **options: Any) -> law.Law:
    world.publish(other, "2025", "2025-02-01", **options)
    return law.law(side.load(town, "2024"), side.load(other, "2025"))


def first(found: law.Law) -> law.Declared:
    [one] = found.declared
    return one


def test_nothing_is_told_where_nothing_changed(town: Path, other: Path) -> None:
    found = compared(town, other, parameters={"as_of": "2024-01-05"})
    assert not found
    assert found.parameters == ()


def test_a_reworded_definition_is_told_with_both_wordings(town: Path, other: Path) -> None:
    world.edit(
        other, "data/definitions.yaml", lambda all: {"town": {**all["town"], "age": "14歳以上"}}
    )
    one = first(compared(town, other))
    assert (one.what, one.place, one.old, one.new) == ("定義", "town age", "架空", "14歳以上")


MUTATIONS: dict[str, tuple[str, Any, str, str]] = {
    "a new definition": (
        "data/definitions.yaml",
        lambda all: {**all, "new": {"title": "新しい"}},
        "new",
        "新しい",
    ),
    "a check": (
        "data/identities.yaml",
        lambda _: [{"id": "E2-1", "title": "等しい", "by": ["year"]}],
        "E2-1",
        "等しい",
    ),
    "a category": (
        "data/categories.yaml",
        lambda _: [{"id": "mapping", "title": "つなぎ"}],
        "mapping",
        "つなぎ",
    ),
    "the words for a rule": (
        "data/plausibility.yaml",
        lambda all: {**all, "levels": {**all["levels"], "warning": 0.01}},
        "levels warning",
        "0.01",
    ),
}


@pytest.mark.parametrize(("file", "change", "place", "new"), MUTATIONS.values(), ids=MUTATIONS)
def test_every_changed_declaration_is_named(
    town: Path, other: Path, file: str, change: Any, place: str, new: str
) -> None:
    world.edit(other, file, change)
    found = {(one.file, one.place, one.new) for one in compared(town, other).declared}
    assert (file, place, new) in found


def test_a_renamed_area_is_named(town: Path, other: Path) -> None:
    world.write(other, "data/areas.csv", world.AREAS.replace("架空県", "新しい県"))
    one = first(compared(town, other))
    assert (one.what, one.place, one.old, one.new) == (
        "地域",
        "99000 name_ja",
        "架空県",
        "新しい県",
    )


def test_a_reform_that_comes_into_force_in_the_new_year_is_told(town: Path, other: Path) -> None:
    for root in (town, other):
        world.declare(root, "data/breaks.yaml", [REFORM])
    world.publish(town, "2024", "2024-01-05")
    assert compared(town, other).reforms == ()  # no new year, no news
    world.deliver(other, "later", "2025-01-20", {2023: (57, 43)})
    [one] = compared(town, other, last=2023).reforms
    assert (one.id, one.law, one.changes, one.bridge) == (
        "reform",
        "架空法",
        "罪が加わりました。",
        "",
    )


def test_a_reform_that_touches_no_new_value_is_not_told(town: Path, other: Path) -> None:
    elsewhere = {**REFORM, "series": [{**REFORM["series"][0], "select": {"offence": ["larceny"]}}]}  # type: ignore[dict-item]
    for root in (town, other):
        world.declare(root, "data/breaks.yaml", [elsewhere])
    world.publish(town, "2024", "2024-01-05")
    world.deliver(other, "later", "2025-01-20", {2023: (57, 43)})
    assert compared(town, other, last=2023).reforms == ()


def test_a_category_that_a_table_gained_or_lost_is_named(town: Path, other: Path) -> None:
    world.deliver(other, "later", "2025-01-20", {2023: (57, 43)}, common={"station": "架空署"})
    [one] = compared(town, other).categories
    assert (one.what, one.gained, one.lost) == ("署", ("架空署",), ("all",))


def test_changed_parameters_are_named(town: Path, other: Path) -> None:
    found = compared(town, other, parameters={"confidence": 0.9})
    assert [(one.place, one.old, one.new) for one in found.parameters] == [
        ("as_of", "2024-01-05", "2025-02-01"),
        ("confidence", "0.95", "0.9"),
    ]


def test_a_declaration_that_cannot_be_read_is_refused(town: Path, other: Path) -> None:
    world.publish(other, "2025", "2025-02-01")
    world.write(other, "data/identities.yaml", "[unclosed")
    with pytest.raises(DifferenceError, match=r"E7-DECLARED data/identities\.yaml"):
        law.law(side.load(town, "2024"), side.load(other, "2025"))


def looks(town: Path, **options: Any) -> appearance.Appearance:
    world.publish(town, "2025", "2025-02-01", **options)
    return appearance.appearance(side.load(town, "2024"), side.load(town, "2025"))


def test_a_page_with_another_style_only_looks_different(town: Path) -> None:
    found = looks(town, style="p { color: red }")
    assert [(one.file, one.differs) for one in found.looks] == [
        ("02_town.html", ("書式（スタイルシート）",))
    ]
    assert (found.contents, found.added, found.dropped) == ((), (), ())


def test_a_page_with_another_number_is_not_among_those_that_only_look_different(town: Path) -> None:
    found = looks(town, numbers={"{area}.share.2022": (44.0, "percent", 1)})
    assert found.looks == ()
    assert found.contents == ("02_town.html", "facts.json")


def test_facts_printed_alike_that_differ_beyond_their_digits_are_told(town: Path) -> None:
    found = looks(town, numbers={"{area}.share.2022": (43.001, "percent", 1)})
    assert [(one.file, one.differs) for one in found.looks] == [
        ("facts.json", ("丸める前の値（1件）",))
    ]
    assert found.contents == ("02_town.html",)


def test_reworded_text_is_named_by_its_heading(town: Path) -> None:
    world.publish(town, "2025", "2025-02-01")
    page = town / "reports/2025/02_town.html"
    page.write_text(page.read_text().replace("です。</p>", "でした。</p>", 1))
    world.seal(town, "2025")
    found = appearance.appearance(side.load(town, "2024"), side.load(town, "2025"))
    assert [(one.file, one.differs) for one in found.looks] == [
        ("02_town.html", ("文章「架空市」",))
    ]


def test_digits_in_the_text_count_as_numbers(town: Path) -> None:
    world.publish(town, "2025", "2025-02-01")
    page = town / "reports/2025/02_town.html"
    page.write_text(page.read_text().replace("</h1>", "</h1><p>3回</p>", 1))
    world.seal(town, "2025")
    found = appearance.appearance(side.load(town, "2024"), side.load(town, "2025"))
    assert (found.looks, found.contents) == ((), ("02_town.html",))


@pytest.mark.parametrize(
    ("source", "shown", "differs"),
    [
        ("persons()  # counted", "1,053人", ("計算のコード",)),
        ("persons()", "合わせて1,053人", ("文章、図の体裁",)),
        ("persons()", "1,054人", None),
    ],
)
def test_an_executed_notebook_is_read_for_its_numbers(
    town: Path, source: str, shown: str, differs: tuple[str, ...] | None
) -> None:
    world.publish(town, "2025", "2025-02-01")
    for edition, texts in (("2024", ("persons()", "1,053人")), ("2025", (source, shown))):
        outputs = [{"output_type": "display_data", "data": {"text/markdown": texts[1]}}]
        cell = {"cell_type": "code", "source": texts[0], "outputs": outputs}
        world.write(town, f"reports/{edition}/{KEPT}", json.dumps({"cells": [cell]}))
        world.seal(town, edition)
    found = appearance.appearance(side.load(town, "2024"), side.load(town, "2025"))
    told = [(one.file, one.differs) for one in found.looks]
    assert told == ([(KEPT, differs)] if differs else [])
    assert found.contents == (() if differs else (KEPT,))


def test_added_and_dropped_files_are_named(town: Path) -> None:
    world.publish(town, "2025", "2025-02-01")
    (town / "reports/2025/02_town.html").rename(town / "reports/2025/03_town.html")
    world.seal(town, "2025")
    found = appearance.appearance(side.load(town, "2024"), side.load(town, "2025"))
    assert (found.added, found.dropped) == (("03_town.html",), ("02_town.html",))
