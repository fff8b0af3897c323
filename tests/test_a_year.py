"""`docs/a-year.md` is true: its commands are run in a copy of the project, and say what the page quotes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PARTS = (
    "data",
    "docs",
    "notebooks",
    "reports",
    "src",
    "environment.yml",
    "publisher.yaml",
    "pyproject.toml",
    "pytask.lock",
    "requirements.lock",
    "requirements-lab.lock",
)
PROGRAM = """#!/bin/sh
PYTHONPATH="{root}/src" exec "{python}" -m minato_analysis "$@"
"""


def commands(page: str) -> list[tuple[str, str]]:
    """Return the commands of the console blocks with the output the page quotes."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", page, re.S):
        for part in re.split(r"(?m)^\$ ", block)[1:]:
            lines = part.splitlines()
            more = [line[2:] for line in lines[1:] if line.startswith("> ") or line == ">"]
            quoted = [line for line in lines[1:] if not (line.startswith("> ") or line == ">")]
            found.append(("\n".join([lines[0], *more]), "\n".join(quoted).strip()))
    return found


def says(quoted: str, output: str) -> bool:
    """Tell whether an output is what is quoted, `…` standing for anything."""
    pattern = ".*".join(map(re.escape, quoted.split("…")))
    return re.fullmatch(pattern, output.strip(), re.S) is not None


def test_quotes_are_read_as_meant() -> None:
    page = "```console\n$ one <<END\n> a\n> END\n$ two\nx …\n```\n"
    assert commands(page) == [("one <<END\na\nEND", ""), ("two", "x …")]
    assert says("a…\nc", "a b\nb\nc\n")
    assert not says("a…\nc", "a b\nb\n")


@pytest.fixture
def clone(complete: Path, tmp_path: Path) -> Path:
    for part in PARTS:
        source = complete / part
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, tmp_path / part)
    program = tmp_path / ".venv/bin/minato"
    program.parent.mkdir(parents=True)
    program.write_text(PROGRAM.format(root=tmp_path, python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


def test_the_year_runs_as_the_page_says(repository: Path, clone: Path) -> None:
    page = (repository / "docs/a-year.md").read_text(encoding="utf-8")
    known = {name: value for name, value in os.environ.items() if not name.startswith("MINATO_")}
    before = (clone / "reports/2024/facts.json").read_bytes()
    for command, quoted in commands(page):
        done = subprocess.run(
            ["bash", "-c", f"{command}" if "<<" in command else f"{command} 2>&1"],
            cwd=clone,
            env=known,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert says(quoted, done.stdout), f"$ {command}\n{done.stdout}{done.stderr}"
    assert (clone / "reports/2024/facts.json").read_bytes() == before
    assert (clone / "reports/2025/council_report.html").is_file()
