"""A whole edition of a city that does not exist, made with the commands alone: begun, filled in, built."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import numpy as np
import pytest
import yaml

from minato_analysis.data import needs
from minato_analysis.project import own_code, program
from minato_analysis.reporting.words import BESIDES
from tests.city import world
from tests.test_any_area import named

SEED = 3
MARKS = ("架空", "does not exist")


def minato(root: Path, *arguments: str, code: int = 0) -> str:
    """Run a command of the present program in a project, as its README says; return what it printed."""
    kept = {name: one for name, one in os.environ.items() if not name.startswith("MINATO_")}
    done = subprocess.run(
        [sys.executable, "-m", "minato_analysis", *arguments],
        cwd=root,
        env={**kept, own_code.GIVEN: "1"},  # the frozen project begins with the present program too
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Built:
    """The project before and after its tables were filled in."""

    root: Path
    city: world.City
    empty: dict[str, str]
    """Pages of the project nobody had filled in."""
    check: str

    @property
    def folder(self) -> Path:
        return self.root / "reports" / world.EDITION

    def page(self, name: str) -> str:
        return (self.folder / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("areas") / "city"
    minato(repository, *world.arguments(root))
    minato(root, "report")
    reports = root / "reports" / world.EDITION
    empty = {one.stem: one.read_text(encoding="utf-8") for one in reports.glob("*.html")}
    city = world.draw(world.Process(), np.random.default_rng(SEED))
    left = world.fill(root, city)
    assert len(left) == len(world.MISSING)
    minato(root, "seal")
    check = minato(root, "check")
    minato(root, "report")
    return Built(root, city, empty, check)


def words(html: str) -> str:
    """Return the words of a page, what cannot be seen left out."""
    bare = re.sub(r"<(style|script|svg)\b.*?</\1>", "", html, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", "", bare))


def test_all_pages_are_there_full_and_empty(built: Built, repository: Path) -> None:
    listed = yaml.safe_load((repository / "notebooks/pages.yaml").read_text(encoding="utf-8"))
    assert {one.stem for one in built.folder.glob("*.html")} == {*listed, *BESIDES}
    assert set(built.empty) == {*listed, *BESIDES}


def test_every_page_says_that_the_city_does_not_exist(built: Built) -> None:
    for file in built.folder.glob("*.html"):
        text = words(file.read_text(encoding="utf-8"))
        header = text[: text.index("検証の状況" if "検証の状況" in text else "Verification")]
        assert any(mark in header for mark in MARKS), file.name
        assert any(mark in built.empty[file.stem] for mark in MARKS)


def test_nothing_published_names_the_area_the_code_comes_from(
    built: Built, repository: Path
) -> None:
    pattern = named(repository)
    for name, content in published(built.folder):
        found = pattern.search(content.decode(errors="replace"))
        assert not found, f"{name}: {found}"


def published(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an edition with their content, and those of its packs and workbooks."""
    files = (one for one in sorted(folder.rglob("*")) if one.is_file())
    waiting = [(one.relative_to(folder).as_posix(), one.read_bytes()) for one in files]
    for name, content in waiting:
        yield name, content
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as pack:
                # The theme of a workbook is its library's; the colours and sizes in it are no one's codes.
                parts = [one for one in pack.namelist() if not one.startswith("xl/theme/")]
                waiting += [(f"{name}/{one}", pack.read(one)) for one in parts]


def test_other_stations_fewer_years_and_another_target_are_shown(built: Built) -> None:
    cannabis, council = (
        words(built.page(one)) for one in ("03_cannabis_comparison", "council_report")
    )
    assert all(name in cannabis for name in world.STATIONS)
    assert f"({world.TARGET_YEAR})年" in council
    assert f"({world.YEARS[0]})年" in council
    assert "市内の警察署" in council
    assert "区内" not in council
    assert f"目標の{world.TARGET}" in council


MISSING = {
    "01_data_quality": ["printed-elsewhere"],
    "02_reoffender_trends": ["3-4 3-5"],
    "03_cannabis_comparison": ["3-4 3-5"],
    "05_plan_statements": ["statements"],
    "06_context": ["3-4", "3-5", "3-8"],
    "07_measures": ["measures"],
    "audit_report": ["specimen"],
    "council_report": ["3-8", "statements"],
}
"""What each page must name as missing."""


