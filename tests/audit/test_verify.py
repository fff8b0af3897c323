"""The verdict of the commands: exit codes, both outputs, the speed of --quick, older code, other machines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minato_analysis import data
from minato_analysis.audit import bundle, checker, show, tamper, verify
from minato_analysis.cli import app
from minato_analysis.project import earlier
from minato_analysis.project.checksums import checksum, make_key
from minato_analysis.published import hermetic, ledger, manifest, words
from minato_analysis.published.hermetic import Built
from minato_analysis.published.verdict import STAGES, Finding, Verdict
from minato_analysis.reporting import shelf

FACTS = "src/minato_analysis/numbers/facts.py"


def run(root: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner(env={"MINATO_ROOT": str(root)}).invoke(app, list(arguments))
    return result.exit_code, result.output


def git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.hooksPath=/dev/null"]
    done = subprocess.run(
        ["git", "-C", str(root), *who, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def as_built(edition: Path) -> verify.Rebuild:
    return lambda root, target, name: Built(edition, "")


def test_an_untouched_edition_is_confirmed_in_words_and_in_json(edition: Path) -> None:
    code, text = run(edition, "verify", "2024", "--quick")
    assert (code, text.splitlines()[0]) == (0, "判定 0  確認済み（同一）  [confirmed: identical]")
    assert "この判定が確かめていないこと" in text
    code, text = run(edition, "verify", "--quick", "--json")
    told = json.loads(text)
    assert (code, told["verdict"], told["first_diverging_stage"]) == (0, "confirmed", None)
    assert told["alike"] == ["identical"]
    assert checker.sha256()[:16] in told["identity"]["checker"]
    assert told["files"] > 100
    assert told["not_checked"]


def test_a_changed_page_is_different_and_the_first_stage_is_named(copied: Path) -> None:
    page = copied / "reports/2024/02_reoffender_trends.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace(">49.0%<", ">48.0%<"), encoding="utf-8"
    )
    code, text = run(copied, "verify", "2024", "--quick")
    assert code == 1
    assert "最初に食い違った段階: 報告書のページ [page]" in text
    assert "E5-PAGE-NUMBER reports/2024/02_reoffender_trends.html minato.share.2022" in text
    assert "公表: 48.0%  /  作り直し: 49.0%" in text
    assert "minato explain minato.share.2022" in text
    code, text = run(copied, "verify", "2024", "--quick", "--json")
    told = json.loads(text)
    assert told["first_finding"]["facts"] == ["minato.share.2022"]
    assert told["reach"]["pages"]
    assert told["causes"]
    assert told["next"]


def test_what_cannot_be_audited_is_neither_confirmed_nor_different(copied: Path) -> None:
    assert run(copied, "verify", "1999", "--quick")[0] == 2
    (copied / "reports/2024/manifest.json").unlink()
    code, text = run(copied, "verify", "2024", "--quick")
    assert code == 2
    assert "E5-NO-MANIFEST" in text
    assert run(copied.parent, "verify", "2024", "--quick")[0] == 2
    for name in ("", "../2024", "-"):
        code, text = run(copied, "verify", "--quick", "--", name)
        assert (code, "E5-EDITION" in text) == (2, True), name


def test_a_manifest_that_cannot_be_read_is_a_difference(copied: Path) -> None:
    (copied / "reports/2024/manifest.json").write_text("{", encoding="utf-8")
    code, text = run(copied, "verify", "2024", "--quick")
    assert (code, "E5-MANIFEST" in text) == (1, True)


def test_a_build_that_fails_is_incomplete_not_different(edition: Path) -> None:
    verdict = verify.fully(edition, "2024", lambda *_: Built(edition, "ModuleNotFoundError: numpy"))
    assert verdict.exit_code == 2
    assert verdict.first is not None
    assert verdict.first.code == "E5-BUILD"
    assert "ModuleNotFoundError" in show.text(verdict)
    verdict = verify.fully(edition, "2024", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    assert verdict.exit_code == 2


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("E0-CHECKSUM data/t.csv: 違います。", 1),
        ("E3-BUILD Contradicted: E5-RECOMPUTE a.b: 違います。", 1),
        ("E3-KERNEL 01: カーネルが始まりませんでした", 2),
        ("E0-DISK /x: No space left on device", 2),
        ("E0-KEY data/not-public/key: 鍵がありません。", 2),
    ],
)
def test_a_build_that_refuses_a_contradiction_is_different(
    edition: Path, said: str, code: int
) -> None:
    verdict = verify.fully(edition, "2024", lambda *_: Built(edition, said))
    assert verdict.exit_code == code
    assert verdict.first is not None
    assert verdict.first.code == ("E5-REFUSED" if code == 1 else "E5-BUILD")


def test_a_difference_stays_a_difference_when_the_build_fails(copied: Path) -> None:
    table = copied / "data/published/minato-plan-draft-2024-12/t2-10.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("516", "517"), encoding="utf-8")
    verdict = verify.fully(copied, "2024", lambda *_: Built(copied, "E0-CHECKSUM"))
    assert verdict.exit_code == 1
    assert verdict.first is not None
    assert verdict.first.code == "E5-CELL"
    assert "E0-CHECKSUM" in show.text(verdict)


def test_a_full_audit_compares_every_level_and_names_the_machine(edition: Path) -> None:
    verdict = verify.fully(edition, "2024", tamper.warm(edition))
    assert verdict.exit_code == 0, show.text(verdict)
    assert all(one.compared > 10 and not one.different for one in verdict.levels.values())
    assert verdict.environment["python"] == ".".join(map(str, sys.version_info[:3]))
    assert verdict.environment["versions"]["numpy"]
    assert "水準ごとの照合" in show.text(verdict)


def test_a_page_that_differs_only_in_bytes_by_machine_is_confirmed(
    edition: Path, copied: Path
) -> None:
    page = copied / "reports/2024/index.html"
    page.write_text(page.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    verdict = verify.fully(edition, "2024", as_built(copied))
    assert verdict.exit_code == 0
    assert "N5-DISPLAY" in [one.code for one in verdict.findings]
    assert words.headline(verdict).endswith("[confirmed: display]")


def test_an_edition_in_preparation_says_so_first(copied: Path) -> None:
    (copied / ledger.FILE).unlink()
    verdict = verify.quickly(copied, "2024")
    assert words.headline(verdict) == "判定 0  確認済み（準備中の版）  [confirmed: preparing]"


def test_code_that_gives_the_same_bytes_is_a_note_and_a_lock_entry_is_not(
    edition: Path, copied: Path
) -> None:
    file = copied / FACTS
    file.write_text(file.read_text(encoding="utf-8") + "# comment\n", encoding="utf-8")
    verdict = verify.fully(copied, "2024", as_built(edition))
    assert verdict.exit_code == 0
    assert [one.place for one in verdict.findings if one.code == "N5-NO-EFFECT"] == [FACTS]
    assert verdict.alike == ("no-effect",)
    lock = copied / "requirements.lock"
    lock.write_text(
        lock.read_text(encoding="utf-8").replace("numpy==", "numpy==9"), encoding="utf-8"
    )
    assert verify.fully(copied, "2024", as_built(edition)).exit_code == 1


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("data/published/minato-plan-draft-2024-12/transcription.json", "E5-EVIDENCE"),
        ("data/published/comparators/README.md", "E5-EVIDENCE"),
        ("data/published/minato-plan-draft-2024-12/measures.csv", "E5-EVIDENCE"),
    ],
)
def test_changed_evidence_is_never_without_effect(
    edition: Path, copied: Path, path: str, code: str
) -> None:
    file = copied / path
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    verdict = verify.fully(copied, "2024", as_built(edition))
    assert verdict.exit_code == 1
    assert (code, path) in [(one.code, one.place.split(" ")[0]) for one in verdict.findings]


def test_a_file_of_code_more_is_never_without_effect(edition: Path, copied: Path) -> None:
    (copied / "src/minato_analysis/analyses/more.py").write_text("A = 1\n", encoding="utf-8")
    verdict = verify.fully(copied, "2024", as_built(edition))
    codes = [one.code for one in verdict.findings if one.severity != "note"]
    assert (verdict.exit_code, codes) == (1, ["E5-ADDED"])


def test_what_would_run_first_is_refused_and_nothing_is_rebuilt(copied: Path) -> None:
    (copied / "src/sitecustomize.py").write_text("", encoding="utf-8")
    verdict = verify.fully(copied, "2024", lambda *_: pytest.fail("rebuilt"))
    assert verdict.exit_code == 1
    assert "E5-SHADOW src/sitecustomize.py" in show.text(verdict)
    assert verify.quickly(copied, "2024").exit_code == 1


PROGRAM = """
import subprocess, sys
if sys.argv[-1] != "child":
    raise SystemExit(subprocess.run([sys.executable, "-m", "minato_analysis", "child"]).returncode)
