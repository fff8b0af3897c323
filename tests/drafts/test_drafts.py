"""From an empty table to accepted data: every slip is told, nothing is half done."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from minato_analysis import data
from minato_analysis.analyses import quality, quality_shown
from minato_analysis.analyses.series import indicator
from minato_analysis.claims import checks, mutation
from minato_analysis.cli import app
from minato_analysis.data import revisions
from minato_analysis.data.study import begin
from minato_analysis.drafts import edition, ladder
from minato_analysis.drafts.accept import Document, accept, done
from minato_analysis.drafts.draft import drafts, read
from minato_analysis.drafts.scaffold import scaffold
from minato_analysis.project import earlier, editions
from minato_analysis.project.checksums import KEY, checksum
from minato_analysis.received.reading import read_sheets
from tests.drafts import letter, year_2023
from tests.drafts.conftest import SERIES

DRAFT = "data/drafts/2023"
DOCUMENT = Document("moj-2027-03", "2027-03-10", "架空の資料", "架空の提供元")
T2_10 = f"{DRAFT}/t2-10.csv"


def errors(project: Path) -> list[str]:
    return [one for step in ladder.climb(project) for one in step.errors]


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def reprint_2022(project: Path) -> None:
    """Let the delivery print the year before again, with one reoffender more."""
    file = project / T2_10
    again = ["令和4(2022)年", "1,053 人", "536 人", "517 人", "49.1%"]
    rows = zip(year_2023.read(file), again, strict=True)
    year_2023.write(file, [[row[0], text, *row[1:]] for row, text in rows])


def test_a_scaffold_holds_every_label_and_no_number(project: Path) -> None:
    made = scaffold(project, 2023, SERIES)
    names = [one.name for one in made]
    assert names == [
        f"t{n}.csv" for n in ("2-04", "2-06", "2-08", "2-10", "3-02", "3-03", "3-04", "3-05")
    ]
    (draft,) = drafts(project)
    values, wrong = read(draft)
    assert values == []
    assert [one.split()[0] for one in wrong] == ["E6-EMPTY"] * len(names)
    assert "7個のセルが空です（愛宕 令和5(2023)年、三田" in next(
        one for one in wrong if "t3-02" in one
    )


def test_a_second_draft_of_a_year_is_refused_and_the_first_stays(drafted: Path) -> None:
    before = (drafted / T2_10).read_bytes()
    with pytest.raises(data.DataError, match=r"E6-DRAFT data/drafts/2023"):
        scaffold(drafted, 2023, SERIES)
    assert (drafted / T2_10).read_bytes() == before


def test_a_series_that_is_not_there_is_refused(project: Path) -> None:
    with pytest.raises(data.DataError, match=r"E6-DRAFT other: 続ける表が"):
        scaffold(project, 2023, "other")


def test_a_year_that_agrees_with_itself_passes_every_rung(drafted: Path) -> None:
    assert errors(drafted) == []
    steps = {one.name: one for one in ladder.climb(drafted)}
    assert "2023年の下書き8表" in steps["形式"].summary
    assert "続きの値68個" in steps["訂正と定義"].summary


@pytest.mark.parametrize(
    ("table", "old", "new", "code", "said"),
    [
        ("t2-10", "1,049 人", "1,094 人", "E2-112", "左辺の合計 1049 ≠ 右辺 1094（差 -45）"),
        ("t3-02", "高輪,6 (3)\n", "", "E1-LABEL-ABSENT", "「高輪」がありません"),
        ("t2-06", "令和5(2023)年", "令和4(2023)年", "E1-YEAR-ERA", "元号では2022年"),
        ("t2-06", "令和5(2023)年", "令和4年", "E6-YEAR", "2023年がありません（ある年: 2022）"),
        ("t2-10", "505 人", "505 件", "E1-UNIT", "単位は「件」"),
        ("t3-03", "50～59 歳,2", "50～59 歳,", "E6-EMPTY", "1個のセルが空です"),
        ("t3-04", "60 (28)", "60", "E1-CELL-VALUES", "数が1個"),
        ("t3-05", "愛宕,30 (18)", "愛宕,30 (18),9", "E6-SHAPE", "列の数が違います"),
    ],
)
def test_a_slip_is_named_with_file_and_numbers(
    drafted: Path, table: str, old: str, new: str, code: str, said: str
) -> None:
    change(drafted / DRAFT / f"{table}.csv", old, new)
    (sentence,) = [one for one in errors(drafted) if one.startswith(code)]
    assert "data/drafts/2023/" in sentence
    assert said in sentence


def test_a_revised_past_value_needs_a_reason(drafted: Path) -> None:
    reprint_2022(drafted)
    found = errors(drafted)
    assert [one.split()[0] for one in found] == ["E2-601"] * 3
    sentence = next(one for one in found if "再犯者数 " in one)
    assert "minato-plan-draft-2024-12の 516 が 517 に変わっています" in sentence
    entries = [one[one.index("- {revision") :].replace("…", "再集計") for one in found]
    with (drafted / "data/known_discrepancies.yaml").open("a", encoding="utf-8") as stream:
        stream.write("\n".join(["", *entries, ""]))
    assert errors(drafted) == []
    (draft,) = drafts(drafted)
    accept(drafted, draft, DOCUMENT)
    assert errors(drafted) == []


def test_accepted_data_are_read_and_an_old_edition_keeps_its_values(drafted: Path) -> None:
    reprint_2022(drafted)
    (draft,) = drafts(drafted)
    paths = accept(drafted, draft, DOCUMENT)
    assert drafts(drafted) == []
    assert all((drafted / "data" / one).is_file() for one in paths)
    history = data.frame(data.read_published(drafted))
    wanted = {
        "series_id": SERIES,
        "measure": "reoffenders",
        "offence": "penal_code_and_drugs",
        "area_code": editions.load(drafted, "2024").area_code,
    }
    now = data.series(revisions.current(history), **wanted)
    then = data.series(revisions.current(history, "2027-03-09"), **wanted)
    assert (now[2022], now[2023]) == (517, 505)
    assert (then[2022], 2023 in then.index) == (516, False)
    marked = data.select(revisions.current(history), year=2022, **wanted)
    assert list(marked["status"]) == ["revised"]
    before = data.frame(data.read_published(drafted)).query("as_of < '2027'")
    assert then.equals(data.series(before, **wanted))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (Document("../up", "2027-03-10", "t", "p"), "英小文字"),
        (Document("moj", "10.3.2027", "t", "p"), "YYYY-MM-DD"),
        (Document("moj", "2027-02-31", "t", "p"), "暦にある日付"),
        (Document("moj", "2027-02-29", "t", "p"), "暦にある日付"),
        (Document("moj", "2027-13", "t", "p"), "暦にある日付"),
        (Document("moj", "２０２７-03-10", "t", "p"), "暦にある日付"),
        (Document("moj", "20270310", "t", "p"), "YYYY-MM-DD"),
        (Document("moj", "2024-11-01", "t", "p"), "2024-12 より後ではありません"),
        (Document("national-penal-code", "2027-03-10", "t", "p"), "もうあります"),
    ],
)
def test_a_document_that_cannot_be_one_is_refused(
    drafted: Path, document: Document, said: str
) -> None:
    before = (drafted / data.DESCRIPTOR).read_bytes()
    (draft,) = drafts(drafted)
    with pytest.raises(data.DataError, match=r"^E6-ACCEPT") as refused:
        accept(drafted, draft, document)
    assert said in str(refused.value)
    assert (drafted / data.DESCRIPTOR).read_bytes() == before
    assert drafts(drafted) == [draft]


def test_an_interrupted_acceptance_is_completed_by_running_it_again(
    drafted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (draft,) = drafts(drafted)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda *_, **__: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            accept(drafted, draft, DOCUMENT)
    assert done(drafted, draft, DOCUMENT)
    once = (drafted / data.DESCRIPTOR).read_bytes()
    accept(drafted, draft, DOCUMENT)
    assert (drafted / data.DESCRIPTOR).read_bytes() == once
    assert drafts(drafted) == []


def test_an_edition_begun_before_the_year_came_is_told_to_take_it_in(drafted: Path) -> None:
    assert edition.begin(drafted, "2025", date(2027, 3, 20)) is not None
    assert edition.behind(drafted) == ""
    (draft,) = drafts(drafted)
    accept(drafted, draft, DOCUMENT)
    said = edition.behind(drafted)
    assert "2025 は2022年までの版です" in said
    assert "last_year を 2023 に" in said
    file = drafted / "reports/2025/edition.yaml"
    text = file.read_text(encoding="utf-8").replace("last_year: 2022", "last_year: 2023")
    file.write_text(text, encoding="utf-8")
    assert edition.behind(drafted) == ""


def test_a_new_edition_asks_the_same_questions_of_one_year_more(
    drafted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(earlier, "newest_value", lambda root: "")  # as before the first later value
        assert edition.begin(drafted, "2025", date(2027, 3, 20)) is None
    (draft,) = drafts(drafted)
    accept(drafted, draft, DOCUMENT)
    with pytest.raises(editions.EditionError, match=r"E6-DATE 2025: .*2027-03-10"):
        edition.begin(drafted, "2025", date(2027, 3, 1))
    with pytest.raises(editions.EditionError, match="E0-PARAMETER"):
        edition.begin(drafted, "../2025", date(2027, 3, 20))
    assert edition.begin(drafted, "2025", date(2027, 3, 20)) is not None
    old, new = (editions.load(drafted, name).model_dump() for name in ("2024", "2025"))
    changed = {name: new[name] for name in new if new[name] != old[name]}
    assert changed == {
        "edition": "2025",
        "title": "2025年度版",
        "built": "令和9(2027)年3月20日",
        "as_of": "2027-03-20",
        "last_year": 2023,
    }


def test_a_later_document_may_not_redefine_a_quantity(drafted: Path) -> None:
    (draft,) = drafts(drafted)
    accept(drafted, draft, DOCUMENT)
    file = drafted / data.DESCRIPTOR
    package = json.loads(file.read_text(encoding="utf-8"))
    rows = data.frame(data.read_published(drafted))
    late = rows["source_id"] == DOCUMENT.source_id
    other = rows.assign(
        definition=rows["definition"].mask(late, "other"), year=rows["year"].mask(late, 2022)
    )
    with pytest.raises(revisions.RedefinedError, match=r"^E0-REDEFINED moj-2027-03/"):
        revisions.current(other)
    assert package["source_documents"][DOCUMENT.source_id]["date"] == DOCUMENT.as_of


def test_what_is_not_public_stays_out_of_the_published_files(drafted: Path) -> None:
    (draft,) = drafts(drafted)
    letter = Document("letter-2027", "2027-03-10", "架空の提供資料", "架空", public=False)
    paths = accept(drafted, draft, letter)
    assert all(one.startswith("not-public/letter-2027/") for one in paths)
    closed = drafted / "data/not-public"
    assert all(one.stat().st_mode & 0o077 == 0 for one in (closed, *closed.rglob("*")))
    package = data.descriptor(drafted)
    described = [one for one in package["resources"] if one.get("source_id") == "letter-2027"]
    text = (drafted / data.DESCRIPTOR).read_text(encoding="utf-8")
    for one in described:
        file = drafted / "data" / one["path"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() not in text
        assert one["hash"] == checksum(file, drafted)
        assert "bytes" not in one
    covered = mutation.targets(drafted)
    assert not [one for one in covered if one.source_id == "letter-2027"]
    (small,) = [one for one in ladder.climb(drafted) if one.name == "小さな数"]
    assert "非公表の資料1点に、10人未満の人数が" in small.summary
    texts = data.tidy(data.read_published(drafted), drafted)
    public, secret = texts[drafted / data.OBSERVATIONS], texts[drafted / data.CLOSED]
    assert "letter-2027" not in public
    assert all("letter-2027" in line for line in secret.splitlines()[1:])
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    rows = data.history(drafted)
    assert (rows["source_id"] == "letter-2027").sum() == 68
    results = checks.evaluate(revisions.current(rows), *checks.load(drafted))
    assert len(checks.without(results, {"letter-2027"})) < len(results)
    (drafted / "data" / paths[0]).unlink()
    with pytest.raises(data.DataError, match="E0-NOT-PUBLIC data/not-public/letter-2027"):
        data.read_published(drafted)


def test_without_the_key_nothing_is_compared_and_the_sentence_says_who_has_it(
    drafted: Path,
) -> None:
    (draft,) = drafts(drafted)
    letter = Document("letter-2027", "2027-03-10", "架空の提供資料", "架空", public=False)
    accept(drafted, draft, letter)
    (drafted / KEY).unlink()
    with pytest.raises(ValueError, match=r"E0-KEY data/not-public/key: .*フォルダーごと受け取って"):
        data.read_published(drafted)
    assert len(data.seal(drafted)) == len(draft.tables)
    assert data.read_published(drafted)


def test_a_closed_source_in_a_public_folder_is_refused(drafted: Path) -> None:
    package = data.descriptor(drafted)
    package["source_documents"].setdefault("national-penal-code", {})["not_public"] = True
    (drafted / data.DESCRIPTOR).write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(data.DataError, match=r"E0-NOT-PUBLIC data/published/national-penal-code/"):
        data.read_published(drafted)


def test_pages_show_what_was_revised_and_an_old_edition_does_not(
    drafted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reprint_2022(drafted)
    (draft,) = drafts(drafted)
    accept(drafted, draft, DOCUMENT)
    for file, text in data.tidy(data.read_published(drafted), drafted).items():
        file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("MINATO_ROOT", str(drafted))
    parameters = editions.load(drafted, "2024").parameters()
    old = begin("test", parameters)
    new = begin("test", parameters | {"as_of": "2027-03-10", "last_year": 2023})
    assert quality_shown.revised(old, quality.record_revisions(old)) is None
    shown = quality_shown.revised(new, quality.record_revisions(new))
    assert shown is not None
    assert ("図表2-10 再犯者数 令和4(2022)年", "516", "517", "架空の資料", "") in shown.rows
    assert [indicator(new).mark(year) for year in (2021, 2022, 2023)] == ["", "r", ""]
    assert indicator(new).mark_note != ()
    assert indicator(old).mark_note == ()


@pytest.mark.parametrize("number", [1, 2])
def test_the_letters_of_the_guide_are_the_made_up_ones(
    repository: Path, tmp_path: Path, number: int
) -> None:
    kept = repository / f"docs/a-year/letter-{number}.xlsx"
    made = tmp_path / kept.name  # a file's name is read too
    letter.write(made, first=number == 1)
    assert read_sheets(kept) == read_sheets(made)


def test_what_was_received_and_cannot_be_drafted_is_not_lost_in_silence(project: Path) -> None:
    with pytest.raises(data.DataError, match=r"E6-DRAFT prose: 受け取った資料から読めましたが"):
        scaffold(project, 2023, SERIES, {"prose": [["a"]], "2-10": [["b"]]})
    assert not (project / "data/drafts/2023").exists()


@pytest.mark.parametrize("day", ["2027-02-31", "2027-13", "20270310", "今日"])
def test_a_date_that_is_none_is_refused_before_anything_is_tried(drafted: Path, day: str) -> None:
    command = ["accept", "2023", "--source", "moj-2027-03", "--as-of", day]
    before = (drafted / data.DESCRIPTOR).read_bytes()
    done = CliRunner(env={"MINATO_ROOT": str(drafted)}).invoke(app, command)
    assert (done.exit_code, "E0-DATE" in done.output) == (1, True)
    assert "試しに" not in done.output
    assert (drafted / data.DESCRIPTOR).read_bytes() == before


def test_a_dash_and_a_zero_of_one_source_are_no_revision(drafted: Path) -> None:
    (draft,) = drafts(drafted)
    accept(drafted, draft, DOCUMENT)
    rows = data.frame(data.read_published(drafted))
    zero = (rows["table"] == "3-2") & (rows["status"] == "zero") & (rows["year"] == 2022)
    again = rows[zero].assign(
        source_id=DOCUMENT.source_id, as_of="2027-03-10", status="not_applicable", value=None
    )
    assert len(again) > 0
    told = revisions.revised(pd.concat([rows, again], ignore_index=True))
    assert told[told["year"] == 2022].empty
    gone = again.assign(status="suppressed")
    assert len(revisions.revised(pd.concat([rows, gone], ignore_index=True))) == len(gone)
