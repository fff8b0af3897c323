"""Three years one after the other: what arrives, what is published, and that nothing published changes.

Each year is a list of steps, so that other letters and answers can take the place of these.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.audit import hermetic
from tests.audit.test_verify import git
from tests.tasks.test_pipeline import contents
from tests.three_years import letters

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
    answers : tuple of callable
        What a person does between the draft and its acceptance: ``answer(root)``.
    nation : tuple of (int, str, str)
        Values of the nation that came out meanwhile: year, measure, value.
    """

    year: int
    known: str
    built: str
    letter: Callable[[Path, int], None] = letters.plan_layout
    answers: tuple[Callable[[Path], None], ...] = ()
    nation: tuple[tuple[int, str, str], ...] = ()

    @property
    def edition(self) -> str:
        """Name of the edition: its data are two years old."""
        return str(self.year + 2)

    @property
    def source(self) -> str:
        """Name of the document."""
        return f"moj-{self.known[:7]}"


def counted_as_before(year: int, source: str) -> Callable[[Path], None]:
    """Return the sender's answer on the law of December 2024: every heading counts what it counted."""
    asked = (("2-6", "cannabis"), ("2-6", "narcotics"), ("3-2", "cannabis"), ("3-3", "cannabis"))
    lines = "".join(
        f'    - {{document: {document}, table: "{table}", code: {code}, was: {code},'
        f" offence: {code}, kind: exact,\n       reason: 提供元の回答（架空）。}}\n"
        for document in (f"draft-{year}", source)
        for table, code in asked
    )

    def answer(root: Path) -> None:
        file = root / "data/categories.yaml"
        before, mark, after = file.read_text(encoding="utf-8").partition("\n- id: total-under")
        file.write_text(before + lines + mark + after, encoding="utf-8")

    return answer


YEARS = (
    Year(2023, known="2027-03-10", built="2027-03-20"),
    Year(
        2024,
        known="2028-03-08",
        answers=(counted_as_before(2024, "moj-2028-03"),),
        built="2028-03-21",
        nation=((2024, "reoffenders", "88123"), (2024, "reoffender_share", "45.9%")),
    ),
    Year(
        2025,
        known="2029-03-09",
        answers=(counted_as_before(2025, "moj-2029-03"),),
        built="2029-03-19",
        nation=((2025, "reoffenders", "90123"), (2025, "reoffender_share", "44.9%")),
    ),
)


@pytest.fixture
def root(repository: Path, tmp_path: Path) -> Path:
    """The project as it stands, in version control from now on."""
    for name in hermetic.tracked(repository):
        if (repository / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(repository / name, tmp_path / name)
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "the project")
    return tmp_path


def commit(root: Path, message: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def clean(root: Path) -> bool:
    return git(root, "status", "--porcelain") == ""


def minato(root: Path, *arguments: str) -> str:
    """Run a command that must succeed; return what it said."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("MINATO_")}
    done = subprocess.run(
        [sys.executable, "-m", "minato_analysis", *arguments],
        cwd=root,
        env={**known, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, f"$ minato {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


def arrive(root: Path, year: Year, tmp: Path) -> None:
    """From the letter to the accepted year."""
    letter = tmp / f"letter-{year.year}.xlsx"
    year.letter(letter, year.year)
    minato(root, "new-year", str(year.year), "--from", str(letter), "--source", year.source)
    for answer in year.answers:
        answer(root)
    minato(root, "check")
    minato(root, "accept", str(year.year), "--source", year.source, "--as-of", year.known)
    if year.nation:
        with (root / NATION).open("a", encoding="utf-8") as stream:
            for when, measure, value in year.nation:
                stream.write(f"{when},{measure},{value},架空の白書,,official,,{year.known}\n")
        data.seal(root)


def publish(root: Path, year: Year) -> None:
    """From the accepted year to the bag."""
    minato(root, "report", year.edition, "--built", year.built)
    commit(root, f"edition {year.edition}")
    minato(root, "ledger", "add", year.edition)
    commit(root, f"edition {year.edition} in the ledger")
    minato(root, "verify", year.edition)
    minato(root, "bundle", year.edition)


def test_three_years_one_after_the_other(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tmp = tmp_path_factory.mktemp("letters")
    published = {"2024": contents(root / "reports/2024")}
    for year in YEARS:
        arrive(root, year, tmp)
        for name in published:
            minato(root, "verify", name, "--quick")
        publish(root, year)
        before = max(published)
        published[year.edition] = contents(root / "reports" / year.edition)
        minato(root, "diff", before, year.edition, "--quick")
        for name, files in published.items():
            now = contents(root / "reports" / name)
            assert {one: now[one] for one in files} == files, name
            minato(root, "verify", name, "--quick")
        commit(root, f"differences from {before}")
    for name in sorted(published):
        minato(root, "verify", name)
        minato(root, "report", name)
        assert clean(root), name
