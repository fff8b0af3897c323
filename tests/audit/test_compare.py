"""The levels told apart, on two tiny editions that differ in one thing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from minato_analysis import facts
from minato_analysis.audit.compare import Comparison, compare, drawn_apart, first_difference
from minato_analysis.facts import Fact

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
    return root


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


def test_a_drawing_moved_by_less_than_can_be_seen_is_within(both: tuple[Path, Path]) -> None:
    found = compare(edition(both[0]), edition(both[1], point="2.01"), "2024")
    assert found.findings == []
    assert found.levels["L2"].within == 1


def test_identities_a_page_prints_are_left_to_the_chain(both: tuple[Path, Path]) -> None:
    found = compare(edition(both[0], words="a" * 64), edition(both[1], words="b" * 64), "2024")
    assert (found.findings, levels(found)) == ([], {})


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
    assert drawn_apart("<path/>", "<path/>") == 0
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
