"""A project for another municipality: its own names, empty tables, no program."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from minato_analysis import data
from minato_analysis.cleaning.years import parse_year
from minato_analysis.data import needs, study
from minato_analysis.drafts import shape
from minato_analysis.init_area import asked, pin, project, waiting
from minato_analysis.init_area.command import init_area
from minato_analysis.init_area.request import InitError, Request
from minato_analysis.project import editions, program
from minato_analysis.project.publisher import FILE as PUBLISHER
from minato_analysis.published import history
from minato_analysis.reporting import new_notebook
from minato_analysis.reporting.asking import asking
from minato_analysis.reporting.pages import listed
from tests.test_any_area import named

YEARS = {"first_year": 2018, "last_year": 2023, "groups_first_year": 2019, "target_year": 2031}
STATIONS = ["北町", "南町"]


def wanted(repository: Path, into: Path, code: str = "99201", **more: Any) -> Request:
    options = {"name": "架空市", "parent_name": "架空県", "stations": STATIONS, **YEARS, **more}
    return asked.request(repository, code, options, into, date(2026, 11, 23))


@pytest.fixture(scope="module")
def made(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("areas") / "area-99201"
    assert project.make(repository, wanted(repository, into)) == []
    return into


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "area")
    return tmp_path / "area"


def files(root: Path, *folders: str) -> dict[str, bytes]:
    return {
        one.relative_to(root).as_posix(): one.read_bytes()
        for folder in folders
        for one in sorted((root / folder).rglob("*"))
        if one.is_file()
        and "__pycache__" not in one.parts
        and ".ipynb_checkpoints" not in one.parts
    }


def test_it_holds_data_and_names_the_program(made: Path) -> None:
    assert {one.name for one in made.iterdir()} == {
        ".gitignore", "README.md", "data", program.PIN, PUBLISHER, "reports",
    }  # fmt: skip
    named = yaml.safe_load((made / program.PIN).read_text(encoding="utf-8"))
    assert named["code"] == program.sha256()
    program.refuse_another(made)


def test_the_commit_is_named_only_where_the_program_is_as_committed(
    live: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "clone", "-q", str(live), str(tmp_path / "program")], check=True)
    monkeypatch.setattr(program, "HOME", tmp_path / "program")
    commit = yaml.safe_load(pin.text())["commit"]
    assert (
        history.git(tmp_path / "program", "rev-parse", "HEAD") or b""
    ).decode().strip() == commit
    (tmp_path / "program/src/minato_analysis/cli.py").write_text("", encoding="utf-8")
    assert "commit" not in yaml.safe_load(pin.text())


def test_a_project_moves_to_this_program_in_one_command(copied: Path, tmp_path: Path) -> None:
    (copied / program.PIN).write_text("{version: 0.0.9, code: 12ab}", encoding="utf-8")
    with pytest.raises(program.ProgramError, match=r"0\.0\.9（12ab）.*minato update"):
        program.refuse_another(copied)
    assert "minato report" in pin.update(copied)
    program.refuse_another(copied)
    assert pin.update(copied) == "今の minato のプロジェクトです。"
    (copied / program.PACKAGE).mkdir(parents=True)
    with pytest.raises(program.ProgramError, match="自分のプログラム"):
        pin.update(copied)


def test_another_area_has_a_publisher_of_its_own(repository: Path, made: Path) -> None:
    """Same fields, all of them empty."""
    ours, theirs = (
        yaml.safe_load((one / PUBLISHER).read_text(encoding="utf-8")) for one in (repository, made)
    )
    assert list(ours) == list(theirs)
    assert not any(theirs.values())


def test_nothing_in_it_names_the_area_it_came_from(repository: Path, made: Path) -> None:
    pattern = named(repository)
    for name, content in files(made, "data", "reports").items():
        assert not pattern.search(content.decode("utf-8")), name
    readme = (made / "README.md").read_text(encoding="utf-8")
    assert not pattern.search(readme)
    assert "この地域は実在しません" in readme


def test_the_edition_and_the_names_are_its_own(made: Path) -> None:
    edition = editions.newest(made)
    assert edition.title == "2024年度版（架空の地域）"
    assert edition.subject == "架空市再犯防止推進計画（架空）"
    assert edition.built == "令和8(2026)年11月23日"
    assert (edition.area_code, edition.source_id) == ("99201", "plan-99201")
    area, parent, nation = study.chain(made, edition.area_code)
    assert (area.name_ja, parent.name_ja, nation.code) == ("架空市", "架空県", "00000")
    assert {name: getattr(edition, name) for name in YEARS} == YEARS


def test_every_table_waits_with_its_layout_and_without_a_number(
    repository: Path, made: Path
) -> None:
    package = data.descriptor(made)
    tables = {one["figure"] or "prose": one for one in package["waiting"]}
    assert set(tables) == {*needs.TABLES, "prose"}
    originals = {
        one["figure"]: one for one in data.published(data.descriptor(repository)) if one["figure"]
    }
    for figure, one in tables.items():
        text = (made / "data" / one["path"]).read_text(encoding="utf-8")
        assert text.endswith("\n")
        if figure == "prose":
            assert "令和13(2031)年度" in text
            continue
        cells, layout = waiting.draft.read_cells(made / "data" / one["path"]), one["reading"]
        assert len(shape.empty_cells(cells, layout)) > 0
        assert {len(row) for row in cells} == {len(cells[0])}
        original = originals[figure]["reading"]
        assert {key for key in layout if key != "rows"} == {
            key for key in original if key != "rows"
        }
        years = shape.years(cells, layout)
        assert years[-1] >= YEARS["last_year"]
        if figure == "2-10":
            assert years == list(range(2018, 2024))
        if figure in ("2-4", "2-6", "3-2", "3-3", "3-4", "3-5"):
            assert years == list(range(2019, 2024))
        if figure in ("3-2", "3-4", "3-5"):
            assert list(layout["rows"]) == ["北町", "南町", "計"]
            assert [row[0] for row in cells[1:]] == ["北町", "南町", "計"]


def test_declarations_speak_of_the_new_area(made: Path) -> None:
    definitions = data.definitions(made)
    assert definitions["ward-penal"]["population"] == "市内の警察署が検挙した人（住所は問わない）"
    assert "市は4月1日" in definitions["probation-officers"]["year_basis"]
    identities = yaml.safe_load((made / "data/identities.yaml").read_text(encoding="utf-8"))
    codes = {one["area_code"] for one in _selectors(identities) if "area_code" in one}
    assert codes == {"99000", "00000"}
    for name in ("known_discrepancies", "tolerances"):
        assert yaml.safe_load((made / f"data/{name}.yaml").read_text(encoding="utf-8")) == []
    assert "県の比" in (made / "data/plausibility.yaml").read_text(encoding="utf-8")


def _selectors(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(one for part in value.values() for one in _selectors(part))]
    return [one for part in value for one in _selectors(part)] if isinstance(value, list) else []


def test_other_documents_come_along_where_they_speak_of_the_nation(
    repository: Path, made: Path, tmp_path: Path
) -> None:
    def sources(root: Path) -> set[str]:
        return {one["source_id"] for one in data.published(data.descriptor(root))}

    nation = {
        "national-penal-code",
        "national-special-law",
        "national-arrests-by-group",
        "national-penal-additions",
        "cannabis-by-age",
        "drug-same-law",
        "drug-reoffenders-elsewhere",
        "two-year-return",
    }
    assert sources(made) == nation
    neighbour = wanted(repository, tmp_path / "next", "13104", name="隣区", parent_name="")
    project.make(repository, neighbour)
    assert sources(tmp_path / "next") == {*nation, "printed-elsewhere"}
    for one in data.published(data.descriptor(made)):
        data.read_cells(one, made)


def test_a_file_that_speaks_of_the_area_is_left_out_and_named(
    repository: Path, tmp_path: Path
) -> None:
    root = tmp_path / "project"
    shutil.copytree(repository / "data", root / "data")
    (root / "reports/2024").mkdir(parents=True)
    shutil.copy(repository / "reports/2024/edition.yaml", root / "reports/2024")
    area = study.chain(repository, editions.newest(repository).area_code)[0]
    (root / "data/notes.yaml").write_text(f"place: {area.name_ja}\n", encoding="utf-8")
    (root / "data/general.yaml").write_text("place: any\n", encoding="utf-8")
    left = project.make(root, wanted(root, tmp_path / "made"))
    assert left == ["data/notes.yaml"]
    assert (tmp_path / "made/data/general.yaml").is_file()
    assert not (tmp_path / "made/data/notes.yaml").exists()


def test_a_project_begun_from_another_one_is_the_same(made: Path, tmp_path: Path) -> None:
    names = {"name": "架空市", "parent_name": "架空県"}
    project.make(made, wanted(made, tmp_path / "again", "99202", **names))
    ours, theirs = (
        {
            name: content.replace(b"99202", b"99201")
            for name, content in files(one, "data/published/" + source).items()
        }
        for one, source in ((made, "plan-99201"), (tmp_path / "again", "plan-99202"))
    )
    assert {name.replace("99202", "99201"): one for name, one in theirs.items()} == ours


def test_somebody_else_was_first(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = wanted(repository, tmp_path / "area")
    (tmp_path / "area").mkdir()
    (tmp_path / "area/theirs").write_text("x", encoding="utf-8")
    with pytest.raises(InitError, match="E8-FOLDER"):
        project.make(repository, request)
    assert [one.name for one in tmp_path.iterdir()] == ["area"]
    assert (tmp_path / "area/theirs").read_text(encoding="utf-8") == "x"


def fill(root: Path, name: str, text: str = "7", *, spare: int = 0) -> Path:
    """Write a number into every empty cell of a table but the last `spare`."""
    one = next(one for one in data.descriptor(root)["waiting"] if one["path"].endswith(name))
    file = root / "data" / one["path"]
    cells = waiting.draft.read_cells(file)
    side, head = one["reading"]["label_columns"], one["reading"]["header_rows"]
    empty = [(row, at) for row in cells[head:] for at in range(side, len(row))]
    for row, at in empty[: len(empty) - spare]:
        row[at] = text
    lines = "".join(",".join(row) + "\r\n" for row in cells)
    file.write_bytes(b"\xef\xbb\xbf" + lines.encode("utf-8"))
    return file


def test_a_table_that_is_filled_in_becomes_data(copied: Path) -> None:
    assert all("まだ記入されていません" in one for one in waiting.notes(copied))
    assert waiting.admit(copied) == ([], [], [])
    file = fill(copied, "t2-06.csv")
    assert any("minato seal で加えてください" in one for one in waiting.notes(copied))
    taken, _, problems = waiting.admit(copied)
    assert taken == ["published/plan-99201/t2-06.csv"]
    assert problems == []
    assert b"\r" not in file.read_bytes()
    assert not file.read_bytes().startswith(b"\xef\xbb\xbf")
    package = data.descriptor(copied)
    (one,) = [one for one in package["resources"] if one["path"] == taken[0]]
    assert data.read_cells(one, copied)[1][1] == "7"
    assert len(package["waiting"]) == len(needs.TABLES)
    assert waiting.admit(copied) == ([], [], [])


def test_a_table_emptied_again_goes_out_of_the_data(copied: Path) -> None:
    waited = data.descriptor(copied)["waiting"]
    empty = (copied / "data/published/plan-99201/t2-06.csv").read_bytes()
    file = fill(copied, "t2-06.csv")
    waiting.admit(copied)
    file.write_bytes(empty)
    assert waiting.admit(copied) == ([], ["published/plan-99201/t2-06.csv"], [])
    package = data.descriptor(copied)
    assert package["waiting"] == sorted(waited, key=lambda one: one["path"])
    assert not [one for one in package["resources"] if one["path"].endswith("t2-06.csv")]
    data.read_published(copied)
    fill(copied, "t2-06.csv")
    assert waiting.admit(copied)[0] == ["published/plan-99201/t2-06.csv"]


def test_one_station_or_only_one_that_is_shared(repository: Path, tmp_path: Path) -> None:
    one = wanted(repository, tmp_path / "one", stations=["北町"])
    project.make(repository, one)
    cells = waiting.draft.read_cells(tmp_path / "one/data/published/plan-99201/t3-02.csv")
    assert [row[0] for row in cells[1:]] == ["北町", "計"]
    shared = wanted(
        repository, tmp_path / "two", stations=[], shared=["中央=隣町、別村"], name_en=""
    )
    project.make(repository, shared)
    cells = waiting.draft.read_cells(tmp_path / "two/data/published/plan-99201/t3-02.csv")
    assert [row[0] for row in cells[1:]] == ["中央", "計"]
    said = data.definitions(tmp_path / "two")["ward-penal-and-drugs"]
    assert said["population"] == (
        "市を管轄する警察署が検挙した人（住所は問わない。中央署は隣町、別村も管轄）"
    )
    assert asking(tmp_path / "two", editions.newest(tmp_path / "two").parameters())["beyond"]
    names = study.chain(tmp_path / "two", "99201")
    assert not any(character.isdigit() for one in names for character in one.name_en)


@pytest.mark.parametrize(
    ("form", "value", "id", "measure"),
    [
        ("persons", "120人", "target-persons", "target_persons"),
        ("share-fall", "20%", "target-share-fall-2019", "target_share_fall"),
        ("persons-fall", "20%", "target-persons-fall-2019", "target_persons_fall"),
    ],
)
def test_a_target_in_another_form_is_read(
    repository: Path, tmp_path: Path, form: str, value: str, id: str, measure: str
) -> None:
    root = tmp_path / "area"
    project.make(repository, wanted(repository, root, target=form, target_base=2019))
    file = root / "data/published/plan-99201/prose.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("年度,,", f"年度,{value},"))
    assert waiting.admit(root)[0] == ["published/plan-99201/prose.csv"]
    (one,) = (one for one in data.read_published(root) if one.table == "prose")
    assert (one.row, one.measure, one.year) == (id, measure, 2031)


def test_a_table_filled_in_halfway_is_named_with_its_empty_cells(copied: Path) -> None:
    fill(copied, "t2-06.csv", spare=2)
    taken, _, problems = waiting.admit(copied)
    assert taken == []
    (problem,) = problems
    assert problem.startswith("E8-PARTLY data/published/plan-99201/t2-06.csv: 2個のセルが空です")
    assert "計 令和5(2023)年" in problem
    assert any("空のセルが2個" in one for one in waiting.notes(copied))


def test_tables_are_taken_in_the_order_of_their_numbers(copied: Path) -> None:
    for name in ("t3-02.csv", "t2-04.csv"):
        fill(copied, name, "7 (3)" if name == "t3-02.csv" else "7")
        waiting.admit(copied)
    paths = [one["path"] for one in data.descriptor(copied)["resources"]]
    own = [one for one in paths if "plan-99201" in one]
    assert own == ["published/plan-99201/t2-04.csv", "published/plan-99201/t3-02.csv"]
    assert paths[:2] == own


def test_the_command_says_where_to_go_on_and_refuses_in_one_sentence(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typer

    app = typer.Typer()
    app.command()(init_area)
    monkeypatch.setenv("MINATO_ROOT", str(repository))
    options = [
        "99201",
        "--name",
        "架空市",
        "--parent-name",
        "架空県",
        "--into",
        str(tmp_path / "a"),
    ]
    for name in STATIONS:
        options += ["--station", name]
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 0, done.output
    assert f"次にすること: {tmp_path / 'a'}/README.md" in done.output
    assert "市内の警察署: 北町、南町" in done.output
    again = CliRunner().invoke(app, options)
    assert again.exit_code == 1
    assert again.output.startswith("E8-FOLDER")
    assert len(again.output.strip().splitlines()) == 1


def test_printed_years_can_be_read_back(made: Path) -> None:
    for one in data.descriptor(made)["waiting"]:
        if one["reading"]["kind"] == "wide":
            cells = waiting.draft.read_cells(made / "data" / one["path"])
            assert all(parse_year(str(year)) for year in shape.years(cells, one["reading"]))


def test_a_notebook_of_ones_own_begins_with_the_areas_parameters(copied: Path) -> None:
    standard = list(listed(copied))
    file = new_notebook.create(copied, "08_ours", "私たちの問い")
    text = file.read_text(encoding="utf-8")
    assert "99201" in text
    assert list(listed(copied)) == [*standard, "08_ours"]
    assert {one.name for one in (copied / "notebooks").iterdir()} == {file.name, "pages.yaml"}
