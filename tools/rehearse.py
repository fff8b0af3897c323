"""Will it run next year? Build and test the project with the newest versions of everything it uses.

    .venv/bin/python tools/rehearse.py [--without-tests]      (or: make rehearse)

In: the written files of the project. Out: ``build/rehearsal/report.txt`` and the same on the terminal: which
versions are newer than the lock, whether the edition builds, which numbers, data, texts and bytes moved,
which tests fail. The locked environment and the published edition are not touched.

Exit code 0: builds, no number moved, tests pass; 1: read the report before ``make lock``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterable
from pathlib import Path

from minato_analysis.audit import compare
from minato_analysis.project import editions
from minato_analysis.published import hermetic

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build/rehearsal"
MOST = 40
"""Lines of one kind that are printed."""


def main() -> int:
    """Rehearse; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without-tests", action="store_true")
    arguments = parser.parse_args()
    shutil.rmtree(PLACE, ignore_errors=True)
    project = hermetic.copy(ROOT, PLACE / "project")
    python = newest_environment(PLACE / "venv")
    lines = [*moved_versions(python), ""]
    built = run([python, "-m", "minato_analysis", "report"], project)
    lines.append("edition: built" if not built.returncode else "edition: NOT BUILT")
    good = not built.returncode
    if good:
        found = compare.compare(ROOT, project, editions.names(ROOT)[-1])
        good = not found.levels["L1"].different
        lines += [
            f"{level}: {one.identical} identical, {one.within} within tolerance, {one.different} different"
            for level, one in found.levels.items()
        ]
        lines += some([f"  {one.code} {one.place}: {one.message}" for one in found.findings])
    else:
        lines += some(built.stderr.splitlines() or built.stdout.splitlines())
    if not arguments.without_tests:
        tested = run([python, "-m", "pytest", "-p", "no:cacheprovider"], project)
        good = good and not tested.returncode
        failed = [one for one in tested.stdout.splitlines() if one.startswith(("FAILED", "ERROR"))]
        last = (tested.stdout.strip().splitlines() or ["no output"])[-1]
        lines += ["", f"tests: {last}", *some(failed)]
    text = "\n".join(lines) + "\n"
    (PLACE / "report.txt").write_text(text, encoding="utf-8")
    print(text, end="")
    return 0 if good else 1


def newest_environment(place: Path) -> str:
    """Make an environment with the newest versions the registry has; return its interpreter."""
    venv.create(place, with_pip=True)
    python = str(place / "bin/python")
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = about["dependency-groups"]
    wanted = [*about["project"]["dependencies"], *groups["build"], *groups["test"]]
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
    subprocess.run([*pip, *wanted], check=True)
    source = ["--no-deps", "--no-build-isolation", "-e", str(PLACE / "project")]
    subprocess.run([*pip, *source], check=True)
    return python


def moved_versions(python: str) -> list[str]:
    """Return a line for each locked package whose newest version is another one."""
    told = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"],
        check=True,
        capture_output=True,
    )
    newest = {normal(one["name"]): one["version"] for one in json.loads(told.stdout)}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {normal(name): version for name, version in re.findall(r"(?m)^([\w.-]+)==(\S+)", lock)}
    moved = [
        f"  {name} {locked[name]} -> {newest[name]}"
        for name in sorted(locked.keys() & newest.keys())
        if locked[name] != newest[name]
    ]
    added = sorted(newest.keys() - locked.keys() - {"pip", "setuptools", "minato-analysis"})
    return [
        f"versions: {len(moved)} of {len(locked)} locked packages have a newer one",
        *moved,
        *([f"  not in the lock: {', '.join(added)}"] if added else []),
    ]


def normal(name: str) -> str:
    """Return a package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def run(command: list[str], project: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the new environment in the copy."""
    steering = ("MINATO_", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return subprocess.run(
        command, cwd=project, env=kept, capture_output=True, text=True, check=False
    )


def some(lines: Iterable[str]) -> list[str]:
    """Return the first lines, and how many there are more."""
    found = list(lines)
    rest = len(found) - MOST
    return [*found[:MOST], *([f"  … and {rest} more"] if rest > 0 else [])]


if __name__ == "__main__":
    sys.exit(main())
