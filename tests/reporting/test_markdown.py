from __future__ import annotations

import pytest

from minato_analysis.reporting.markdown import PageMarkdown, typeset

FACT = '<data class="fact" data-fact="a.b" value="49.0">49.0%</data>'


def render(source: str) -> str:
    return PageMarkdown()(source).strip()


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (f"割合は**{FACT}減少**です", f"<p>割合は<strong>{FACT}減少</strong>です</p>"),
        ("これは**「重点」**を示す", "<p>これは<strong>「重点」</strong>を示す</p>"),
        ("`a**b**c`", '<p><code lang="en">a**b**c</code></p>'),
        ("一行目の\n二行目", "<p>一行目の二行目</p>"),
        (f"{FACT}\nでした", f"<p>{FACT}でした</p>"),
        ("two\nwords", "<p>two\nwords</p>"),
        ("- 項目の\n  続き", "<ul>\n<li>項目の続き</li>\n</ul>"),
        ("```python\na\nb < c\n```", "<pre><code>a\nb &lt; c\n</code></pre>"),
    ],
)
def test_japanese_prose(source: str, html: str) -> None:
    assert render(source) == html


def test_markdown_works_inside_a_box() -> None:
    html = render('<div class="box">\n\n- 問い\n\n</div>')
    assert html.startswith('<div class="box">')
    assert "<li>問い</li>" in html


def test_headings_have_lasting_ids_and_no_pilcrow() -> None:
    page = PageMarkdown()
    html = page(f"## 区の状況：{FACT}\n\n## 再掲") + page("## 再掲")
    assert '<h2 id="区の状況-49-0">' in html
    assert '<h2 id="再掲">' in html
    assert '<h2 id="再掲-2">' in html
    assert "¶" not in html


def test_years_and_figure_numbers_stay_whole() -> None:
    assert typeset("令和元(2019)年度の図表2-10") == (
        '<span class="whole">令和元(2019)年度</span>の<span class="whole">図表2-10</span>'
    )
    inside_a_tag = '<img alt="令和4(2022)年">'
    assert typeset(inside_a_tag) == inside_a_tag


def test_a_number_that_is_a_year_stays_as_it_is_recorded() -> None:
    year = '<data class="fact" data-fact="a.year" value="2022.0">令和4(2022)年</data>'
    assert typeset(f"{year}まで、令和5(2023)年から") == (
        f'{year}まで、<span class="whole">令和5(2023)年</span>から'
    )
