"""Every number of a page has an address; numbers in a table are joined to facts by whole lines only."""

from __future__ import annotations

import re
from html import unescape

from tests.pages.conftest import pages

from minato_analysis.numbers.facts import FactBook
from minato_analysis.reporting.addresses import addressed

HREF = re.compile(r'href="([^"#:]*)#([^"]+)"')


def book(*values: float) -> FactBook:
    found = FactBook("n")
    for year, value in enumerate(values, 2020):
        found.record(
            f"a.share.{year}",
            value,
            unit="percent",
            digits=1,
            from_="s/t!r!c",
            formula="as printed",
        )
    return found


def table(*values: str) -> str:
    rows = "".join(
        f'<tr><th scope="row">令和{year - 2018}({year})年</th><td class="num">{value}</td></tr>'
        for year, value in enumerate(values, 2020)
    )
    head = '<thead><tr><th scope="col">年</th><th scope="col">割合（%）</th></tr></thead>'
    return (
        '<main><div class="table" id="shares"><table><caption>c</caption>'
        f"{head}<tbody>{rows}</tbody></table></div></main>"
    )


def test_a_fact_links_to_its_row_and_a_second_mention_has_an_id_of_its_own() -> None:
    fact = '<data class="fact" data-fact="a.b" value="1.0">1%</data>'
    made = addressed(f"<main><p>{fact}と{fact}</p></main>", "02_trends", ())
    assert re.findall(r'<a class="n" id="([^"]+)" href="([^"]+)">', made) == [
        ("n-a.b", "audit_report.html#n-a.b"),
        ("n-a.b-2", "audit_report.html#n-a.b"),
    ]


def test_no_link_stands_in_a_link_a_drawing_or_the_summary_of_a_folded_part() -> None:
    fact = '<data class="fact" data-fact="a.b" value="1.0">1%</data>'
    for inside in ("<a href='#x'>{}</a>", "<svg>{}</svg>", "<summary>{}</summary>"):
        html = f"<main>{inside.format(fact)}</main>"
        assert addressed(html, "02_trends", ()) == html


def test_a_number_in_a_table_is_named_by_its_row_and_column() -> None:
    made = addressed(table("1.0", "2.0", "3.0"), "02_trends", ())
    assert re.findall(r'<td class="num" id="([^"]+)">', made) == [
        f"shares.{year}.割合" for year in (2020, 2021, 2022)
    ]


def test_a_column_that_is_a_fact_by_year_links_to_its_rows() -> None:
    made = addressed(table("1.0", "2.0%", "3.0"), "02_trends", book(1, 2, 3))
    assert re.findall(r'href="audit_report\.html#n-([^"]+)"', made) == [
        f"a.share.{year}" for year in (2020, 2021, 2022)
    ]


def test_one_number_that_differs_or_too_few_join_nothing() -> None:
    for values in (("1.0", "2.0", "3.1"), ("1.0", "2.0")):
        assert "audit_report" not in addressed(table(*values), "02_trends", book(1, 2, 3))
    alike = addressed(table("1.0", "1.0", "1.0"), "02_trends", book(1, 1, 1))
    assert "audit_report" not in alike


def test_every_link_of_the_edition_leads_to_something_and_every_number_has_one() -> None:
    html = {file.name: file.read_text(encoding="utf-8") for file in pages()}
    ids = {
        name: set(map(unescape, re.findall(r'\sid="([^"]+)"', one))) for name, one in html.items()
    }
    for name, one in html.items():
        for file, part in HREF.findall(one):
            assert unescape(part) in ids[file or name], (name, file, part)
        shown = re.sub(r"<svg\b.*?</svg>", "", one, flags=re.S)
        assert shown.count("<data ") == shown.count('"><data '), name


def test_from_a_page_to_the_printed_cell_it_takes_two_links() -> None:
    html = {file.name: file.read_text(encoding="utf-8") for file in pages()}
    found = re.search(
        r'href="audit_report\.html#(n-minato\.share\.2022)"', html["council_report.html"]
    )
    assert found
    row = re.search(rf'<tr><th[^>]*><code id="{found[1]}">.*?</tr>', html["audit_report.html"])
    assert row
    cell = re.search(r'href="printed_tables\.html#([^"]+)"', row[0])
    assert cell
    assert re.search(rf'<td id="{cell[1]}">[\d,]+', html["printed_tables.html"])


def test_no_heading_is_named_by_a_year() -> None:
    for file in (one for one in pages() if one.stem != "printed_tables"):  # names of sources
        for id in re.findall(r'<h[1-6] id="([^"]+)"', file.read_text(encoding="utf-8")):
            assert not re.search(r"(?:19|20)\d\d", id), (file.name, id)
