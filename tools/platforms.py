"""Which machines can take the locks: every wheel asked for by platform and Python, nothing installed.

    .venv/bin/python tools/platforms.py

In: the lock files. Out: a table; exit code 1 where a lock cannot be installed somewhere. A wheel that
exists has not been run: the README says on which machines the report was really built.
"""

import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = (
    "requirements.lock",
    "requirements-test.lock",
    "requirements-lab.lock",
    "requirements-docs.lock",
)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "Linux aarch64": "aarch64-manylinux_2_28",
    "macOS arm64": "aarch64-apple-darwin",
    "macOS x86-64": "x86_64-apple-darwin",
    "Windows x86-64": "x86_64-pc-windows-msvc",
}


def missing(lock: str, platform: str, python: str) -> str:
    """Return why a lock cannot be installed there, or nothing."""
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    with tempfile.TemporaryDirectory() as folder:
        asked = [uv, "pip", "install", "--quiet", "--dry-run", "--no-deps", "--require-hashes"]
        asked += ["--only-binary", ":all:", "--target", folder, "-r", ROOT / lock]
        asked += ["--python-platform", platform, "--python-version", python]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip()


def main() -> int:
    """Print the table."""
    found = {
        (name, python, lock): missing(lock, platform, python)
        for name, platform in PLATFORMS.items()
        for python in PYTHONS
        for lock in LOCKS
    }
    for (name, python, lock), why in found.items():
        print(f"{name:15} {python:5} {lock:24} {'resolved' if not why else 'MISSING'}")
        if why:
            print("   ", *why.splitlines()[-4:], sep="\n    ")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
