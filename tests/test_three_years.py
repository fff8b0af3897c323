"""Three years one after the other: what arrives, what is published, and that nothing published changes.

Each year is a list of steps, so that other letters and answers can take the place of these.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.published import hermetic
from minato_analysis.published.sheets import SHEETS, printed, too_many
from tests.audit.test_verify import git
from tests.browser import CHROMIUM
from tests.specimen import LIVE
from tests.tasks.test_pipeline import contents
from tests.three_years import letters

SENT = Path(__file__).parent / "received/year"
NATION = "data/published/national-penal-code/series.csv"


@dataclass(frozen=True)
class Year:
    """One year as it happens.

    Attributes
    ----------
    year : int
        Year of the figures.
    known : str
        Date of the letter, ``YYYY-MM-DD``.
    built : str
        Date of the edition made of it.
    letter : callable
        Writes the file that arrives: ``letter(file, year)``.
    answers : str
        ``mapping.yaml``: what the researcher answers to what is unclear in the letter.
    nation : tuple of (int, str, str)
        Values of the nation that came out meanwhile: year, measure, value.
    """

    year: int
    known: str
    built: str
    letter: Callable[[Path, int], object]
    answers: str
    nation: tuple[tuple[int, str, str], ...] = ()
    reasons: str = ""
    """What is added to ``known_discrepancies.yaml``: why past values were revised."""

    @property
    def edition(self) -> str:
        """Name of the edition: its data are two years old."""
        return str(self.year + 2)

    @property
    def source(self) -> str:
        """Name of the document."""
        return f"moj-{self.known[:7]}"


def sent(name: str) -> Callable[[Path, int], object]:
    """Return a letter as a ministry sent it."""
    return lambda file, year: shutil.copyfile(SENT / name, file)


def revised(values: dict[str, str]) -> str:
    """Return the reasons for revised values of 2022, by row."""
    return "".join(
        f"- revision: minato-plan-draft-2024-12/2-10!{row}!令和4(2022)年\n"
        f"  expect: {{{value}}}\n  reason: 提供元が再集計した（架空）。\n"
        for row, value in values.items()
    )


LAW = "laws: {cannabis-law-2024: {kind: exact, reason: 提供元の回答（架空）}}\n"
YEARS = (
    Year(
        2023,
        known="2027-03-10",
        built="2027-03-20",
        letter=sent("2023_ministry_layout.xlsx"),
        answers='absent: {"3-2": {"三田": {as: x, reason: 少数のため秘匿（架空）}}}\n'
        'cells: {"粗暴犯!E8": {value: "121", reason: 112は121の写し誤りとの回答（架空）}}\n'
        "words:\n  注 性的姿態撮影等処罰法は、令和5年7月13日に施行された。合計には含まない。: 計の外\n",
        reasons=revised(
            {
                "初犯者数": "first_time: [537, 535]",
                "再犯者数": "reoffenders: [516, 518]",
                "再犯者数割合": "reoffender_share: [49.0, 49.2]",
            }
        ),
    ),
    Year(
        2024,
        known="2028-03-08",
        built="2028-03-21",
        letter=sent("2024_law_as_own_rows.xlsx"),
        answers=LAW,
        nation=((2024, "reoffenders", "88123"), (2024, "reoffender_share", "45.9%")),
    ),
    Year(
        2025,
        known="2029-03-09",
        built="2029-03-19",
        letter=letters.plan_layout,
        answers=LAW,
        nation=((2025, "reoffenders", "90123"), (2025, "reoffender_share", "44.9%")),
    ),
)
"""Three layouts: the ministry's with a withheld station, the law as rows of its own, the plan's."""


@pytest.fixture
def root(complete: Path, tmp_path: Path) -> Path:
    """A project with its first edition published, in version control."""
    for name in {*hermetic.DECLARED, "docs"}:
        source = complete / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copyfile(source, tmp_path / name)
    shutil.copyfile(LIVE / ".gitignore", tmp_path / ".gitignore")
    shutil.copytree(
        complete / "build", tmp_path / "build"
    )  # the edition is there: it is published only
    (tmp_path / "reports/LEDGER.csv").unlink(missing_ok=True)
    git(tmp_path, "init", "-q", "-b", "main")
    minato(tmp_path, "report", "2024")
    commit(tmp_path, "edition 2024")
    minato(tmp_path, "ledger", "add", "2024")
    commit(tmp_path, "edition 2024 in the ledger")
    return tmp_path


def committed(root: Path, day: str, *arguments: str) -> None:
    """Run git as on that day."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
            patch.setenv(name, f"{day}T12:00:00+0900")
        git(root, *arguments)


