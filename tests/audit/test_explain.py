"""From a number to its cells and from a cell to its numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis.audit.explain import Explainer, NotFound

from .test_verify import run


@pytest.fixture(scope="module")
def explainer(edition: Path) -> Explainer:
    return Explainer(edition, "2024")


def test_a_fact_leads_to_its_printed_cells_and_their_file(explainer: Explainer) -> None:
    text = "\n".join(explainer.explain("minato.share.2022"))
    for part in (
        "minato.share.2022  49.0%",
        "02_reoffender_trends.html「",
        "小数第1位まで四捨五入",
        "100 * reoffenders / persons_arrested",
        "notebooks/02_reoffender_trends.ipynb",
        "図表2-10 再犯者数 × 令和4(2022)年「516 人」",
        "t2-10.csv 4行7列",
        "→ reoffenders = 516",
        "sha256:",
        "記述子と一致",
    ):
        assert part in text, part


def test_a_cell_leads_to_every_number_and_page_it_reaches(explainer: Explainer) -> None:
    lines = explainer.explain("図表2-10!再犯者数!2022")
    assert lines[0].endswith("印刷されたセル 1")
    text = "\n".join(lines)
    assert "minato.share.2022  49.0%" in text
    assert "council_report.html" in text
    ids = explainer.edition.by_cell["minato-plan-draft-2024-12/2-10!再犯者数!令和4(2022)年"]
    assert f"届く先: 数値{len(ids)}、" in text
    for id in ids:
        cells = explainer.edition.facts[id].observations
        assert "minato-plan-draft-2024-12/2-10!再犯者数!令和4(2022)年" in cells


@pytest.mark.parametrize(
    "asked", ["図表2-10!2022", "2-10!2022", "図表２－１０！２０２２".replace("！", "!")]
)
def test_a_column_is_all_its_cells(explainer: Explainer, asked: str) -> None:
    assert explainer.explain(asked)[0].endswith("印刷されたセル 4")


def test_a_printed_number_lists_the_facts_that_print_it(explainer: Explainer) -> None:
    text = "\n".join(explainer.explain("49.0%"))
    assert "minato.share.2022  49.0%" in text


def test_words_lead_to_the_sentence_and_its_numbers(explainer: Explainer) -> None:
    text = "\n".join(explainer.explain("再犯者の割合は49.0%で"))
    assert "minato.share.2022" in text


def test_both_values_of_a_cell_are_told(explainer: Explainer) -> None:
    (cell,) = explainer._matching("図表3-2!麻布!2022")
    assert [one.measure for one in cell.values] == ["persons_arrested", "reoffenders"]


@pytest.mark.parametrize("asked", ["minato.shares.2022", "図表9-9!2022", "そんな文はありません"])
def test_what_is_not_there_is_refused_with_a_hint(explainer: Explainer, asked: str) -> None:
    with pytest.raises(NotFound, match="E5-NOT-FOUND"):
        explainer.explain(asked)


def test_the_command_prints_the_lines_and_refuses_kindly(edition: Path) -> None:
    code, text = run(edition, "explain", "minato.share.2022")
    assert (code, text.splitlines()[0]) == (0, "minato.share.2022  49.0%")
    code, text = run(edition, "explain", "nothing.like.this")
    assert (code, "Traceback" in text) == (1, False)


def test_a_place_on_a_page_leads_to_its_numbers(explainer: Explainer) -> None:
    page = "02_reoffender_trends.html"
    fact = explainer.explain("minato.share.2022")
    assert explainer.explain(f"reports/2024/{page}#n-minato.share.2022") == fact
    assert any(
        "minato.reoffenders.2022" in one for one in explainer.explain(f"{page}#persons-and-share")
    )
    here, anywhere = (
        int(explainer.explain(asked)[0].rsplit(" ", 1)[1]) for asked in (f"{page}#割合は", "割合は")
    )
    assert 0 < here < anywhere
    with pytest.raises(NotFound, match="council_report"):
        explainer.explain("no.html#49.0%")
    with pytest.raises(NotFound):
        explainer.explain(f"{page}#そのような文はない")


def test_an_address_on_a_page_is_explained(explainer: Explainer) -> None:
    for part in ("n-minato.share.2022", "n-minato.share.2022-3"):
        assert explainer.explain(f"council_report.html#{part}")[0] == "minato.share.2022  49.0%"
    cell = explainer.explain("reports/2024/printed_tables.html#2-10.4.7")
    assert "再犯者数 × 令和4(2022)年「516 人」" in "\n".join(cell)