import statistics, scipy
from pathlib import Path
here = str(Path.cwd())
wrong = [one.__file__ for one in (statistics, scipy) if one.__file__.startswith(here)]
raise SystemExit(wrong or not __file__.startswith(here) and __file__)
"""


def test_a_build_imports_the_copys_package_and_no_module_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its own process and in those it starts, whatever the caller's variables say."""
    package = tmp_path / "src/minato_analysis"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    for name in ("statistics.py", "scipy.py"):
        (tmp_path / name).touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    assert hermetic.build(tmp_path, "2024").problem == ""


def test_no_next_command_builds_over_what_was_received() -> None:
    for code in (*words.NEXT, "E5-PAGE"):
        finding = Finding(code, "code", "file part", "", "different")
        verdict = Verdict("2024", "quick", (finding,), identity={"commit": "abc 2026-11-23"})
        commands = words.next_commands(verdict)
        assert commands
        assert not [one for one in commands if "report" in one.split("--")[0]], code


def test_the_first_steps_of_a_bag_build_nothing_over_what_was_received(edition: Path) -> None:
    steps = bundle.start_here(manifest.load(edition, "2024"), "2024")
    commands = [line.strip() for line in steps.splitlines() if line.startswith("    ")]
    assert "make verify EDITION=2024" in commands
    assert not [one for one in commands if "report" in one]


