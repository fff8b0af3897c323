"""The whole pipeline, really run in copies of the repository without anything generated."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
from tests import specimen

from minato_analysis import data
from minato_analysis.project import earlier, editions
from minato_analysis.published import ledger, manifest

GENERATED = ("data/tidy", "data/README.md", "environment.yml")
PARTS = (
    "data",
    "notebooks",
    "src",
    "tools",
    "Makefile",
    "pyproject.toml",
    "publisher.yaml",
    "requirements.lock",
    "requirements-lab.lock",
)


def bare_copy(repository: Path, target: Path) -> Path:
    """Copy what an edition is made from; nothing generated, no lock file, no cache."""
    for part in PARTS:
        source = repository / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / part)
    for name in GENERATED:
        path = target / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for name in editions.names(repository):
        folder = target / "reports" / name
        folder.mkdir(parents=True)
        shutil.copy(repository / "reports" / name / editions.FILE, folder)
    newest = editions.names(repository)[-1]
    own = [repository / "reports" / newest / earlier.ARCHIVE]
    kept = own if earlier.corrected(repository, newest) else []
    for file in (*earlier.archives(repository, newest), *kept):
        shutil.copy(file, target / file.relative_to(repository))
    return target


def start(root: Path, **environment: str) -> subprocess.Popen[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("MINATO_")}
    return subprocess.Popen(
        [sys.executable, "-m", "minato_analysis", "report"],
        cwd=root,
        env={**known, "PYTHONPATH": str(root / "src"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def report(root: Path, **environment: str) -> tuple[int, str]:
    process = start(root, **environment)
    output, _ = process.communicate(timeout=1800)
    return process.returncode, output


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def builds(complete: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """A copy of the built specimen; a build of another folder, hash seed, time zone, engine and processor.

    The specimen itself was built in warm kernels, with unusual settings of its own.
    """
    one, two = (tmp_path_factory.mktemp(name) for name in ("one", "another_folder"))
    settings = {
        "PYTHONHASHSEED": "4242",
        "TZ": "America/New_York",
        "LANG": "C.UTF-8",
        "MINATO_ENGINE": "plain",
        "MINATO_AT_ONCE": "1",
        # As on the oldest processor NumPy runs on: logarithms and sums differ in their last digit.
        "NPY_DISABLE_CPU_FEATURES": " ".join(
            one for one in __cpu_dispatch__ if __cpu_features__[one]
        ),
        **({"OPENBLAS_CORETYPE": "Nehalem"} if platform.machine() == "x86_64" else {}),
    }
    code, output = report(bare_copy(complete, two), **settings)
    assert code == 0, output
    shutil.copytree(complete, one, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    yield [one, two]
    for root in (one, two):
        shutil.rmtree(root)


def test_every_notebook_is_the_same_from_both_engines(builds: list[Path]) -> None:
    said = (builds[0] / specimen.SAID).read_text(encoding="utf-8")
    assert "ordinary kernels are used" not in said, "the comparison was of two plain engines"
    warm, plain = (contents(root / "build/2024/notebooks") for root in builds)
    assert len(warm) >= 10
    assert sorted(warm) == sorted(plain)
    for name in warm:
        assert warm[name] == plain[name], name


def test_two_builds_are_the_same_bytes(builds: list[Path]) -> None:
    one, two = (contents(root / "reports") for root in builds)
    assert sorted(one) == sorted(two)
    for name in one:
        assert one[name] == two[name], name
    for name in (
        "data/tidy/observations.csv",
        "data/tidy/identities.csv",
        "data/tidy/mutation.csv",
        "data/README.md",
        "environment.yml",
        "CITATION.cff",
    ):
        assert (builds[0] / name).read_bytes() == (builds[1] / name).read_bytes(), name


def test_the_lock_names_no_machine_and_is_the_same_everywhere(
    builds: list[Path], complete: Path
) -> None:
    locks = [(root / "pytask.lock").read_bytes() for root in builds]
    assert locks[0] == locks[1]
    text = locks[0].decode()
    for root in (*builds, complete, Path.home()):
        assert str(root) not in text
    assert "\\\\" not in text


def test_a_second_run_executes_nothing_and_one_changed_cell_only_its_readers(
    builds: list[Path],
) -> None:
    root = builds[0]
    code, output = report(root)
    assert code == 0
    assert "Succeeded  " not in output.replace("Succeeded in", "")
    notebook = root / "notebooks/01_data_quality.ipynb"
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace(
            "公表された表は互いに合っているか", "表は合うか"
        ),
        encoding="utf-8",
    )
    before = {file: file.stat().st_mtime_ns for file in (root / "build/2024/notebooks").iterdir()}
    code, output = report(root)
    assert code == 0, output
    rerun = {
        file.name
        for file in (root / "build/2024/notebooks").iterdir()
        if file.stat().st_mtime_ns != before[file]
    }
    assert rerun == {"01_data_quality.ipynb", "audit_report.ipynb"}
    assert "表は合うか" in (root / "reports/2024/01_data_quality.html").read_text(encoding="utf-8")


def test_a_published_edition_is_compared_and_never_changed(builds: list[Path]) -> None:
    root = builds[1]
    record = manifest.load(root, "2024")
    sha = manifest.sha256((root / "reports/2024" / manifest.FILE).read_bytes())
    line = ledger.added("", "2024", record.date, sha)
    (root / ledger.FILE).write_text(line, encoding="utf-8")
    before = {folder: contents(root / folder) for folder in ("reports", "data")}
    lock = (root / "pytask.lock").read_bytes()
    code, output = report(root)
    assert code == 0, output
    assert "公表された版 2024 と同じものができました" in output

    notebook = root / "notebooks/07_measures.ipynb"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(
        text.replace("どの数値に結び付くか", "どの数値と結び付くか", 1), encoding="utf-8"
    )
    assert notebook.read_text(encoding="utf-8") != text
    code, output = report(root)
    assert code == 1
    assert "E3-PUBLISHED reports/2024/" in output
    assert "  07_measures.html" in output
    assert "minato correct 2024 --why" in output
    assert {folder: contents(root / folder) for folder in ("reports", "data")} == before
    assert (root / "pytask.lock").read_bytes() == lock

    notebook.write_text(text.replace('"language": "python"', '"language":  "python"', 1))
    code, output = report(root)
    assert code == 0, output
    assert "数値も文章も同じです" in output
    assert {folder: contents(root / folder) for folder in ("reports", "data")} == before
    notebook.write_text(text, encoding="utf-8")
    (root / ledger.FILE).unlink()


def test_a_failed_run_leaves_the_edition_untouched_and_says_why(builds: list[Path]) -> None:
    root = builds[1]
    before = contents(root / "reports")
    table = root / "data/published/minato-plan-draft-2024-12/t3-02.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("8 (5)", "9 (5)"), encoding="utf-8")
    code, output = report(root)
    assert code == 1
    assert "E0-CHECKSUM data/published/minato-plan-draft-2024-12/t3-02.csv" in output
    data.seal(root)
    code, output = report(root)
    assert code == 1
    assert "E2-104 data/published/minato-plan-draft-2024-12/t3-02.csv 2022" in output
    assert "Traceback" not in output
    assert contents(root / "reports") == before
