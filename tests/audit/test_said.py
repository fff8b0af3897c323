"""Two builds say the same, or what they say otherwise is named."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from minato_analysis.published import said

PAGE = "02_reoffender_trends.html"


@pytest.fixture
def two(edition: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The edition, and a copy of it that may be changed."""
    return edition / "reports/2024", shutil.copytree(edition / "reports/2024", tmp_path / "made")


def change(file: Path, old: str, new: str | Callable[[re.Match[str]], str]) -> None:
    text = file.read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1, flags=re.S)
    assert changed != text, old
    file.write_text(changed, encoding="utf-8")


HASH = "[0-9a-f]{64}"
NOT_SAID = [
    (PAGE, r"(<details class=\"code\">.*?<code lang=\"en\">)", r"\1# another comment\n"),
    (PAGE, r"</style>", "main { color: #111 }</style>"),
    (PAGE, r'(data-fact="minato\.share\.2022" value="[^"]*)"', r'\g<1>01"'),
    ("audit_report.html", r"(?<=ファイル</td><td class=\"long\">)" + HASH, "ab" * 32),
    ("audit_report.html", r"\d+ファイル</td>", "999ファイル</td>"),
    ("manifest.json", HASH, "ab" * 32),
    (PAGE, r'(<path d="M )(\d+\.\d)', r"\g<1>\g<2>001"),
]
SAID = [
    (PAGE, r">49\.0%<", ">48.0%<", "49.0% → 48.0%"),
    (PAGE, r"(<h2[^>]*>[^<]*</h2>\s*)<p>", r"\1<p>なお、", "→ なお、"),
    (PAGE, r"<p>", '<p class="hidden">', "<p class="),
    (PAGE, r'(<path d="M )(\d+)', r"\g<1>9\2", "<path d="),
    (PAGE, r"(href=\"data:text/csv;charset=utf-8,[^\"]*?)1", r"\g<1>2", "年"),
    ("facts.json", r'"display": "49\.0%"', '"display": "49.1%"', "49.0% → 49.1%"),
    ("facts.json", r'"formula": "', '"formula": "other ', "formula"),
    ("statements.json", r'"verdict": "一致"', '"verdict": "不一致"', "不一致"),
    ("projections.json", r'"year": 2022', '"year": 2021', "2022"),
]


@pytest.mark.parametrize(("file", "old", "new"), NOT_SAID)
def test_what_follows_from_the_making_alone_is_not_said(
    two: tuple[Path, Path], file: str, old: str, new: str
) -> None:
    one, other = two
    change(other / file, old, new)
    assert said.differences(one, other) == []


@pytest.mark.parametrize(("file", "old", "new", "told"), SAID)
def test_what_is_said_otherwise_is_named_with_its_file(
    two: tuple[Path, Path], file: str, old: str, new: str, told: str
) -> None:
    one, other = two
    change(other / file, old, new)
    found = said.differences(one, other)
    assert [line.split(" ")[0].rstrip(":") for line in found] == [file]
    assert told in found[0]


def test_pages_and_records_that_come_or_go_are_named(two: tuple[Path, Path]) -> None:
    one, other = two
    (other / PAGE).unlink()
    (other / "new.html").write_text("<p>new</p>", encoding="utf-8")
    (other / "statements.json").unlink()
    (other / "diff-from-2023.html").write_text("about two editions", encoding="utf-8")
    assert said.differences(one, other) == [
        f"{PAGE}: なくなりました",
        "new.html: 加わりました",
        "statements.json: なくなりました",
    ]
