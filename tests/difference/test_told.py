"""What a difference is told as: five blocks in order on the terminal and on the page, and what to review."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from minato_analysis import cli
from minato_analysis.difference import page, text, words
from minato_analysis.difference.attribution import Attributed, Part
from minato_analysis.difference.compare import Options
from minato_analysis.difference.factors import Recipe
from minato_analysis.difference.headlines import Headline
from minato_analysis.difference.new_year import NewValue
from minato_analysis.difference.result import Difference
from minato_analysis.numbers.facts import Fact
from minato_analysis.published.errors import DifferenceError
from minato_analysis.reporting.disclosure import small_numbers
from minato_analysis.reporting.pagecheck import problems
from tests.difference import world
from tests.difference.world import git

QUICK = Options(attribute=False)
TITLES = (*words.BLOCKS, words.ATTRIBUTION, "見直すもの")


def told(root: Path, **options: object) -> Difference:
    """Publish the edition 2025 from what is there and compare."""
    world.publish(root, "2025", "2025-02-01", **options)  # type: ignore[arg-type]
    return world.compared(root, "2024", "2025", QUICK)


def in_terminal(found: Difference) -> list[str]:
    """Return the text of each block: five, the attribution, the queue."""
    parts = re.split(r"^(?:[①-⑤◆] .*|見直すもの.*)$", text.text(found), flags=re.M)
    assert len(parts) == 8
    return parts[1:]


def _written(html: str) -> str:
    """Return HTML with the signs that are spoken otherwise as they are written."""
    return re.sub(r'<span role="img" aria-label="マイナス">(.)</span>', r"\1", html)


def on_page(found: Difference) -> list[str]:
    """Return the words of each section, in order, the two editions' at the end."""
    sections = re.findall(r"<section aria-labelledby=.*?</section>", page.html(found), re.S)
    return [html.unescape(re.sub(r"<[^>]*>", " ", _written(one))) for one in sections]


def test_both_forms_tell_the_blocks_in_order(town: Path) -> None:
    found = told(town)
    headings = re.findall(r"^[①-⑤◆] (.*)$", text.text(found), re.M)
    assert headings == [*words.BLOCKS, words.ATTRIBUTION]
    shown = re.findall(r'<h2 id="block-\d">\d (.*?)</h2>', page.html(found))
    assert shown == list(TITLES)


def test_empty_blocks_say_so(town: Path) -> None:
    world.publish(town, "2025", "2024-01-05")
    found = world.compared(town, "2024", "2025", QUICK)
    for block, nothing in zip(in_terminal(found), words.NOTHING, strict=False):
        assert block.strip() == nothing
    for section, nothing in zip(on_page(found), words.NOTHING, strict=False):
        assert nothing in section
    assert text.text(found).endswith(
        "見直すもの: ありません。"
    ) or "見直すもの: ありません" in text.text(found)


def false_sentence(root: Path) -> Difference:
    return told(root, numbers={"target.share": (50.0, "percent", 1)})


def verdict(root: Path) -> Difference:
    row = {"id": "C001", "verdict": "一致", "computed": "100人。"}
    world.publish(root, "2024", "2024-01-05", statements=[row])
    return told(root, statements=[{**row, "verdict": "不一致"}])


def turned(root: Path) -> Difference:
    world.publish(root, "2024", "2024-01-05", numbers={"{area}.gap": (1.0, "points", 1)})
    return told(root, numbers={"{area}.gap": (-1.0, "points", 1)})


def revised(root: Path) -> Difference:
    world.deliver(root, "later", "2025-01-20", {2021: (60, 42)})
    return told(root)


def new(root: Path) -> Difference:
    world.deliver(root, "later", "2025-01-20", {2023: (57, 93)})
    return told(root, last=2023)


def parameter(root: Path) -> Difference:
    return told(root, parameters={"confidence": 0.9})


def styled(root: Path) -> Difference:
    return told(root, style="p { color: red }")


