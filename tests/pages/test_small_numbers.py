"""The rule of small numbers on real pages: enforced when a page is made, and tried by leaking into it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pytest

from minato_analysis.claims.checks import IDENTITIES
from minato_analysis.data import DESCRIPTOR, OBSERVATIONS
from minato_analysis.numbers import facts
from minato_analysis.project import editions
from minato_analysis.published.manifest import DIFFERENCES
from minato_analysis.reporting.disclosure import small_numbers
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.pages import PAGES, checked, listed, notebook_page
from tests import specimen
from tests.pages.conftest import pages
from tests.reporting.world import NAMES, PAGE, code, display, figure, full, notebook, table
from tests.reporting.world import facts as recorded

REPOSITORY = specimen.project()
LAY = [
    file
    for file in pages()
    if not file.name.startswith(DIFFERENCES)
    and (file.stem == "index" or listed(REPOSITORY).get(file.stem, {}).get("kind") == "lay")
]
COUNCIL = next(file for file in LAY if file.stem == "council_report").read_text(encoding="utf-8")


def changed(pattern: str, small: str, html: str = COUNCIL) -> str:
    """Return the page with the first match of `pattern` replaced; fails where nothing matches."""
    found, times = re.subn(pattern, lambda match: match.expand(small), html, count=1, flags=re.S)
    assert times == 1, pattern
    return found


LEAKS = {
    "a cell": (r'(<td class="num"[^>]*><a [^>]*>)[\d,]+(?=<)', r"\g<1>7人"),
    "a cell without its unit": (r'(<td class="num"[^>]*><a [^>]*>)[\d,]+(?=<)', r"\g<1>7"),
    "a cell of a share": (r'<td class="num">[^<]*</td>', '<td class="num">100.0%</td>'),
    "a download": ("人" + quote(","), "人%2C7人" + quote(",")),
    "a whole download": (r"data:text/csv;charset=utf-8,[^\"]*", "data:text/csv,%0AA,7人"),
    "a label on a bar": (r"(<text[^>]*>)\d{3}(</text>)", r"\g<1>7\g<2>"),
    "a label of a point": (r"(<text[^>]*>)\d\d\.\d%(</text>)", r"\g<1>100.0%\g<2>"),
    "a drawing's title": (r"(<svg.*?<title[^>]*>)", r"\g<1>再犯者7人。"),
    "a drawing's description": (r"(<desc[^>]*>)", r"\g<1>港区: 2021 12, 2022 7。"),
    "a label read out": (r'aria-label="表', 'aria-label="再犯者7人、表'),
    "a data attribute": (r"<path ", '<path data-persons="7" '),
    "a fact in the text": (r">[\d,]+人</data>", ">7人</data>"),
    "the value behind a fact": (r'value="[\d.]+">([\d,]+人)', r'value="7">\g<1>'),
}


@pytest.mark.parametrize("file", LAY, ids=[file.stem for file in LAY])
def test_the_published_page_holds_no_small_number(file: Path) -> None:
    assert small_numbers(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("shown", "small"), LEAKS.values(), ids=LEAKS)
def test_a_number_made_small_on_the_real_page_is_caught(shown: str, small: str) -> None:
    assert small_numbers(changed(shown, small))


def page_of(cells: Iterable[dict[str, Any]], kind: Any) -> str:
    page = replace(PAGE, kind=kind)
    names = NAMES | {"said": "再犯者7人"}
    return checked(to_html(notebook(*cells), page, recorded(), names), page)


SMALL_CELLS = '<table><tr><th scope="col">署</th><td>7</td></tr></table>'


@pytest.mark.parametrize(
    "payload",
    [
        figure(table=table(html=SMALL_CELLS)),
        figure(table=table(csv="署,再犯者\nA署,7\n")),
        figure(svg='<svg viewBox="0 0 9 9"><text x="1" y="1">7</text></svg>'),
        figure(desc="棒グラフ。{{ said }}"),
    ],
    ids=["cell", "download", "drawing", "description"],
)
def test_a_lay_page_with_a_small_number_is_not_made(payload: dict[str, Any]) -> None:
    cells = [code(display("application/vnd.minato.figure+json", payload))]
    with pytest.raises(ReportError, match=r"E3-SMALL-NUMBER .*1か所") as refused:
        page_of(cells, "lay")
    assert "「7" in refused.value.message
    assert page_of(cells, "technical")


@pytest.fixture
def edition_with_a_small_fact(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A project of one technical notebook whose facts come from one source; notebook and facts."""
    for name in (
        DESCRIPTOR, OBSERVATIONS, IDENTITIES, PAGES, "data/areas.csv", "data/definitions.yaml",
        "data/breaks.yaml",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    book = facts.FactBook("02_reoffender_trends")
    cell = "letter/1!再犯者!R4"
    book.record("town.small", 7, unit="persons", digits=0, from_=cell, formula="as printed")
    book.record("town.large", 70, unit="persons", digits=0, from_=cell, formula="as printed")
    executed = tmp_path / "02_reoffender_trends.ipynb"
    node = nbformat.from_dict(
        notebook(code(display(facts.MIME, [facts.entry(one) for one in book])))
    )
    nbformat.write(node, executed)
    (tmp_path / "facts.json").write_text(facts.dumps(book), encoding="utf-8")
    return tmp_path, executed, tmp_path / "facts.json"


@pytest.mark.parametrize("place", ["source_documents", "resources"])
def test_a_source_that_is_not_public_holds_every_page_to_the_rule(
    edition_with_a_small_fact: tuple[Path, Path, Path], place: str
) -> None:
    root, executed, all_facts = edition_with_a_small_fact
    edition = editions.load(REPOSITORY, "2024")
    assert notebook_page(executed, edition, all_facts, root)

    descriptor = json.loads((root / DESCRIPTOR).read_text(encoding="utf-8"))
    if place == "source_documents":
        descriptor[place]["letter"] = {"title": "回答", "not_public": True}
    else:
        descriptor[place].append({"name": "letter-1", "source_id": "letter", "not_public": True})
    (root / DESCRIPTOR).write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(ReportError, match=r"E3-SMALL-NUMBER .*非公表の資料: letter") as refused:
        notebook_page(executed, edition, all_facts, root)
    assert "town.small" in refused.value.message
    assert "town.large" not in refused.value.message


def test_a_full_page_of_each_kind_passes() -> None:
    for kind in ("lay", "technical"):
        assert page_of(full()["cells"][1:4], kind)
