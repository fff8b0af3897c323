"""From a received file to data: what is not public stays out of public places, whatever the flags say."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minato_analysis import data
from minato_analysis.cli import app
from minato_analysis.numbers.facts import FactBook, dumps
from minato_analysis.project.files import write_all
from minato_analysis.published import manifest
from minato_analysis.received import store
from minato_analysis.reporting.errors import ReportError
from minato_analysis.tasks import withheld
from tests.drafts import letter, year_2023
from tests.killed import killed_at


@pytest.fixture
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A letter that is read without questions."""
    made = tmp_path_factory.mktemp("outside") / "letter.csv"
    rows = zip(letter.LABELS["t2-10"], year_2023.BODIES["t2-10"], strict=True)
    lines = [letter.TITLES["t2-10"], ",令和5(2023)年", *(f'{name},"{text}"' for name, text in rows)]
    made.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def run(project: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner(env={"MINATO_ROOT": str(project)}).invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def receive(project: Path, file: Path, *flags: str, source: str = "letter-2027") -> tuple[int, str]:
    """Receive a file, and confirm what was read."""
    command = ["new-year", "2023", "--from", str(file), "--source", source, *flags]
    code, text = run(project, *command)
    return run(project, *command, "--confirmed") if "E6-CONFIRM" in text else (code, text)


@pytest.fixture(autouse=True)
def without_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """The projects here have no notebooks, so no edition to try an acceptance with."""
    monkeypatch.setattr("minato_analysis.drafts.trial.problems", lambda *_: [])


def take(project: Path, *flags: str, source: str = "letter-2027") -> tuple[int, str]:
    return run(project, "accept", "2023", "--source", source, "--as-of", "2027-03-10", *flags)


def shown_by_git(repository: Path, project: Path) -> str:
    """Return the contents of all files version control would take."""
    (project / ".gitignore").write_bytes((repository / ".gitignore").read_bytes())
    subprocess.run(["git", "init", "-q", str(project)], check=True)
    asked = subprocess.run(
        ["git", "-C", str(project), "ls-files", "-z", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    )
    names = [one for one in asked.stdout.decode().split("\0") if one]
    return "\n".join(one + (project / one).read_text("latin-1") for one in names)


@pytest.mark.parametrize("accepted", [False, True], ids=["draft", "accepted"])
def test_nothing_of_a_closed_source_is_where_version_control_sees_it(
    repository: Path, project: Path, file: Path, accepted: bool
) -> None:
    code, text = receive(project, file, "--not-public")
    assert code == 0, text
    assert "data/not-public/drafts/2023/" in text
    if accepted:
        code, text = take(project, "--not-public")
        assert code == 0, text
        assert (project / "data/not-public/letter-2027/t2-10.csv").is_file()
    seen = shown_by_git(repository, project)
    assert "1,049" not in seen
    assert "t2-10.csv" in seen  # of the published document
    closed = [
        one
        for one in project.rglob("*")
        if "not-public" in one.relative_to(project).parts and ".git" not in one.parts
    ]
    assert len(closed) > 5
    assert [one for one in closed if one.stat().st_mode & 0o077] == []


def test_a_draft_is_made_of_what_was_shown_and_confirmed(project: Path, file: Path) -> None:
    command = ["new-year", "2023", "--from", str(file), "--source", "letter-2027"]
    draft = project / "data/drafts/2023/draft.yaml"
    kept = project / "data/received/letter-2027/letter.csv.reading.csv"
    # What nobody was shown is not confirmed, whatever is said.
    code, text = run(project, *command, "--confirmed")
    assert (code, "E6-CONFIRM" in text, draft.exists(), kept.exists()) == (1, True, False, False)
    page = (project / "build/confirmation-2023.html").read_text(encoding="utf-8")
    for said in ("期間: 暦年", "地域: 港区", "単位: %、人", "letter!B4", "1,049 人", "取り込む"):
        assert said in page
        assert said in text or said in ("letter!B4", "1,049 人", "取り込む")
    # Shown before, and other than what is read now.
    answers = draft.with_name("mapping.yaml")
    answers.parent.mkdir(parents=True)
    answers.write_text("cells: {letter!B4: {value: '1,050', reason: 原本}}", encoding="utf-8")
    code, text = run(project, *command, "--confirmed")
    assert (code, "E6-CONFIRM" in text, draft.exists()) == (1, True, False)
    code, text = run(project, *command, "--confirmed")
    assert (code, draft.exists()) == (0, True), text
    assert "1,050" in kept.read_text(encoding="utf-8")
    assert store.problems(project) == []


@pytest.mark.parametrize("source", ["letter-2027", "under-another-name"])
def test_acceptance_as_public_of_what_was_received_as_not_public_is_refused(
    project: Path, file: Path, source: str
) -> None:
    assert receive(project, file, "--not-public")[0] == 0
    before = (project / data.DESCRIPTOR).read_bytes()
    code, text = take(project, source=source)
    assert (code, "--not-public を付けて" in text) == (1, True)
    assert (project / data.DESCRIPTOR).read_bytes() == before
    assert not (project / f"data/published/{source}").exists()
    assert take(project, "--not-public", source=source)[0] == 0


def test_a_table_typed_into_a_closed_draft_is_closed_too(project: Path) -> None:
    assert run(project, "new-year", "2023", "--not-public")[0] == 0
    folder = project / "data/not-public/drafts/2023"
    year_2023.fill(folder)
    code, text = take(project)
    assert (code, "--not-public を付けて" in text) == (1, True)
    assert take(project, "--not-public")[0] == 0
    assert not folder.exists()


def test_acceptance_as_not_public_of_what_was_received_as_public_is_refused(
    project: Path, file: Path
) -> None:
    assert receive(project, file)[0] == 0
    code, text = take(project, "--not-public")
    assert (code, "公表されるものとして受け取っています" in text) == (1, True)
    # The way out the sentence names.
    for one in (project / "data/drafts/2023").iterdir():
        one.unlink()
    assert receive(project, file, "--not-public")[0] == 0
    assert not (project / "data/received/letter-2027").exists()
    assert take(project, "--not-public")[0] == 0
    assert store.problems(project) == []


def test_a_draft_made_before_the_source_was_closed_is_not_published(
    project: Path, file: Path
) -> None:
    assert receive(project, file)[0] == 0
    code, text = receive(project, file, "--not-public")
    assert (code, "E6-DRAFT data/drafts/2023" in text) == (1, True)
    code, text = take(project)
    assert (code, "--not-public を付けて" in text) == (1, True)
    assert take(project, "--not-public")[0] == 0
    assert not list(project.glob("data/published/letter-2027/*"))


def test_an_interrupted_acceptance_leaves_nothing_in_a_public_place(
    project: Path, file: Path
) -> None:
    assert receive(project, file, "--not-public")[0] == 0
    step = 1
    while killed_at(step, lambda: take(project, "--not-public")):
        assert not list(project.glob("data/published/letter-2027*"))
        assert not list(project.glob("data/drafts/*"))
        step += 1
    assert step > 5
    code, text = take(project, "--not-public")
    assert code == 1, "it was accepted before"
    assert "下書きがありません" in text


def sources(project: Path) -> set[str]:
    found = {one.relative_to(project).as_posix() for one in manifest.source_files(project)}
    return {one for one in found if one.startswith(manifest.RECEIVED)}


def test_a_refused_file_is_no_source_and_an_accepted_one_is(project: Path, file: Path) -> None:
    refused = file.with_name("refused.csv")
    text = file.read_text(encoding="utf-8")
    refused.write_text(text.replace("再犯者数割合", "まったく別の見出し"), encoding="utf-8")
    code, said = receive(project, refused)
    assert (code, "E6-UNCLEAR" in said) == (1, True)
    assert (project / "data/received/letter-2027/refused.csv").is_file()
    assert sources(project) == set()
    assert receive(project, file)[0] == 0
    assert sources(project) == set()
    code, said = take(project)
    assert code == 0, said
    assert sources(project) == {"data/received/letter-2027/letter.csv"}


def test_facts_of_an_accepted_letter_must_not_give_its_small_numbers_away(project: Path) -> None:
    assert run(project, "new-year", "2023", "--not-public")[0] == 0
    year_2023.fill(project / "data/not-public/drafts/2023")
    assert take(project, "--not-public")[0] == 0
    write_all(dict(data.tidy(data.read_published(project), project)))
    cell = "letter-2027/3-2!麻布!令和5(2023)年"
    book = FactBook("n")
    book.record("a.persons", 24, unit="persons", digits=0, from_=cell, formula="as printed")
    withheld.refuse(project, dumps(book))
    book.record("a.again", 17, unit="persons", digits=0, from_=cell, formula="as printed")
    with pytest.raises(ReportError, match=r"E3-SMALL-NUMBER facts\.json") as refused:
        withheld.refuse(project, dumps(book))
    assert "数値 a.persons（24人） と a.again（17人） の差が7人" in refused.value.message