MUTATIONS: dict[str, tuple[Callable[[Path], Difference], int, tuple[str, ...]]] = {
    "a sentence that is false now": (false_sentence, 0, ("成り立たなくなった文", "43.0%で、目標を上回る")),
    "a verdict": (verdict, 0, ("C001", "不一致")),
    "a sign": (turned, 0, ("town.gap", "1.0ポイント", "△1.0ポイント")),
    "a revised value": (revised, 1, ("40人", "42人", "made-up/1-1!再犯者!令和3(2021)年", "2025-01-20")),
    "a new value": (new, 2, ("93人", "43人", "26人〜64人", "1年の偶然とふだんの動きでは説明しにくい")),
    "a parameter": (parameter, 3, ("confidence", "0.95", "0.9")),
    "a style": (styled, 4, ("02_town.html", "書式")),
}  # fmt: skip


@pytest.mark.parametrize(("change", "block", "expected"), MUTATIONS.values(), ids=MUTATIONS)
def test_a_change_stands_in_its_block_in_both_forms(
    town: Path, change: Callable[[Path], Difference], block: int, expected: tuple[str, ...]
) -> None:
    found = change(town)
    for form in (in_terminal(found), on_page(found)):
        assert [word for word in expected if word not in form[block]] == []
        elsewhere = [
            number for number in range(5) if number != block and expected[0] in form[number]
        ]
        assert elsewhere == []


@pytest.mark.parametrize(("change", "block", "expected"), MUTATIONS.values(), ids=MUTATIONS)
def test_every_change_is_in_the_review_queue(
    town: Path, change: Callable[[Path], Difference], block: int, expected: tuple[str, ...]
) -> None:
    found = change(town)
    mine = [one for one in words.review(found) if one.block == block + 1]
    assert any(expected[0] in f"{one.what} {one.where}" for one in mine)
    assert [one.block for one in words.review(found)] == sorted(
        one.block for one in words.review(found)
    )


def test_the_summary_begins_with_what_it_means_for_the_target(town: Path) -> None:
    world.publish(town, "2024", "2024-01-05", numbers={"target.share": (43.0, "percent", 1)})
    found = told(town)
    assert words.summary(found)[0].startswith("目標との関係が変わりました：目標以下（43.0%")
    world.publish(town, "2024", "2024-01-05")
    assert words.summary(told(town))[0].startswith(
        "目標との関係は変わりません（令和4(2022)年の割合は43.0%"
    )


def test_a_new_year_within_chance_is_told_in_plain_words(town: Path) -> None:
    world.deliver(town, "later", "2025-01-20", {2023: (57, 45)})
    found = told(town, last=2023)
    [sentence] = [one for one in words.summary(found) if "新しい年の値" in one]
    assert "1年の偶然とふだんの動きでは説明しにくいものは0個です（幅のとおりなら0個程度" in sentence
    assert "訂正された過去の値はありません。" in in_terminal(found)[1]


def shares(recipe: Recipe) -> Mapping[str, Fact]:
    """Stand in for the pipeline: the share follows from the confidence."""
    year, value = recipe.values["last_year"], 100 * float(recipe.values["confidence"])
    id = f"town.share.{year}"
    return {id: Fact(id, round(value, 6), "", "percent", 1, "f", (world.CELL,), world.NOTEBOOK)}


def attributed(root: Path) -> Difference:
    share = "{area}.share.2022"
    world.publish(root, "2024", "2024-01-05", numbers={share: (95.0, "percent", 1)})
    other = {share: (91.0, "percent", 1)}
    world.publish(root, "2025", "2024-01-05", numbers=other, parameters={"confidence": 0.9})
    return world.compared(root, "2024", "2025", Options(run=shares))


def test_the_parts_and_the_remainder_are_told(town: Path) -> None:
    found = attributed(town)
    [line] = [line for line in in_terminal(found)[5].splitlines() if "内訳" in line]
    assert line.split() == [
        "内訳:", "パラメータ（その他）", "△5.00ポイント、再実行で再現しなかった分", "+1.00ポイント",
    ]  # fmt: skip
    section = on_page(found)[5]
    for word in ("95.0%", "91.0%", "△4.00ポイント", "△5.00", "+1.00"):
        assert word in section
    assert "confidence 0.95→0.9" in section


