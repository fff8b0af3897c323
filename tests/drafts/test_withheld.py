"""A withheld station, a value that becomes known, the law of 2024: from the file to the accepted data."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from minato_analysis import data
from minato_analysis.claims import checks, mutation
from minato_analysis.data import categories, revisions
from minato_analysis.drafts import arrival, ladder, trial
from minato_analysis.drafts.accept import Document, accept
from minato_analysis.drafts.draft import drafts
from minato_analysis.drafts.scaffold import scaffold
from minato_analysis.drafts.unaccept import unaccept
from minato_analysis.published import cells, ledger
from tests.drafts.conftest import SERIES

FILES = Path(__file__).parents[1] / "received/year"
LAW = {"laws": {"cannabis-law-2024": {"kind": "exact", "reason": "提供元の回答"}}}
DOCUMENT = Document("moj-2028-03", "2028-03-10", "架空の資料", "架空の提供元")


def errors(project: Path) -> list[str]:
    return [one for step in ladder.climb(project) for one in step.errors]


def arrive(project: Path, file: str, year: int, answers: dict[str, Any] | None = None) -> None:
    folder = project / f"data/drafts/{year}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping.yaml").write_text(yaml.safe_dump(answers or {}), encoding="utf-8")
    asked = partial(
        arrival.take,
        project,
        FILES / file,
        year=year,
        series_id=SERIES,
        source_id="moj",
        public=True,
        tell=lambda _: None,
    )
    with pytest.raises(data.DataError) as unconfirmed:
        asked()
    if "E6-CONFIRM" not in str(unconfirmed.value):
        raise unconfirmed.value
    filled, _ = asked(confirmed=True)
    scaffold(project, year, SERIES, filled)


def change(project: Path, table: str, old: str, new: str) -> None:
    file = project / f"data/drafts/2023/{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("file", ["2024_law_as_own_rows.xlsx", "2024_law_in_heading.xlsx"])
def test_one_answer_to_the_law_holds_for_the_draft_and_for_good(project: Path, file: str) -> None:
    with pytest.raises(data.DataError, match="E6-LAW"):
        arrive(project, file, 2024)
    arrive(project, file, 2024, LAW)
    assert [one for one in errors(project) if "E4-CATEGORY" in one or "E2-1" in one] == []
    (draft,) = drafts(project)
    accept(project, draft, DOCUMENT)
    assert [one for one in errors(project) if "E4-CATEGORY" in one or "E2-1" in one] == []
    rows = revisions.current(data.frame(data.read_published(project)))
    for offence, value in (("cannabis", 63), ("narcotics", 27), ("stimulants", 49)):
        found = data.series(rows, table="2-6", offence=offence)
        assert found[2024] == value
        assert found[2022] > 0
    printed = set(data.select(rows, table="2-6", year=2024)["row"])
    assert any(one.startswith("大麻") and one != "大麻取締法" for one in printed)
    # Every value in the tidy data is what the published cells say, sums of rows among them.
    for path, text in data.tidy(data.read_published(project), project).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert cells.differences(project, [f"data/published/{DOCUMENT.source_id}/t2-06.csv"]) == []


def test_tables_that_say_nothing_are_asked_once_when_typed_in(project: Path) -> None:
    arrive(project, "2024_law_in_heading.xlsx", 2024, LAW)
    answers = project / "data/drafts/2024/mapping.yaml"
    answers.unlink()
    (sentence,) = errors(project)
    assert sentence.startswith("E4-CATEGORY data/drafts/2024/t3-02.csv")
    # The answer it names settles all tables of the document.
    told = sentence[sentence.index("laws: {") :]
    answers.write_text(told, encoding="utf-8")
    assert not [one for one in errors(project) if "E4-CATEGORY" in one]
    # The other answer keeps what these tables count out of the series.
    answers.write_text(told.replace("exact", "partial"), encoding="utf-8")
    (draft,) = drafts(project)
    accept(project, draft, DOCUMENT)
    rows = data.frame(data.read_published(project))
    late = rows[(rows["year"] == 2024) & (rows["table"] == "3-2")]
    assert set(late["offence"]) == {"cannabis_cannabis_law_2024"}
    assert categories.load(project)[0].answers == {DOCUMENT.source_id: "partial"}


@pytest.mark.parametrize("sign", ["x", "…", "-", "x (x)"])
def test_a_withheld_station_is_said_and_stops_nothing(drafted: Path, sign: str) -> None:
    change(drafted, "t3-02", "高輪,6 (3)", f"高輪,{sign}")
    assert errors(drafted) == []
    steps = {one.name: one for one in ladder.climb(drafted)}
    assert "照合できません" in steps["恒等式"].summary
    said = [one for one in steps["恒等式"].warnings if one.startswith("E2-103")]
    assert len(said) == 2
    assert all("高輪 令和5(2023)年" in one and "三田" not in one for one in said)
    assert "左辺は 43以上、右辺は 49 で、矛盾はありません" in said[0]
    (draft,) = drafts(drafted)
    accept(drafted, draft, Document("moj-2027-03", "2027-03-10", "架空", "架空"))
    assert errors(drafted) == []
    found = mutation.measure(drafted)
    withheld = found[(found["source_id"] == "moj-2027-03") & (found["row"] == "高輪")]
    assert set(withheld[withheld["table"] == "3-2"]["identities_on"]) == {0}


def test_a_sum_that_its_known_parts_exceed_is_broken_all_the_same(drafted: Path) -> None:
    change(drafted, "t3-02", "高輪,6 (3)", "高輪,x")
    change(drafted, "t3-02", "麻布,24 (17)", "麻布,42 (17)")
    assert any(one.startswith("E2-103") and "≠" in one for one in errors(drafted))


def test_a_revision_may_take_a_value_away_or_make_it_known(drafted: Path) -> None:
    file = drafted / "data/drafts/2023/t3-02.csv"
    again = ["令和4(2022)年", "0 (0)", "x", "8 (4)", "22 (18)", "6 (4)", "8 (5)", "46 (32)"]
    lines = file.read_text(encoding="utf-8").splitlines()
    texts = [
        ",".join([name, text, rest])
        for (name, _, rest), text in zip((one.partition(",") for one in lines), again, strict=True)
    ]
    file.write_text("\n".join(texts) + "\n", encoding="utf-8")
    found = errors(drafted)
    assert [one.split()[0] for one in found] == ["E2-601"] * 2
    assert "2 が - に変わっています" in found[0]
    entries = [one[one.index("- {revision") :].replace("…", "秘匿") for one in found]
    assert "[2, -]" in entries[0]
    with (drafted / "data/known_discrepancies.yaml").open("a", encoding="utf-8") as stream:
        stream.write("\n".join(["", *entries, ""]))
    assert errors(drafted) == []


def test_a_value_that_becomes_known_is_new_and_not_marked_revised() -> None:
    row = {
        "source_id": ["a", "b"],
        "series_id": ["a", "a"],
        "table": ["3-2", "3-2"],
        "row": ["三田", "三田"],
        "column": ["2022", "2022"],
        "area_code": ["1", "1"],
        "station": ["三田", "三田"],
        "offence": ["cannabis", "cannabis"],
        "age_band": ["all", "all"],
        "year": [2022, 2022],
        "measure": ["persons_arrested", "persons_arrested"],
        "value": [None, 2.0],
        "status": ["suppressed", "ok"],
        "definition": ["d", "d"],
        "as_of": ["2024-12", "2027-03-10"],
    }
    rows = pd.DataFrame(row)
    (current,) = revisions.current(rows).to_dict("records")
    assert (current["value"], current["status"]) == (2.0, "ok")
    entry = {
        "revision": "a/3-2!三田!2022",
        "expect": {"persons_arrested": ["-", 2]},
        "reason": "公表",
    }
    (found,) = revisions.evaluate(rows, [entry])
    assert (found.old, found.new, found.reason) == ("-", "2", "公表")


def test_open_identities_name_the_empty_cell_and_the_range(drafted: Path) -> None:
    rows = data.frame(data.read_published(drafted))
    identities, known = checks.load(drafted)
    assert checks.open_ones(rows, identities) == []
    before = len(checks.evaluate(rows, identities, known))
    at = (rows["table"] == "2-6") & (rows["year"] == 2021) & (rows["offence"] == "drugs")
    hidden = rows.assign(value=rows["value"].mask(at))
    found = checks.open_ones(hidden, identities)
    assert {one.identity for one in found} == {"E2-102", "E2-112"}
    assert found[0].without == ("計 令和3(2021)年",)
    assert "右辺は 0以上" in found[0].range
    assert len(checks.evaluate(hidden, identities, known)) == before - 2


def test_a_state_that_does_not_build_is_refused_before_anything_is_written(
    drafted: Path,
) -> None:
    # The scratch project has no notebooks: its edition cannot be built.
    before = {file: file.read_bytes() for file in drafted.rglob("*") if file.is_file()}
    (sentence,) = trial.problems(drafted, 2023, Document("moj", "2027-03-10", "t", "p"))
    assert sentence.startswith("E6-ACCEPT moj: 受け入れると、2024年度版が作れなくなります。")
    assert {file: file.read_bytes() for file in drafted.rglob("*") if file.is_file()} == before


def test_only_the_last_and_unpublished_acceptance_is_taken_back(
    drafted: Path,
) -> None:
    (draft,) = drafts(drafted)
    document = Document("moj-2027-03", "2027-03-10", "架空", "架空")
    accept(drafted, draft, document)
    for name, said in ((SERIES, "最後に受け入れた資料"), ("other", "最後に受け入れた資料")):
        with pytest.raises(data.DataError, match=rf"^E6-UNACCEPT {name}: {said}"):
            unaccept(drafted, name)
    edition = drafted / "reports/2024/edition.yaml"
    text = edition.read_text(encoding="utf-8")
    later = drafted / "reports/2025"
    later.mkdir()
    (later / "edition.yaml").write_text(
        "\n".join(
            {"edition": 'edition: "2025"', "as_of": 'as_of: "2027-03-20"'}.get(
                line.split(":")[0], line
            )
            for line in text.splitlines()
        )
        + "\n",
        encoding="utf-8",
    )
    (drafted / ledger.FILE).write_text(f"{ledger.HEADER}\n2025,2027-03-20,a,b\n", encoding="utf-8")
    with pytest.raises(data.DataError, match="公表した2025年度版がこの資料を使っています"):
        unaccept(drafted, document.source_id)
