"""Levers on a page: their markup, the script, and the policy that lets it run."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from minato_analysis.numbers.levers import MIME, Lever, Levers, told
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.pagecheck import problems

from .world import NAMES, PAGE, code, display, facts, markdown, notebook

TWO = (Lever("reoffenders", "再犯者", -100, 50), Lever("first_time", "初犯者", -100, 50))
LEVERS = Levers(
    "levers", "つまみ", "{{ area_name }}の値。", 516, 537, 7, 462, TWO, told(516, 537, 490, 462)
)
LAY = replace(PAGE, kind="lay")


def page(levers: Levers = LEVERS) -> str:
    payload = levers._repr_mimebundle_()[MIME]
    cells = markdown("## 見込み"), code(display(MIME, payload))
    return to_html(notebook(*cells), LAY, facts(), NAMES)


def test_the_page_has_the_numbers_the_words_and_the_first_result() -> None:
    html = page()
    assert problems(html, "lay") == []
    box = html[html.index('<section class="levers"') : html.index("</section>")]
    assert re.search(r'<section class="levers" id="levers" [^>]*\bhidden\b', box)
    for name, value in (("reoffenders", 516), ("first-time", 537), ("years", 7), ("target", 462)):
        assert f'data-{name}="{value}"' in box
    assert "A市&amp;Bの値。" in box
    assert box.count('type="range"') == 2
    assert f'<p class="result" role="status">{told(516, 537, 490, 462)}</p>' in box
    for lever in TWO:
        assert f'<label for="levers-{lever.name}">{lever.label}</label>' in box


def test_only_the_script_of_the_page_may_run() -> None:
    html = page()
    script = html.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html
    changed = html.replace("Math.floor", "Math.ceil", 1)
    assert "a script is not allowed by the hash in the page's policy" in problems(changed, "lay")


def test_a_page_without_levers_has_no_script() -> None:
    html = to_html(notebook(), LAY, facts(), NAMES)
    assert "script" not in html


def test_numbers_typed_into_the_words_are_loose() -> None:
    with pytest.raises(ReportError, match="E3-LOOSE-DIGIT"):
        page(replace(LEVERS, lead="46.2%を目指す。"))


def test_a_lever_starts_between_its_ends() -> None:
    with pytest.raises(ValueError, match="outside"):
        Lever("reoffenders", "a", -10, 10, 20)


@pytest.mark.parametrize(("tenths", "met"), [(461, True), (462, True), (463, False)])
def test_the_target_is_met_at_its_own_value(tenths: int, met: bool) -> None:
    said = told(1448, 537, tenths, 462)
    assert said.startswith(f"再犯者1,448人、初犯者537人、再犯者の割合46.{tenths - 460}%。")
    assert said.endswith("届きます。" if met else "届きません。")
