"""A published edition is corrected with a reason, in one step; what it projected first stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from minato_analysis.audit import registered, tamper_together
from minato_analysis.audit.scene import Scene
from minato_analysis.numbers import facts
from minato_analysis.project import days, earlier, editions
from minato_analysis.published import ledger, manifest
from minato_analysis.published.publish import exchange
from minato_analysis.tasks import correction
from tests.audit.test_verify import git, run
from tests.drafts.test_killed import killed_at
from tests.tasks.test_pipeline import contents

WHY = "図表2-10の出典の書き方を直しました。"
ON = "2027-01-09"


@pytest.fixture
def committed(copied: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(days.TODAY, ON)
    git(copied, "init", "-q", "-b", "main")
    git(copied, "add", "-A", "-f")
    git(copied, "commit", "-qm", "edition 2024")
    return copied


def test_a_correction_is_entered_shown_and_confirmed(committed: Path) -> None:
    folder = committed / "reports/2024"
    before = contents(folder)
    lines = (committed / ledger.FILE).read_text(encoding="utf-8")
    archive = folder / earlier.ARCHIVE
    # What is registered is not what is projected now.
    text = archive.read_text(encoding="utf-8").replace('"year": 2022', '"year": 2021', 1)
    archive.write_text(text, encoding="utf-8")
    code, told = run(committed, "correct", "2024", "--why", WHY, "--on", ON)
    assert code == 1
    assert "E3-CORRECT reports/2024/" in told  # a published file that was changed is not covered up
    archive.write_bytes(before[earlier.ARCHIVE])

    code, told = run(committed, "correct", "2024", "--why", WHY, "--on", ON)
    assert code == 0, told
    after = contents(folder)
    new = (committed / ledger.FILE).read_text(encoding="utf-8")
    assert new.startswith(lines)
    assert new[len(lines) :].startswith(f"2024,{ON},{manifest.sha256(after[manifest.FILE])},")
    assert after[earlier.ARCHIVE] == before[earlier.ARCHIVE]
    assert json.loads(after[earlier.CORRECTED])["edition"] == "2024"
    assert editions.load(committed, "2024").corrections == [editions.Correction(date=ON, why=WHY)]
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert (WHY in text) == (page.name != "summary_en.html"), page.name
        assert ("Corrected on 9 January 2027" in text) == (page.name == "summary_en.html")
        assert ("令和9(2027)年1月9日に訂正" in text) == (page.name != "summary_en.html")
    code, told = run(committed, "verify", "2024", "--quick")
    assert code == 0, told
    assert not (committed / correction.COPY).exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2024", "--why", ""), "why"),
        (("2024", "--why", "長" * 121), "why"),
        (("2024", "--why", WHY, "--on", "2026-11-22"), "E3-CORRECT 2024: 訂正の日付"),
        (("2023", "--why", WHY), "E0-EDITION"),
    ],
)
def test_a_refused_correction_changes_nothing(
    committed: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, told = run(committed, "correct", *arguments)
    assert code == 1
    assert said in told
    assert git(committed, "status", "--porcelain", "--", "data", "reports", "src") == ""


def test_an_edition_in_preparation_is_not_corrected(committed: Path) -> None:
    (committed / ledger.FILE).unlink()
    code, told = run(committed, "correct", "2024", "--why", WHY, "--on", ON)
    assert (code, "準備中の版" in told) == (1, True)


def test_files_outside_version_control_are_named(committed: Path) -> None:
    (committed / "data/new.yaml").write_text("[]", encoding="utf-8")
    code, told = run(committed, "correct", "2024", "--why", WHY, "--on", ON)
    assert (code, "E3-CORRECT data/new.yaml" in told) == (1, True)


@pytest.mark.skipif(not exchange.__doc__ or not Path("/proc").exists(), reason="Linux only")
def test_a_kill_before_any_rename_leaves_edition_and_ledger_as_they_were(
    committed: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(committed, tmp_path / "corrected")
    page = copy / "reports/2024/index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- new -->\n", encoding="utf-8")
    record = copy / "reports/2024" / manifest.FILE
    record.write_text(record.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    before = contents(committed / "reports")
    steps = 0
    while killed_at(steps + 1, lambda: correction.put_in_place(committed, copy, "2024")):
        steps += 1
        assert contents(committed / "reports") == before
    assert steps > 10
    after = contents(committed / "reports")
    assert after["2024/index.html"].endswith(b"<!-- new -->\n")
    assert manifest.sha256(after[f"2024/{manifest.FILE}"]) in after["LEDGER.csv"].decode()


def test_the_edition_after_begins_without_corrections() -> None:
    text = "title: a\n"
    once = editions.corrected(text, editions.Correction(date=ON, why=WHY))
    twice = editions.corrected(once, editions.Correction(date=ON, why='また。"引用"'))
    assert twice.count("corrections:") == 1
    assert twice.count("  - date:") == 2
    assert editions.uncorrected(twice) == text


def test_what_a_correction_moves_is_read_off_the_two_lists_of_numbers(tmp_path: Path) -> None:
    def listed(name: str, **values: float) -> Path:
        book = facts.FactBook("n")
        for id, value in values.items():
            book.record(
                f"a.{id}", value, unit="percent", digits=1, from_="s/t!r!c", formula="as printed"
            )
        (tmp_path / name).mkdir()
        (tmp_path / name / "facts.json").write_text(facts.dumps(book), encoding="utf-8")
        return tmp_path / name

    old = listed("old", same=1, printed_alike=2.04, moved=3, gone=4)
    new = listed("new", same=1, printed_alike=2.01, moved=3.5, come=5)
    moved = correction._moved(old, new)
    assert moved == {"changed": {"a.moved": "3.0%"}, "withdrawn": {"a.gone": "4.0%"}}
    one = editions.Correction(date=ON, why=WHY, **moved)
    text = editions.corrected("title: a\n", one)
    read = editions.Correction.model_validate(yaml.safe_load(text)["corrections"][0])
    assert read == one
    assert editions.uncorrected(text) == "title: a\n"


def test_the_registered_expectation_is_that_of_the_first_line(committed: Path) -> None:
    scene = Scene(committed, "2024")
    assert registered.findings(committed, "2024", scene.record()) == []
    path = scene.path(earlier.ARCHIVE)
    scene.substitute(path, r'"year": 2022', '"year": 2021')
    tamper_together.agree(scene)  # as a publisher who rewrites his records, and commits
    found = registered.findings(committed, "2024", scene.record())
    assert [(one.code, one.place) for one in found] == [("E5-REGISTERED", path)]
    shutil.rmtree(committed / ".git")
    assert registered.findings(committed, "2024", scene.record()) == []