def test_parts_that_do_not_add_up_as_shown_get_a_note(town: Path) -> None:
    found = attributed(town)
    split = found.attribution
    assert split is not None
    for form in (text.text, page.html):
        assert words.ROUNDED not in form(found)
    [one] = [one for one in split.attributed if one.before.unit == "percent"]
    thirds = tuple(Part((name,), Fraction(-4, 3)) for name in ("data", "choices", "code"))
    uneven = replace(one, parts=thirds, remainder=Fraction(0))  # three times 1.33 shown, not 4.00
    assert sum(part.value for part in thirds) == uneven.whole
    changed = replace(found, attribution=replace(split, attributed=(uneven,)))
    for form in (text.text, page.html):
        assert words.ROUNDED in form(changed)


@pytest.mark.parametrize("kind", ["problems", "requests"])
def test_the_page_passes_the_checks_of_every_page(town: Path, kind: str) -> None:
    world.deliver(town, "later", "2025-01-20", {2021: (60, 42), 2023: (57, 93)})
    made = page.html(told(town, last=2023))
    if kind == "problems":
        assert problems(made, "technical") == []
    else:
        assert not re.search(r'(?:src|href)="(?!data:|#|[\w-]+\.html")', made)
    assert '<a href="diff-from-2024.html" aria-current="page">' in made
    assert made == page.html(world.compared(town, "2024", "2025", QUICK))


def test_the_page_names_what_it_is_about(town: Path) -> None:
    found = told(town)
    about = on_page(found)[-1]
    assert found.before.manifest_sha256 in about
    assert found.after.manifest_sha256 in about


def test_text_of_declarations_cannot_become_markup_or_a_formula(town: Path, tmp_path: Path) -> None:
    other = world.town(tmp_path / "other")
    evil = "<script>alert(1)</script>"
    world.edit(other, "data/definitions.yaml", lambda all: {"town": {**all["town"], "age": evil}})
    world.edit(other, "data/identities.yaml", lambda _: [{"id": "=HYPERLINK(1)", "kind": "equal"}])
    world.publish(other, "2025", "2025-02-01")
    found = world.compared(town, "2024", "2025", Options(after=str(other), attribute=False))
    made = page.html(found)
    assert evil not in made
    assert html.escape(evil) in made
    sheets = [unquote(one) for one in re.findall(r'href="data:text/csv[^,]*,([^"]*)"', made)]
    assert any("=HYPERLINK" in one for one in sheets)
    assert not any(re.search(r'(?:^|[,"\n])=HYPERLINK', one) for one in sheets)


def test_small_numbers_of_a_source_that_is_not_public_are_not_shown(town: Path) -> None:
    world.deliver(town, "letter", "2025-01-20", {2021: (95, 7), 2023: (94, 6)}, not_public=True)
    found = told(town, last=2023)
    assert found.closed == {"letter"}
    made = page.html(found)  # refused if it held any
    assert small_numbers(made, "technical") == []
    for form in (text.text(found), made):
        assert not re.search(r"(?<![\d.,])[67]人", form)
        assert "x" in form