@pytest.mark.parametrize("page", MISSING)
def test_missing_parts_say_what_is_missing(built: Built, page: str) -> None:
    text = words(built.page(page))
    for id in " ".join(MISSING[page]).split():
        assert needs.known(id).ja in text
    assert re.search("(載せていない節：|この節には|ここには|このページには).*が必要ですが", text)
    sections = re.findall("載せていない節：", text)
    assert len(sections) <= 1


def test_pages_that_lack_nothing_say_nothing_of_the_kind(built: Built) -> None:
    for page in ("04_indicator_2029", "summary_en"):
        text = words(built.page(page))
        assert "この地域のデータにはありません" not in text
        assert "the data of this area do not have" not in text


def test_an_empty_project_names_on_every_page_what_is_missing(built: Built) -> None:
    for page in ("02_reoffender_trends", "council_report", "summary_en", "06_context"):
        text = words(built.empty[page])
        assert "この地域のデータにはありません" in text or "do not have" in text, page
    assert "このページには図表2-10" in words(built.empty["council_report"])
    assert "This page needs table 2-10" in words(built.empty["summary_en"])


def test_facts_of_sections_that_are_left_out_are_not_there(built: Built) -> None:
    facts = json.loads((built.folder / "facts.json").read_text(encoding="utf-8"))
    ids = {one["id"] for one in facts}
    assert not [id for id in ids if "violent.station" in id or "released_without_home" in id]
    assert not [id for id in ids if id.startswith(("statements.", "measures."))]
    assert any(id.startswith("area99201.cannabis.station.") for id in ids)


def test_the_numbers_are_those_that_were_drawn(built: Built) -> None:
    facts = json.loads((built.folder / "facts.json").read_text(encoding="utf-8"))
    values = {one["id"]: one["value"] for one in facts}
    for year in world.YEARS:
        assert values[f"area99201.persons.{year}"] == built.city.persons[year]
        assert values[f"area99201.reoffenders.{year}"] == built.city.reoffenders[year]


def test_sentences_of_ours_hold_or_do_not_apply(built: Built) -> None:
    file = built.root / "build" / world.EDITION / "sentences.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    fates = {line.split()[1].split("（")[0]: line.split()[0] for line in lines if " S" in line}
    away = {id for id, fate in fates.items() if fate == "該当なし"}
    assert away == {"S008", "S009", "S017"}
    assert set(fates.values()) == {"成立", "該当なし"}
    lowest = min(built.city.reoffenders[year] for year in world.YEARS)
    assert f"の{lowest}人が最も少なく" in "".join(lines)


def test_the_checks_apply_where_both_tables_are_there(built: Built) -> None:
    with (built.root / "data/tidy/identities.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(row["holds"] == "True" for row in rows)
    ids = {row["identity"] for row in rows}
    assert {"E2-101", "E2-104", "E2-112", "E2-202"} <= ids
    assert not ids & {"E2-107", "E2-108", "E2-110", "E2-204"}
    assert "図表3-8" in built.check
    assert "まだ記入されていません" in built.check


def test_an_auditor_can_verify_the_edition(built: Built) -> None:
    assert "確認済み" in minato(built.root, "verify", world.EDITION, "--quick")


def test_another_program_does_not_confirm_it_and_says_which_one_would(
    built: Built, tmp_path: Path
) -> None:
    root = tmp_path / "city"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns("build"))
    (root / program.PIN).write_text("{version: 0.0.9, code: 12ab}", encoding="utf-8")
    said = minato(root, "verify", world.EDITION, "--quick", code=2)
    assert "0.0.9（12ab）" in said
    assert "E5-" not in said  # that files of the program differ is no evidence


def test_its_bag_holds_the_program_and_is_verified_without_the_installed_one(
    built: Built, tmp_path: Path
) -> None:
    minato(built.root, "bundle", world.EDITION, "--to", str(tmp_path / "bag"))
    inside = tmp_path / "bag/data"
    for name in ("Makefile", "notebooks/areas/overview.ipynb", "requirements-installer.lock"):
        assert (inside / name).read_bytes() == program.at(built.root, name).read_bytes()
    assert not (inside / program.SPECIMEN).exists()
    assert program.home(inside) == inside
    assert "確認済み" in minato(inside, "verify", world.EDITION, "--quick")
