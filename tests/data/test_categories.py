"""Categories of tables printed after a change of law, shown with the cannabis law."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from minato_analysis import data
from minato_analysis.analyses import causes, context, council
from minato_analysis.cleaning.tables import Observation
from minato_analysis.data import breaks, categories
from minato_analysis.data.categories import CategoryError, Mapped

FILES = {"moj-2027/2-6": "data/published/moj-2027/t2-06.csv"}
AS_CANNABIS = "大麻取締法（大麻に係る麻薬等取締法違反を含む）"
WITHOUT = "麻薬等取締法（大麻に係る違反を除く）"


def row(label: str, offence: str, year: int | None = 2024, **changes: Any) -> Observation:
    whole: dict[str, Any] = {
        "source_id": "moj-2027",
        "table": "2-6",
        "row": label,
        "column": f"{year}年",
        "area_code": "99001",
        "station": "all",
        "offence": offence,
        "age_band": "all",
        "year": year,
        "measure": "persons_arrested",
        "value": Decimal(10),
        "unit": "persons",
        "status": "ok",
        "definition": "drugs",
        "series_id": "plan",
        "as_of": "2027-03-10",
    }
    return Observation(**(whole | changes))


@pytest.fixture
def declared(repository: Path) -> tuple[Mapped, ...]:
    return categories.load(repository)


def folder(path: Path, *lines: dict[str, Any], **changes: Any) -> Path:
    (path / "data").mkdir()
    rule = {"id": "rule", "change": "law", "title": "…", "select": {"offence": ["cannabis"]}}
    law = {"id": "law", "date": datetime.date(2024, 12, 12)}
    for name, content in (
        (breaks.CATEGORIES, [rule | {"categories": list(lines)} | changes]),
        (breaks.FILE, [law]),
    ):
        (path / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def line(**changes: Any) -> dict[str, Any]:
    whole = {
        "label": "甲",
        "was": "cannabis",
        "offence": "cannabis",
        "kind": "exact",
        "reason": "…",
    }
    return whole | changes


def codes(rows: list[Observation], mappings: tuple[Mapped, ...]) -> list[str]:
    return [one.offence for one in categories.translate(rows, mappings, FILES)]


def test_the_white_papers_categories_continue_our_series(declared: tuple[Mapped, ...]) -> None:
    rows = [
        row("覚醒剤取締法", "stimulants"),
        row(AS_CANNABIS, "cannabis"),
        row(WITHOUT, "narcotics"),
        row("計", "drugs"),
    ]
    assert codes(rows, declared) == ["stimulants", "cannabis", "narcotics", "drugs"]


def test_a_part_of_cannabis_never_enters_the_series_of_cannabis(
    declared: tuple[Mapped, ...],
) -> None:
    rows = [
        row("大麻草の栽培の規制に関する法律", "cannabis"),
        row("麻薬等取締法（大麻に係る違反）", "cannabis"),
        row("麻薬等取締法（大麻に係る違反を含む）", "narcotics"),
    ]
    found = codes(rows, declared)
    assert found == ["cannabis_cultivation", "cannabis_as_narcotic", "narcotics_with_cannabis"]
    assert set(found) == categories.kept_apart(declared)
    translated = categories.translate(rows, declared, FILES)
    everything = data.frame([row("大麻取締法", "cannabis", 2023), *translated])
    cannabis = data.series(everything, offence="cannabis", measure="persons_arrested")
    assert cannabis.to_dict() == {2023: 10.0}


def test_codes_kept_apart_are_in_no_group_that_is_summed(declared: tuple[Mapped, ...]) -> None:
    apart = categories.kept_apart(declared)
    assert "cannabis_as_narcotic" in apart
    for groups in (context.GROUPS, causes.GROUPS, council.OFFENCES):
        assert not apart & set(groups)


def test_no_identity_sums_a_code_that_is_kept_apart(
    repository: Path, declared: tuple[Mapped, ...]
) -> None:
    apart = categories.kept_apart(declared)
    text = (repository / "data/identities.yaml").read_text(encoding="utf-8")
    assert not [code for code in apart if code in text]


@pytest.mark.parametrize(
    ("label", "offence"), [("大麻取締法", "cannabis"), ("麻薬等取締法", "narcotics")]
)
def test_the_old_words_after_the_change_are_refused_until_somebody_asked(
    declared: tuple[Mapped, ...], label: str, offence: str
) -> None:
    with pytest.raises(CategoryError) as caught:
        categories.translate([row(label, offence)], declared, FILES)
    said = str(caught.value)
    assert said.startswith(f"E4-CATEGORY data/published/moj-2027/t2-06.csv 「{label}」「2024年」: ")
    assert "cannabis-as-in-white-paper-2025 の categories に次の行" in said
    # The line it names makes the same row pass.
    added = yaml.safe_load(said[said.index("- {") : said.index("。同じものを")])[0]
    (mapped,) = declared
    more = Mapped(
        mapped.id,
        mapped.year,
        mapped.select,
        (*mapped.categories, categories.Category(**added)),
    )
    assert codes([row(label, offence)], (more,)) == [offence]
    # It holds for the delivery it was asked about only.
    with pytest.raises(CategoryError):
        categories.translate([row(label, offence, source_id="moj-2028")], (more,), FILES)


def test_years_before_the_change_are_left_as_they_are(declared: tuple[Mapped, ...]) -> None:
    before = [row("大麻取締法", "cannabis", 2023), row("麻薬等取締法", "narcotics", 2023)]
    assert categories.translate(before, declared, FILES) == before
    no_year = row("大麻取締法", "cannabis", year=None, column="値")
    assert categories.translate([no_year], declared, FILES) == [no_year]


def test_a_table_whose_title_names_the_offence_is_declared_by_code(tmp_path: Path) -> None:
    by_code = line(code="cannabis", document="moj-2027", table="3-2") | {"label": None}
    del by_code["label"]
    mappings = categories.load(folder(tmp_path, by_code))
    assert codes([row("麻布", "cannabis", table="3-2")], mappings) == ["cannabis"]
    with pytest.raises(CategoryError, match="麻布"):
        categories.translate([row("麻布", "cannabis", table="3-3")], mappings, FILES)


def test_a_line_for_one_document_goes_first(tmp_path: Path) -> None:
    own = line(document="moj-2027", kind="partial", offence="part_of_cannabis")
    mappings = categories.load(folder(tmp_path, line(), own))
    assert codes([row("甲", "cannabis")], mappings) == ["part_of_cannabis"]
    assert codes([row("甲", "cannabis", source_id="moj-2028")], mappings) == ["cannabis"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "partial"}, "新しい符号"),
        ({"kind": "none"}, "新しい符号"),
        ({"kind": "roughly"}, "exact、partial、none"),
        ({"offence": "narcotics"}, "was と同じ符号"),
        ({"code": "cannabis"}, "どちらか一方"),
        ({"lable": "乙"}, "「lable」という欄"),
    ],
)
def test_a_wrong_line_is_refused(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(CategoryError, match=r"^E4-CATEGORY data/categories.yaml rule ") as caught:
        categories.load(folder(tmp_path, line(**wrong)))
    assert said in str(caught.value)


def test_a_mapping_belongs_to_a_declared_change(tmp_path: Path) -> None:
    with pytest.raises(CategoryError, match=r"data/breaks\.yaml にありません"):
        categories.load(folder(tmp_path, line(), change="unknown"))


def test_the_year_is_that_of_the_law(declared: tuple[Mapped, ...]) -> None:
    assert [one.year for one in declared] == [2024]


def test_nothing_published_so_far_needs_translation(
    repository: Path, declared: tuple[Mapped, ...]
) -> None:
    rows = data.read_published(repository)
    assert categories.translate(rows, declared, data.files(repository)) == rows
