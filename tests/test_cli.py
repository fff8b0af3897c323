"""What stops a command from outside is one sentence and exit 2: a slip in a file, a machine that refuses."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def project(repository: Path, scratch: Path) -> Path:
    (scratch / "reports/2024").mkdir(parents=True)
    shutil.copy(repository / "reports/2024/edition.yaml", scratch / "reports/2024")
    return scratch


def minato(project: Path, command: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "minato_analysis", command],
        cwd=project,
        env={**os.environ, "MINATO_ROOT": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_a_slip_in_a_hand_written_file(project: Path) -> None:
    with (project / "data/known_discrepancies.yaml").open("a", encoding="utf-8") as stream:
        stream.write(
            "\n- revision: a\n  expect: {first_time: [537, 536]}\n  reason: 回答: 再集計\n"
        )
    code, said = minato(project, "check")
    assert (code, len(said.splitlines())) == (2, 1), said
    assert said.startswith("E0-YAML data/known_discrepancies.yaml ")


def test_a_folder_that_cannot_be_written(project: Path) -> None:
    (project / "build").write_text("a file where a folder has to be", encoding="utf-8")
    code, said = minato(project, "check")
    assert (code, "Traceback" in said) == (2, False), said
    assert said.splitlines()[-1].startswith("E0-DISK ")


def test_a_table_in_another_encoding(project: Path) -> None:
    file = next((project / "data/published").rglob("t2-06.csv"))
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp932"))
    assert minato(project, "seal") == (0, "")
    code, said = minato(project, "check")
    assert (code, "Traceback" in said) == (1, False), said
    assert "E0-TEXT data/published/" in said


@pytest.mark.parametrize(
    ("loaded", "seconds"), [("signal", 0.02), ("minato_analysis.drafts.ladder", 0.2)]
)
def test_an_interruption_is_one_sentence_while_it_loads_and_while_it_works(
    project: Path, loaded: str, seconds: float
) -> None:
    start = (
        "import signal, sys; signal.signal(signal.SIGALRM, signal.default_int_handler)\n"
        f"from minato_analysis.__main__ import main; import {loaded}\n"
        f"signal.setitimer(signal.ITIMER_REAL, {seconds}); sys.argv[1:] = ['check']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", start],
        cwd=project,
        env={**os.environ, "MINATO_ROOT": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr.startswith("止めました。"), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
