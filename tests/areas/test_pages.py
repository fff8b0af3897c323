"""The pages of a run: true to the data, within the rules, complete, the same from every engine."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from filelock import FileLock
from tests.areas import world
from tests.areas.conftest import AREAS, Finished

from minato_analysis.areas import command, table
from minato_analysis.areas.errors import AreasError
from minato_analysis.areas.inputs import input_of
from minato_analysis.areas.kinds import NOTEBOOKS
from minato_analysis.areas.overview import Overview
from minato_analysis.areas.records import Record
from minato_analysis.reporting.disclosure import small_numbers
from minato_analysis.reporting.pagecheck import facts_on, problems


@pytest.fixture(scope="module")
def records(finished: Finished) -> list[Record]:
    codes = table.read(finished.table).codes
    texts = ((finished.root / input_of("made", code)).read_text("utf-8") for code in codes)
    return [Record.model_validate_json(text) for text in texts]


@pytest.fixture(scope="module")
def overview(finished: Finished) -> str:
    return (finished.pages / "index.html").read_text(encoding="utf-8")


def test_there_is_a_page_for_each_area_and_what_goes_with_them(finished: Finished) -> None:
    areas = table.read(finished.table)
    besides = {"index.html", "areas.csv", "facts.json", "manifest.json", "published.json"}
    assert set(world.contents(finished.pages)) == {f"{code}.html" for code in areas.codes} | besides
    assert finished.said[0] == f"{AREAS}地域。作る必要のあるページは{AREAS + 1}。"
    assert re.search(
        r"1ページあたり [\d.]+ 秒、集計を含むプロセッサー [\d.]+ 秒、.*最大メモリー \d+ MB",
        finished.said[-1],
    )


def test_every_page_keeps_the_rules(finished: Finished) -> None:
    for file in finished.pages.glob("*.html"):
        page = file.read_text(encoding="utf-8")
        assert not problems(page, "technical" if file.stem == "index" else "lay"), file.name
        assert not small_numbers(page, "lay"), file.name


def test_a_page_says_what_its_record_says(finished: Finished, records: list[Record]) -> None:
    words = {
        "higher": "より高いといえます",
        "lower": "より低いといえます",
        "unclear": "差があるともないとも言えません",
    }
    for record in records:
        page = (finished.pages / f"{record.code}.html").read_text(encoding="utf-8")
        text = re.sub(r"<[^>]+>", "", page)
        assert "<h1 id=" in page
        assert record.name in text
        if record.pooled:
            assert f"{record.pooled.persons:,}人" in text
        else:
            assert "示していません" in text
        said = [one for one in words.values() if one in text.partition("ここでいう")[0]]
        assert said == ([words[record.against_all.says]] if record.against_all else [])
        assert ("projection" in page) == (record.ahead is not None)
    assert {bool(record.trend) for record in records} == {True, False}
    assert {bool(record.pooled) for record in records} == {True, False}
    assert {bool(record.yearly) for record in records} == {True, False}


def test_nothing_published_has_more_digits_than_are_printed(finished: Finished) -> None:
    published = json.loads((finished.pages / "facts.json").read_text(encoding="utf-8"))
    for one in published:
        assert one["value"] == round(one["value"], one["digits"]), one["id"]
    for file in finished.pages.glob("*.html"):
        values = re.findall(r'<data [^>]*value="([^"]*)"', file.read_text(encoding="utf-8"))
        assert not [one for one in values if len(one.partition(".")[2]) > 1], file.name


def test_every_fact_on_a_page_is_published_with_its_origin(finished: Finished) -> None:
    published = json.loads((finished.pages / "facts.json").read_text(encoding="utf-8"))
    known = {one["id"]: one for one in published}
    assert len(known) == len(published)
    for file in finished.pages.glob("*.html"):
        for id in facts_on(file.read_text(encoding="utf-8")):
            assert known[id]["observations"]
            assert known[id]["observations"][0].startswith("made.csv/areas!")


def test_the_table_of_all_areas_is_the_data(
    finished: Finished, overview: str, records: list[Record]
) -> None:
    lines = list(csv.reader(io.StringIO((finished.pages / "areas.csv").read_text("utf-8-sig"))))
    assert [line[1] for line in lines[1:]] == [record.code for record in records]
    body = overview.partition('<table class="sortable"')[2].partition("</table>")[0]
    shown = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall("<tr[ >].*?</tr>", body)
    ]
    plain = [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in shown]
    assert plain == lines
    for record, line in zip(records, lines[1:], strict=True):
        persons = f"{record.pooled.persons:,}" if record.pooled else "x"
        assert line[2] == persons
        assert f'<a href="{record.code}.html">{record.name}</a>' in body


def test_the_overview_counts_its_areas(finished: Finished, overview: str) -> None:
    whole = Overview.model_validate_json(
        (finished.root / input_of("made", "index")).read_text("utf-8")
    )
    facts = json.loads((finished.pages / "facts.json").read_text(encoding="utf-8"))
    known = {one["id"]: one["value"] for one in facts}
    compared = [row for row in whole.rows if row.against_all]
    says = [row.against_all.says for row in compared if row.against_all]
    assert known["areas.compared"] == len(compared)
    for one in ("higher", "lower", "unclear"):
        assert known[f"areas.against_all.{one}"] == says.count(one)
    marks = re.findall(
        r'<use href="#funnel-[^"]*" x="[^"]*" y="[^"]*" fill="#(767676|[0-9a-f]{6})" stroke="#ffffff"',
        overview,
    )
    assert len(marks) == len(compared)


def test_the_manifest_has_the_hash_of_every_file(finished: Finished) -> None:
    files = world.contents(finished.pages, but=["manifest.json"])
    hashes = json.loads((finished.pages / "manifest.json").read_text(encoding="utf-8"))
    assert hashes == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def test_ordinary_kernels_give_the_same_bytes(
    finished: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = world.made(tmp_path / "made", 3, seed=2)
    monkeypatch.setenv("MINATO_ENGINE", "plain")
    plain = command.report(world.project(tmp_path / "plain"), table).parent
    monkeypatch.setenv("MINATO_ENGINE", "warm")
    warm = command.report(world.project(tmp_path / "warm"), table).parent
    assert world.contents(plain) == world.contents(warm)


def test_a_second_run_makes_nothing_and_a_changed_count_only_what_it_touches(
    finished: Finished, tmp_path: Path
) -> None:
    root, table = world.project(tmp_path / "p"), world.made(tmp_path / "made", 4)
    said: list[str] = []
    pages = command.report(root, table, say=said.append).parent
    first = world.contents(pages)
    command.report(root, table, say=said.append)
    assert "4地域。作る必要のあるページは0。" in said
    assert world.contents(pages) == first
    # The overview, and the areas whose comparison with all areas it moves: here all of them.
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("架空第1市", "架空第一市"), encoding="utf-8")
    said.clear()
    command.report(root, table, say=said.append)
    assert said[0] == "4地域。作る必要のあるページは2。"
    changed = {name for name, data in world.contents(pages).items() if first[name] != data}
    assert changed == {"90001.html", "index.html", "areas.csv", "manifest.json"} | (
        changed & {"facts.json"}
    )


def test_an_area_that_is_gone_loses_its_page_and_other_files_stay(
    finished: Finished, tmp_path: Path
) -> None:
    root, out = world.project(tmp_path / "p"), tmp_path / "out"
    table = world.made(tmp_path / "made", 3)
    command.report(root, table, out=out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(one for one in lines if not one.startswith("90003")), "utf-8")
    command.report(root, table, out=out)
    assert set(world.contents(out)) == {
        "90001.html", "90002.html", "index.html", "areas.csv", "facts.json", "manifest.json",
        "published.json", "notes.txt",
    }  # fmt: skip


def test_a_refused_table_leaves_everything_as_it_was(finished: Finished, tmp_path: Path) -> None:
    before = world.contents(finished.pages)
    bad = tmp_path / "made.csv"
    bad.write_text(finished.table.read_text("utf-8").replace("90001,", "1,", 1), "utf-8")
    with pytest.raises(AreasError, match="E8-CODE"):
        command.report(finished.root, bad)
    assert world.contents(finished.pages) == before


def test_two_runs_of_one_name_do_not_mix(finished: Finished) -> None:
    with (
        FileLock(finished.root / "build/areas/made/.lock"),
        pytest.raises(AreasError, match="E8-BUSY build/areas/made"),
    ):
        command.report(finished.root, finished.table)


def test_the_notebooks_know_nothing_of_how_they_are_run() -> None:
    for name in NOTEBOOKS:
        text = (world.REPOSITORY / name).read_text(encoding="utf-8")
        assert not re.search(r"dask|engine|batch|fork|warm|papermill|worker", text, re.IGNORECASE)


def test_a_table_without_an_area_to_compare_has_an_overview(project: Path, tmp_path: Path) -> None:
    rows = [*world.rows("90001", (100, 40), (100, 45)), *world.rows("90002", (100, 3), (100, 2))]
    page = command.report(project, world.table(tmp_path, *rows))
    text = page.read_text(encoding="utf-8")
    assert "比べられる地域がないので、図はありません。" in text
    assert "内側の線" not in text


def test_a_year_that_is_small_is_not_given_away_by_the_pages_of_the_year_before(
    project: Path, tmp_path: Path
) -> None:
    before = {
        "90001": [(50, 20), (60, 25)],
        "90002": [(40, 18), (44, 20)],
        "90003": [(90, 40), (95, 45)],
    }
    now = {"90001": (9, 4), "90002": (41, 19), "90003": (88, 41)}
    lines = [one for code, counts in before.items() for one in world.rows(code, *counts)]
    pages = command.report(project, world.table(tmp_path, *lines)).parent
    assert "110人" in (pages / "90001.html").read_text(encoding="utf-8")
    lines = [one for code, counts in before.items() for one in world.rows(code, *counts, now[code])]
    command.report(project, world.table(tmp_path, *lines))
    shown = (pages / "90001.html").read_text(encoding="utf-8")
    assert "119人" not in shown
    assert "示していません" in shown
    runs = json.loads((pages / "published.json").read_text(encoding="utf-8"))
    assert [(one["last"], one["withheld"]) for one in runs] == [
        (2021, []),
        (2022, ["90001", "90002"]),
    ]
    assert (project / "build/areas/areas/published.json").read_bytes() == (
        pages / "published.json"
    ).read_bytes()
