"""The levels told apart, on two tiny editions that differ in one thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from minato_analysis.audit.compare import compare
from minato_analysis.audit.comparison import Comparison, first_difference
from minato_analysis.numbers import facts
from minato_analysis.numbers.facts import Fact
from minato_analysis.published import crate, manifest

FACT = Fact("a.share", 45.0, "45.0%", "percent", 1, "100 * a / b", ("s/1!a!2020",), "n")
PAGE = """<html lang="ja"><head><style>p {{ margin: 0 }}</style></head><body><main>
<h1>題</h1><p>割合は<data class="fact" data-fact="a.share" value="{value}">{display}</data>です。</p>
<figure id="f"><svg viewBox="0 0 9 9"><title>t</title><desc>説明</desc><path d="M 1 {point}"/></svg></figure>
<a href="data:text/csv;charset=utf-8,%EF%BB%BFa%0A{cell}%0A" download="t.csv">CSV</a>
<h2>2 章</h2><p>{words}</p>{blank}
</main></body></html>
"""
USUAL = {
    "value": "45.0",
    "display": "45.0%",
    "point": "2",
    "cell": "7",
    "words": "増えています。",
    "blank": "",
}


def edition(root: Path, fact: Fact = FACT, tolerance: str = "", **page: str) -> Path:
    folder = root / "reports/2024"
    folder.mkdir(parents=True)
    (root / "data/tidy").mkdir(parents=True)
    (folder / "p.html").write_text(PAGE.format(**{**USUAL, **page}), encoding="utf-8")
    (folder / "facts.json").write_text(facts.dumps([fact]), encoding="utf-8")
    (root / "data/tidy/observations.csv").write_text("a\n1\n", encoding="utf-8")
    if tolerance:
        (root / "data/tolerances.yaml").write_text(tolerance, encoding="utf-8")
    (folder / "ro-crate-metadata.json").write_text(crate.ordered({"@context": "", "@graph": []}))
    record(root)
    return root


def record(root: Path, **parameters: str) -> None:
    """Write a manifest of the sources and the code as they are."""
    form = {"edition": "2024", "built": "令和8(2026)年11月23日", **parameters}
    stages = {name: list[Path]() for name in manifest.STAGES}
    stages["source"] = [one for one in sorted((root / "data").glob("*")) if one.is_file()]
    stages["code"] = sorted(root.glob("*.py"))
    text = manifest.dumps(form, manifest.contents(root, stages), {})
    (root / "reports/2024/manifest.json").write_text(text, encoding="utf-8")


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "published", tmp_path / "rebuilt"


def levels(found: Comparison) -> dict[str, int]:
    return {name: one.different for name, one in found.levels.items() if one.different}


def test_equal_editions_agree_at_every_level(both: tuple[Path, Path]) -> None:
    found = compare(edition(both[0]), edition(both[1]), "2024")
    assert (found.findings, levels(found)) == ([], {})
    assert all(one.compared for one in found.levels.values())


@pytest.mark.parametrize(
    ("page", "code", "level", "sides"),
    [
        ({"display": "46.0%"}, "E5-PAGE-NUMBER", "L1", ("45.0%", "46.0%")),
        ({"cell": "8"}, "E5-CSV", "L2", ("a\n7\n", "a\n8\n")),
        ({"point": "3"}, "E5-FIGURE", "L2", ("", "")),
        ({"words": "減っています。"}, "E5-PAGE-TEXT", "L3", ("増えています。", "減っています。")),
    ],
)
def test_a_difference_is_told_at_its_level_with_both_sides(
    both: tuple[Path, Path], page: dict[str, str], code: str, level: str, sides: tuple[str, str]
) -> None:
    found = compare(edition(both[0]), edition(both[1], **page), "2024")
    (finding,) = found.findings
    assert (finding.code, finding.level) == (code, level)
    assert finding.published.endswith(sides[0])
    assert finding.recomputed.endswith(sides[1])
    assert levels(found) == {level: 1, "L4": 1}


def test_bytes_alone_are_no_finding(both: tuple[Path, Path]) -> None:
    found = compare(edition(both[0]), edition(both[1], blank=" "), "2024")
    assert (found.findings, levels(found)) == ([], {"L4": 1})


def test_a_value_within_its_rounding_is_within(both: tuple[Path, Path]) -> None:
    near = replace(FACT, value=45.0000000001)
    found = compare(edition(both[0]), edition(both[1], near), "2024")
    assert found.findings == []
    assert found.levels["L1"].within == 1


def test_a_value_its_own_print_contradicts_is_different(both: tuple[Path, Path]) -> None:
    found = compare(edition(both[0]), edition(both[1], replace(FACT, value=55.0)), "2024")
    assert [one.code for one in found.findings] == ["E5-FACT"]


def test_a_print_that_changed_is_different_however_near_the_value(both: tuple[Path, Path]) -> None:
    moved = replace(FACT, value=45.05, display="45.1%")
    found = compare(edition(both[0]), edition(both[1], moved), "2024")
    assert [(one.published, one.recomputed) for one in found.findings] == [("45.0%", "45.1%")]


@pytest.mark.parametrize(("tolerance", "different"), [("0.1", 0), ("0.01", 1)])
def test_a_declared_tolerance_widens_the_comparison(
    both: tuple[Path, Path], tolerance: str, different: int
) -> None:
    declared = f'- {{fact: "a.*", tolerance: {tolerance}, reason: r}}\n'
    moved = replace(FACT, value=45.05, display="45.1%")
    found = compare(edition(both[0]), edition(both[1], moved, declared), "2024")
    assert found.levels["L1"].different == different
    assert found.levels["L1"].within == 1 - different
    told = next(one for one in found.findings if one.stage == "facts")
    assert told.code == ("E5-FACT" if different else "N5-TOLERANCE")
    assert (told.published, told.recomputed) == ("45.0%", "45.1%")


def test_a_drawing_moved_by_less_than_can_be_seen_is_within(both: tuple[Path, Path]) -> None:
    found = compare(edition(both[0]), edition(both[1], point="2.01"), "2024")
    assert found.findings == []
    assert found.levels["L2"].within == 1


def test_a_hash_on_a_page_is_the_one_of_its_own_record(both: tuple[Path, Path]) -> None:
    """Code changed without effect changes its hash on both sides; any other hash is a difference."""
    for root, code in zip(both, ("a = 1\n", "a = 1  # one\n"), strict=True):
        edition(root)
        (root / "module.py").write_text(code, encoding="utf-8")
        record(root)
        own = manifest.load(root, "2024").stages[2].hash
        page = root / "reports/2024/p.html"
        page.write_text(PAGE.format(**{**USUAL, "words": own}), encoding="utf-8")
    found = compare(*both, "2024")
    assert (found.findings, levels(found)) == ([], {})
    page = both[0] / "reports/2024/p.html"
    page.write_text(PAGE.format(**{**USUAL, "words": "b" * 64}), encoding="utf-8")
    assert [one.code for one in compare(*both, "2024").findings] == ["E5-PAGE-TEXT"]


def test_missing_and_added_pages_and_facts_are_named(both: tuple[Path, Path]) -> None:
    one, two = edition(both[0]), edition(both[1], replace(FACT, id="a.other"))
    (one / "reports/2024/extra.html").write_text("<main></main>", encoding="utf-8")
    codes = [
        (found.code, found.place.split("/")[-1]) for found in compare(one, two, "2024").findings
    ]
    assert codes == [
        ("E5-FACT", "facts.json a.other"),
        ("E5-FACT", "facts.json a.share"),
        ("E5-ADDED", "extra.html"),
    ]


def test_small_helpers() -> None:
    assert first_difference("あ" * 100, "あ" * 99 + "い")[0].startswith("…")
    assert first_difference(None, "x") == ("（なし）", "あり")


def test_an_archived_projection_is_a_number(both: tuple[Path, Path]) -> None:
    for root, chance in zip(both, (0.25, 0.26), strict=True):
        file = edition(root) / "reports/2024/projections.json"
        file.write_text(f'{{"models": [{{"name": "one", "p": {chance}}}]}}\n', encoding="utf-8")
    found = compare(*both, "2024")
    (one,) = found.findings
    assert (one.code, one.level) == ("E5-PRODUCT", "L1")
    assert one.place == "reports/2024/projections.json models/one"
    assert "0.25" in one.published
    assert "0.26" in one.recomputed
    assert levels(found) == {"L1": 1, "L4": 1}


HIDDEN = [
    ("<h1>", "<h1 hidden>"),
    ("<p>", '<p style="display:none">'),
    ("<p>", '<p class="unseen">'),
    ("<h1>", '<h1 title="ほかの値">'),
    ("<h1>", '<h1 aria-label="ほかの値">'),
    ("<h1>", '<h1 data-note="1">'),
    ("<h1>", '<h1 id="f">'),
    ("<body>", "<body onload=\"alert('x')\">"),
    ("<main>", '<main><iframe srcdoc="x"></iframe>'),
    ("<main>", '<main><img src="data:," alt="">'),
    ("<main>", "<main><input>"),
    ("<main>", "<main><template>12.3%</template>"),
    ("<main>", "<main><table hidden><tr><td>1</td></tr></table>"),
    ("<main>", "<main><!-- 12.3% -->"),
    ("<head>", '<head><base href="elsewhere/">'),
    ("<head>", '<head><meta http-equiv="refresh" content="0;url=x">'),
    ("</body>", '<script type="application/ld+json">{}</script></body>'),
    ("</style>", "data::after { content: '0' }</style>"),
    ("</main>", "<style>p { display: none }</style></main>"),
    ("</svg>", '<rect x="0" y="0" width="9" height="9"/></svg>'),
    ("<path ", '<path opacity="0" '),
    ("<path ", '<path transform="scale(1.01)" '),
    ('viewBox="0 0 9 9"', 'viewBox="0 0 9 10"'),
    ("M 1 2", "M 1 #"),
    ("M 1 2", "M 1 2.5"),
    ("M 1 2", "m 1 2"),
    ("</figure>", '</figure><a href="data:text/csv,1">CSV</a>'),
    ('download="t.csv"', 'download="u.csv"'),
    ("です。", "です\u200b。"),
    ("です。", "です&nbsp;。"),
    ('class="fact"', 'class="fact" class="unseen"'),
    ('value="45.0"', 'value="45.04"'),
    ("<html", "<!DOCTYPE html><html"),
    ("</main>", "</main><plaintext>"),
    ("</main>", "<!-- </main>"),
]
"""Changes of a page that no reader of its words would find: each in the markup."""


@pytest.mark.parametrize(("old", "new"), HIDDEN)
def test_nothing_on_a_page_may_differ(both: tuple[Path, Path], old: str, new: str) -> None:
    edition(both[0]), edition(both[1])
    page = both[0] / "reports/2024/p.html"
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = compare(*both, "2024").findings
    assert found
    assert all(one.place.startswith("reports/2024/p.html") for one in found)
    assert any(one.published != one.recomputed for one in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("です。", "&#12391;&#12377;。"),
        ("</p>", "</p>\n\n"),
        ('class="fact" data-fact="a.share"', 'data-fact="a.share" class="fact"'),
        ("<h1>題</h1>", "<h1> 題 </h1>"),
    ],
)
def test_what_no_browser_shows_is_no_difference(
    both: tuple[Path, Path], old: str, new: str
) -> None:
    edition(both[0]), edition(both[1])
    page = both[0] / "reports/2024/p.html"
    page.write_text(page.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    found = compare(*both, "2024")
    assert (found.findings, levels(found)) == ([], {"L4": 1})


def test_a_value_in_the_markup_may_differ_as_far_as_the_list_of_facts(
    both: tuple[Path, Path],
) -> None:
    near = replace(FACT, value=45.0000000001)
    found = compare(edition(both[0]), edition(both[1], near, value=repr(near.value)), "2024")
    assert found.findings == []


def test_a_count_is_compared_exactly(both: tuple[Path, Path]) -> None:
    count = replace(FACT, value=45.0, display="45人", unit="persons", digits=0)
    found = compare(edition(both[0], replace(count, value=45.4)), edition(both[1], count), "2024")
    assert [one.code for one in found.findings] == ["E5-FACT"]


def test_a_list_of_facts_says_nothing_twice(both: tuple[Path, Path]) -> None:
    edition(both[0]), edition(both[1])
    file = both[0] / "reports/2024/facts.json"
    text = file.read_text(encoding="utf-8")
    hidden = facts.dumps([replace(FACT, value=12.3, display="12.3%")]).strip()[1:-1].strip()
    file.write_text(text.replace("[", f"[ {hidden},", 1), encoding="utf-8")
    assert [one.code for one in compare(*both, "2024").findings] == ["E5-FACT"]


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda form: form.update(date="2025-01-01"), "date"),
        (lambda form: form.update(certified="yes"), "certified"),
        (lambda form: form["parameters"].update(edition="x"), "parameters"),
        (lambda form: form["uses"].update(n=[]), "uses"),
        (lambda form: form["parts"].clear(), "parts data/terms.yaml"),
        (lambda form: form["stages"][2]["files"].clear(), "stages/code"),
        (lambda form: form["stages"][0]["files"].update({"data/x.csv": "0"}), "stages/source"),
        (lambda form: form["stages"][0].update(note="x"), "stages/source"),
    ],
)
def test_a_manifest_is_compared_with_the_rebuilt_one(
    both: tuple[Path, Path], edit: Callable[[dict[str, Any]], object], place: str
) -> None:
    for root in both:
        edition(root)
        (root / "module.py").write_text("a = 1\n", encoding="utf-8")
        (root / "data/terms.yaml").write_text("a: 1\n", encoding="utf-8")
        record(root)
    assert compare(*both, "2024").findings == []
    file = both[0] / "reports/2024/manifest.json"
    form = json.loads(file.read_text(encoding="utf-8"))
    edit(form)
    file.write_text(manifest.written(form), encoding="utf-8")
    (found,) = compare(*both, "2024").findings
    assert found.code == "E5-MANIFEST"
    assert found.place == f"reports/2024/manifest.json {place}"


@pytest.mark.parametrize(
    "graph", ['{"@id": "#licence"}', '{"@id": "./"}, {"@id": "./"}', '{"@id": "./", "@id": "./"}']
)
def test_a_crate_is_compared_with_the_rebuilt_one(both: tuple[Path, Path], graph: str) -> None:
    for root in both:
        edition(root)
        file = root / "reports/2024/ro-crate-metadata.json"
        file.write_text(crate.ordered({"@context": "", "@graph": [{"@id": "./"}]}))
    assert compare(*both, "2024").findings == []
    file = both[0] / "reports/2024/ro-crate-metadata.json"
    file.write_text(f'{{"@context": "", "@graph": [{graph}]}}', encoding="utf-8")
    assert {one.code for one in compare(*both, "2024").findings} == {"E5-CRATE"}


def test_a_page_of_two_editions_is_held_to_the_checks_of_a_page(both: tuple[Path, Path]) -> None:
    edition(both[0]), edition(both[1])
    page = both[0] / "reports/2024/diff-from-2023.html"
    page.write_text('<html lang="ja"><body onload="x()"></body></html>', encoding="utf-8")
    found = compare(*both, "2024").findings
    assert {one.code for one in found} == {"E5-PAGE-CHECK"}
    assert any("onload" in one.message for one in found)