def test_findings_are_ordered_by_stage(copied: Path) -> None:
    (copied / "reports/2024/index.html").unlink()
    file = copied / FACTS
    file.write_text(file.read_text(encoding="utf-8") + "# comment\n", encoding="utf-8")
    verdict = verify.quickly(copied, "2024")
    stages = [STAGES.index(one.stage) for one in verdict.findings]
    assert stages == sorted(stages)
    assert verdict.first is not None
    assert verdict.first.stage == "code"


def test_the_quick_audit_is_quick_and_needs_no_numerical_stack(edition: Path) -> None:
    code = (
        "import sys, time; started = time.process_time()\n"
        "from minato_analysis.cli import app\n"
        "try: app(['verify', '2024', '--quick'])\n"
        "except SystemExit as end: status = end.code\n"
        "heavy = {'numpy', 'pandas', 'scipy', 'matplotlib', 'nbconvert'} & set(sys.modules)\n"
        "print(status, sorted(heavy), time.process_time() - started)\n"
    )
    environment = {**os.environ, "MINATO_ROOT": str(edition)}
    seconds = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        status, heavy, took = done.stdout.splitlines()[-1].rsplit(" ", 2)
        assert (status, heavy) == ("0", "[]")
        seconds.append(float(took))
    assert min(seconds) < 1


