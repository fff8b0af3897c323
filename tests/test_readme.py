"""The two READMEs and the guides: what they point to exists, and both READMEs say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from minato_analysis.cli import app

ROOT = Path(__file__).resolve().parents[1]
READMES = [ROOT / "README.md", ROOT / "README.ja.md"]
GUIDES = [*READMES, *sorted(ROOT.glob("docs/*.md"))]

LINK = re.compile(r"\]\(([^)\s]+)\)")
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.M | re.S)
COMMAND = re.compile(r"(?<![\w/-])(?:\.venv/bin/)?minato ([a-z][a-z-]*)")
TARGET = re.compile(r"(?<![\w/-])make ([a-z]+)")
PATH = re.compile(r"(?:[\w.-]+/)+[\w.*-]*|[A-Z]\w*\.md|Makefile")
MADE_ELSEWHERE = (".venv/", ".venv-lab/", "build/")


def code(text: str) -> list[str]:
    """Return the code of a text: spans, and the lines of fences without their comments."""
    fences = [
        line.split("  #")[0].strip() for one in FENCE.findall(text) for line in one.split("\n")
    ]
    return SPAN.findall(FENCE.sub("", text)) + [line for line in fences if line]


def commands(text: str) -> set[str]:
    return {f"minato {one}" for line in code(text) for one in COMMAND.findall(line)}


def targets(text: str) -> set[str]:
    return {f"make {one}" for line in code(text) for one in TARGET.findall(line)}


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


by_guide = pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.name)


@by_guide
def test_links_and_pictures_exist(file: Path) -> None:
    links = [one.partition("#")[0] for one in LINK.findall(FENCE.sub("", read(file)))]
    relative = [one for one in links if one and "://" not in one]
    assert [one for one in relative if not (file.parent / one).exists()] == []
    assert relative or file not in READMES


@by_guide
def test_commands_and_targets_exist(file: Path) -> None:
    known = {f"minato {name}" for name in get_command(app).commands}  # type: ignore[attr-defined]
    made = {f"make {name}" for name in re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.M)}
    assert commands(read(file)) - known == set()
    assert targets(read(file)) - made == set()
    assert commands(read(file))


@pytest.mark.parametrize("file", READMES, ids=lambda file: file.name)
def test_paths_exist(file: Path) -> None:
    """Every path in a code span, `*` standing for any name; not those with a gap to be filled."""
    spans = [one for one in SPAN.findall(FENCE.sub("", read(file))) if PATH.fullmatch(one)]
    wanted = [one for one in spans if not one.startswith(MADE_ELSEWHERE)]
    within = [ROOT, ROOT / "src/minato_analysis"]
    assert len(wanted) >= 20
    assert [one for one in wanted if not any(any(at.glob(one.rstrip("/"))) for at in within)] == []


def test_both_readmes_name_the_same_commands_files_and_pictures() -> None:
    english, japanese = map(read, READMES)
    assert commands(english) == commands(japanese)
    assert targets(english) == targets(japanese)
    other = {"README.md", "README.ja.md"}
    assert set(LINK.findall(english)) - other == set(LINK.findall(japanese)) - other
    spans = [
        {one for one in SPAN.findall(text) if PATH.fullmatch(one)} for text in (english, japanese)
    ]
    assert spans[0] == spans[1]


def test_pictures_are_small() -> None:
    pictures = list(ROOT.glob("docs/*.png"))
    assert len(pictures) >= 2
    assert all(one.stat().st_size < 250 * 1024 for one in pictures)


def test_the_check_finds_what_is_not_there() -> None:
    text = (
        "`minato fly`\n```\nmake tea  # minato dream\n.venv/bin/minato check\n```\nminato sleep\n"
    )
    assert commands(text) == {"minato fly", "minato check"}
    assert targets(text) == {"make tea"}