def run(root: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setenv("MINATO_ROOT", str(root))
    done = CliRunner().invoke(cli.app, ["diff", *arguments])
    return done.exit_code, done.output


def test_the_command_prints_and_writes_the_page(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(town, "2025", "2025-02-01")
    code, said = run(town, "2024", "2025", "--quick", monkeypatch=monkeypatch)
    assert (code, "① 変わった結論" in said) == (0, True)
    assert "reports/2025/diff-from-2024.html" in said
    written = town / "reports/2025/diff-from-2024.html"
    assert page.html(world.compared(town, "2024", "2025", QUICK)) == written.read_text("utf-8")
    assert [one.name for one in written.parent.glob(".*")] == []


REFUSED = {
    "unknown": (("2024", "2030"), "E7-EDITION reports/2030/"),
    "outside": (("../2024", "2025"), "E7-EDITION"),
    "same": (("2024", "2024"), "E7-SAME 2024"),
    "backwards": (("2025", "2024"), "E7-ORDER 2025"),
    "no such place": (("2024", "2025", "--a", "nowhere"), "E7-SOURCE nowhere"),
}


@pytest.mark.parametrize(("arguments", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_compared_is_refused_in_one_sentence(
    town: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str
) -> None:
    world.publish(town, "2025", "2025-02-01")
    exit_code, said = run(town, *arguments, "--quick", monkeypatch=monkeypatch)
    assert exit_code == 1
    assert said.startswith(code)
    assert "Traceback" not in said
    assert not (town / "reports/2025/diff-from-2024.html").exists()


def test_one_edition_in_two_states_can_be_compared(town: Path, tmp_path: Path) -> None:
    other = world.town(tmp_path / "other")
    world.publish(other, "2024", "2024-01-05", numbers={"target.share": (50.0, "percent", 1)})
    found = world.compared(town, "2024", "2024", Options(after=str(other), attribute=False))
    assert [one.kind for one in found.turned] == ["target"]


def test_two_areas_are_not_compared(town: Path) -> None:
    next_door = "99002,next,隣市,Next Town,municipality,99000\n"
    world.write(town, "data/areas.csv", world.AREAS + next_door)
    world.publish(town, "2025", "2025-02-01", parameters={"area_code": "99002"})
    with pytest.raises(DifferenceError, match="E7-AREA 2024 は地域 99001、2025 は地域 99002"):
        world.compared(town, "2024", "2025", QUICK)


def test_without_a_place_for_the_page_the_result_is_still_told(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.town(tmp_path / "other")
    world.publish(other, "2025", "2025-02-01")
    arguments = ("2024", "2025", "--b", str(other), "--quick")
    code, said = run(town, *arguments, monkeypatch=monkeypatch)
    assert (code, "⑤" in said, "E7-PAGE reports/2025/" in said) == (1, True, True)


def test_a_page_that_is_refused_leaves_the_old_one(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = told(town)
    written = town / page.write(found, town)
    before = written.read_bytes()
    monkeypatch.setattr(page, "html", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        page.write(found, town)
    assert written.read_bytes() == before


def test_files_that_changed_since_are_a_note(town: Path) -> None:
    found = told(town)
    assert found.notes == ()
    world.write(town, "data/areas.csv", world.AREAS + "\n")
    found = world.compared(town, "2024", "2025", QUICK)
    assert all("data/areas.csv" in note for note in found.notes)
    assert [note[:4] for note in found.notes] == ["2024", "2025"]
    assert "data/areas.csv" in page.html(found)


def test_naming_the_command_loads_nothing_heavy() -> None:
    code = (
        "import minato_analysis.cli, sys; print({'pandas', 'scipy', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_both_editions_may_lie_in_commits(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world.publish(committed, "2025", "2025-02-01")
    git(committed, "add", "-A")
    git(committed, "commit", "-qm", "edition 2025")
    arguments = ("2024", "2025", "--a", "HEAD~1", "--b", "HEAD", "--quick")
    code, said = run(committed, *arguments, monkeypatch=monkeypatch)
    assert (code, said.count("コミット ")) == (0, 2)
    assert (committed / "reports/2025/diff-from-2024.html").is_file()


@pytest.mark.parametrize("last", [(95, 7), (95, 9)])
def test_the_limits_do_not_give_a_hidden_number_away(town: Path, last: tuple[int, int]) -> None:
    world.deliver(town, "letter", "2025-01-20", {2021: last, 2023: (94, 40)}, not_public=True)
    found = told(town, last=2023)
    hidden = [
        one for one in found.new_year.values if words.number(found, one.last, one.unit) == "x"
    ]
    assert all(words.span(found, one) in ("", "x") for one in hidden)
    value = NewValue("再犯者", "2-1!x!2023", "persons", 2023, 40, 4, "within", 0, 12)
    assert words.span(found, value) == "x"
    assert words.span(found, replace(value, last=40, low=30, high=50)) == "30人〜50人"


def test_the_parts_do_not_give_a_hidden_number_away(town: Path) -> None:
    world.deliver(town, "letter", "2025-01-20", {2021: (95, 7)}, not_public=True)
    found = told(town)
    few, many = (
        Fact(
            "town.reoffenders.2021",
            value,
            f"{value}人",
            "persons",
            0,
            "as printed",
            ("a/1!b!c",),
            "n",
        )
        for value in (4, 12)
    )
    one = Attributed(Headline("{area}.reoffenders.{last}", "再犯者"), few, many, (), Fraction(0))
    assert words.part(found, one, Fraction(8)) == "x"
    assert words.part(replace(found, closed=frozenset()), one, Fraction(8)) == "+8人"