def commit(root: Path, message: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def minato(root: Path, *arguments: str, today: str = "") -> str:
    """Run a command that must succeed on the day it is played; return what it said."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("MINATO_")}
    done = subprocess.run(
        [sys.executable, "-m", "minato_analysis", *arguments],
        cwd=root,
        env={**known, "PYTHONPATH": str(root / "src"), "MINATO_TODAY": today},
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, f"$ minato {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


def told(page: str) -> list[list[str]]:
    """Return the commands of the guide, as words."""
    (block,) = re.findall(r"```\n(minato new-year .*?)```", page, re.S)
    return [line.split() for line in block.splitlines()]


def play(root: Path, year: Year, tmp: Path, commands: list[list[str]]) -> None:
    """Do what the guide says for one year."""
    letter, answers = (
        tmp / f"letter-{year.year}.xlsx",
        root / f"data/drafts/{year.year}/mapping.yaml",
    )
    year.letter(letter, year.year)
    answers.parent.mkdir(parents=True)
    answers.write_text(year.answers, encoding="utf-8")
    own = {
        "YEAR": str(year.year),
        "LETTER": str(letter),
        "SOURCE": year.source,
        "KNOWN": year.known,
        "BUILT": year.built,
        "EDITION": year.edition,
        "LEDGER": f"ledger-{year.edition}",
        "BEFORE": str(int(year.edition) - 1),
    }
    for program, *words in commands:
        arguments = [own.get(word, word) for word in words]
        if program == "git":
            committed(root, year.built, *arguments)
            continue
        if arguments[0] == "verify" and year is not YEARS[-1]:
            arguments.append(
                "--quick"
            )  # the whole one takes a build: it is played in the last year
        if arguments[0] == "new-year" and arguments[-1] != "--confirmed":
            with pytest.raises(AssertionError, match="E6-CONFIRM"):
                minato(root, *arguments, today=year.built)
            continue
        minato(root, *arguments, today=year.built)
        if arguments[0] == "new-year":
            with (root / "data/known_discrepancies.yaml").open("a", encoding="utf-8") as stream:
                stream.write(year.reasons)
        if arguments[0] == "accept" and year.nation:
            with (root / NATION).open("a", encoding="utf-8") as stream:
                for when, measure, value in year.nation:
                    stream.write(f"{when},{measure},{value},架空の白書,,official,,{year.known}\n")
            data.seal(root)


def test_three_years_one_after_the_other(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tmp = tmp_path_factory.mktemp("letters")
    commands = told((root / "docs/three-years.md").read_text(encoding="utf-8"))
    published = {"2024": contents(root / "reports/2024")}
    for year in YEARS:
        play(root, year, tmp, commands)
        published[year.edition] = contents(root / "reports" / year.edition)
        for name, files in published.items():
            now = contents(root / "reports" / name)
            assert {one: now[one] for one in files} == files, name
            minato(root, "verify", name, "--quick", today=year.built)
        pages = [root / "reports" / year.edition / one for one in SHEETS]
        assert not CHROMIUM or None not in map(printed, pages)
        assert too_many(root / "reports" / year.edition) == []
    last = YEARS[-1].built
    for name in sorted(published)[:2]:
        minato(root, "report", name, today=last)
        assert git(root, "status", "--porcelain") == "", name