def test_only_tracked_files_are_built_from(copied: Path, tmp_path: Path) -> None:
    git(copied, "init", "-q")
    git(copied, "add", "-A")
    (copied / "data/untracked.csv").write_text("1\n", encoding="utf-8")
    target = hermetic.copy(copied, tmp_path / "target")
    names = {one.relative_to(target).as_posix() for one in target.rglob("*") if one.is_file()}
    assert "reports/2024/edition.yaml" in names
    assert not [
        name
        for name in names
        if name.startswith(("data/tidy", "build")) or name.endswith((".html", "untracked.csv"))
    ]
    assert "environment.yml" not in names
    verdict = verify.fully(copied, "2024", as_built(copied))
    assert "N5-UNTRACKED" in [one.code for one in verdict.findings]


def test_closed_tables_are_built_from_where_they_are_at_hand(copied: Path, tmp_path: Path) -> None:
    path = "not-public/letter/t.csv"
    (copied / "data" / path).parent.mkdir(parents=True)
    (copied / "data" / path).write_text("a,b\n", encoding="utf-8")
    (copied / ".gitignore").write_text("data/not-public/\n", encoding="utf-8")
    make_key(copied)
    package = data.descriptor(copied)
    known = {"path": path, "not_public": True, "hash": checksum(copied / "data" / path, copied)}
    package["resources"].append(known)
    (copied / data.DESCRIPTOR).write_text(json.dumps(package), encoding="utf-8")
    git(copied, "init", "-q")
    git(copied, "add", "-A")
    assert (hermetic.copy(copied, tmp_path / "one") / "data" / path).is_file()
    (copied / "data" / path).write_text("a,c\n", encoding="utf-8")
    assert not (hermetic.copy(copied, tmp_path / "two") / "data" / path).exists()


def test_an_edition_built_by_older_code_says_how_to_get_that_code(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "newest_value", lambda root: "")  # as before the first later value
    git(copied, "init", "-q")
    git(copied, "add", "-A")
    git(copied, "commit", "-q", "-m", "edition")
    commit = git(copied, "rev-parse", "--short", "HEAD")
    file = copied / FACTS
    file.write_text(file.read_text(encoding="utf-8") + "# later\n", encoding="utf-8")
    git(copied, "commit", "-q", "-a", "-m", "later code")
    code, text = run(copied, "verify", "2024", "--quick")
    assert code == 1
    assert f"git worktree add ../edition-2024 {commit}" in text
    git(copied, "worktree", "add", "-q", "../edition-2024", commit)
    code, text = run(copied.parent / "edition-2024", "verify", "2024", "--quick")
    assert code == 0
    assert f"コミット: {commit}" in text


def test_the_time_of_a_quick_verdict_in_process(edition: Path) -> None:
    started = time.perf_counter()
    verify.quickly(edition, "2024")
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("variables", [{"OPENBLAS_CORETYPE": "Prescott"}])
def test_the_machine_of_the_audit_is_in_the_verdict_only(
    edition: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    verdict = verify.fully(edition, "2024", as_built(edition))
    assert verdict.environment["variables"]["OPENBLAS_CORETYPE"] == "Prescott"
    record = (edition / "reports/2024/manifest.json").read_text(encoding="utf-8")
    assert "OPENBLAS" not in record
    assert verdict.environment["platform"] not in record


def test_another_list_of_editions_is_told_and_no_difference(copied: Path, edition: Path) -> None:
    (copied / "reports/index.html").write_text(shelf.page(copied), encoding="utf-8")
    found = verify.fully(copied, "2024", as_built(edition)).findings
    assert "N5-SHELF" not in [one.code for one in found]
    (copied / "reports/index.html").write_text("<p hidden>", encoding="utf-8")
    verdict = verify.fully(copied, "2024", as_built(edition))
    assert verdict.exit_code == 0
    assert "N5-SHELF" in [one.code for one in verdict.findings]
