"""A town of a hundred arrests a year: its council report is made, and shows no group of few persons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from minato_analysis.analyses import council
from tests.city import world
from tests.city.test_city import SEED, minato, words

PERSONS = 100.0


@pytest.fixture(scope="module")
def town() -> world.City:
    return world.draw(world.Process(persons=PERSONS), np.random.default_rng(SEED))


@pytest.fixture(scope="module")
def page(town: world.City, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("areas") / "town"
    minato(repository, *world.arguments(root))
    world.fill(root, town)
    minato(root, "seal")
    minato(root, "report")
    return (root / f"reports/{world.EDITION}/council_report.html").read_text(encoding="utf-8")


def test_the_town_has_groups_of_few_persons(town: world.City) -> None:
    counts = [n for year in town.penal.values() for n in year.values()]
    assert any(0 < n < 10 for n in counts)
    assert any(0 < k < 10 for year in town.cannabis.values() for _, k in year.values())


def test_small_groups_are_put_together_and_named(page: str) -> None:
    text = words(page)
    assert f"「{council.TOGETHER}」は、人数の少ない" in text
    shown = text[text.index("罪種別検挙人員") :][:200]
    assert council.TOGETHER in shown
    assert "凶悪犯" not in shown


def test_stations_are_left_out_of_the_rows(page: str) -> None:
    text = words(page)
    assert "大麻以外のすべて" in text
    assert not any(f"うち{name}署" in text for name in world.STATIONS)
    assert "署の間の差は" not in text
