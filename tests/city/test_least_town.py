"""The least a town is likely to have: four tables, one station it shares, a target in persons."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.city import world
from tests.city.test_city import SEED, minato, words

STATION = "中央"
TABLES = ("t2-04", "t2-08", "t2-10", "prose")
AIM = 90


@pytest.fixture(scope="module")
def folder(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("areas") / "town"
    arguments = world.arguments(root)
    named = [arguments.index(one) for one in ("--name-en", "--parent-name-en", "--station")]
    kept = [
        one
        for at, one in enumerate(arguments)
        if not any(at in (n, n + 1) for n in named) and one not in ("--station", *world.STATIONS)
    ]
    minato(repository, *kept, "--shared", f"{STATION}=隣町", "--target", "persons")
    published = root / "data/published" / world.SOURCE
    empty = root.parent / "empty"
    shutil.copytree(published, empty)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "STATIONS", (STATION,))
        patch.setattr(world, "TARGET", f"{AIM}人")
        process = world.Process(persons=250.0, stations=(1.0,))
        world.fill(root, world.draw(process, np.random.default_rng(SEED)))
    minato(root, "seal")
    for file in published.glob("*.csv"):
        if file.stem not in TABLES:
            shutil.copy(empty / file.name, file)
    told = minato(root, "seal")
    assert told.count("データから外しました") == 4
    minato(root, "check")
    minato(root, "report")
    return root / "reports" / world.EDITION


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, str]:
    return {one.stem: words(one.read_text(encoding="utf-8")) for one in folder.glob("*.html")}


def test_sections_without_content_share_one_line(pages: dict[str, str]) -> None:
    text = pages["06_context"]
    assert text.count("載せていない節：") == 1
    assert "「粗暴犯」には図表3-4（警察署ごとの粗暴犯）" in text
    assert "この節には" not in text


def test_the_target_is_said_as_printed_and_as_the_share_it_is_read_as(
    folder: Path, pages: dict[str, str]
) -> None:
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    values = {one["id"]: one["value"] for one in facts}
    persons = values[f"area{world.CODE}.persons.{world.YEARS[-1]}"]
    assert values["target.persons"] == AIM
    assert values["target.share"] == int((2000 * AIM + persons) // (2 * persons)) / 10
    said = f"計画の目標は再犯者{AIM}人以下です。"
    assert said in pages["04_indicator_2029"]
    assert said in pages["council_report"]
    assert f"at most {AIM}" in pages["summary_en"]


def test_the_shared_station_and_the_place_without_an_english_name_are_named(
    pages: dict[str, str],
) -> None:
    assert f"{STATION}署は隣町も管轄" in pages["01_data_quality"]
    assert "being arrested in the municipality?" in pages["summary_en"]
    assert f"Area {world.CODE}" not in pages["summary_en"]
