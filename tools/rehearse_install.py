"""Does the installation still work: with old and new pips, beside newer releases, without a network?

    python3 tools/rehearse_install.py [--pip VERSION …]      (or: make rehearse-install)

In: the lock files and the README, whose commands are run as printed. Out: a line a way on the terminal and in
``build/rehearsal/install.txt``; exit code 1 where one failed. The ways:

1. the README's lines for plain pip, each of the oldest pips of the supported Pythons and the newest;
2. ``make report``'s own way (``tools/install.py``);
3. the same from a folder of wheels with the network switched off (``unshare --net``, where that is allowed).

Every way runs beside an index that holds a newer release of every locked package (:mod:`newer_releases`).
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

import newer_releases

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build/rehearsal/install"
OLD_PIPS = ("22.3", "23.0.1", "23.2.1")
"""Python 3.11.0 brings 22.3, Debian 12 has 23.0.1, Python 3.12.1 brings 23.2.1."""

FILES = ("src", "tools", "pyproject.toml", "README.md", "LICENSE")


def main() -> int:
    """Go every way; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pip", nargs="*", default=[*OLD_PIPS, "newest"])
    asked = parser.parse_args()
    shutil.rmtree(PLACE, ignore_errors=True)
    future = PLACE / "newer"
    future.mkdir(parents=True)
    for name in newer_releases.names(ROOT):
        newer_releases.wheel(future, name)
    env = {**os.environ, "PIP_FIND_LINKS": str(future), "UV_FIND_LINKS": str(future)}
    lines = [
        tell(f"README, pip {one}", lambda one=one: by_the_readme(one, env)) for one in asked.pip
    ]
    lines.append(tell("tools/install.py", lambda: by_the_tool("tool", env)))
    lines.append(tell("a folder of wheels, no network", lambda: from_a_folder(env)))
    (PLACE.parent / "install.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if any("FAILED" in line for line in lines) else 0


def tell(way: str, go) -> str:
    """Go one way and say how it went."""
    began = time.monotonic()
    said = go()
    line = f"{way:32} {'FAILED' if said else 'installed':10} {time.monotonic() - began:6.1f} s"
    print(line, *(f"    {one}" for one in said.splitlines()[-6:]), sep="\n", flush=True)
    return line


def project(name: str) -> Path:
    """Return a fresh copy of what an installation reads."""
    folder = PLACE / name
    folder.mkdir()
    for one in (*FILES, *(lock.name for lock in ROOT.glob("requirements*.lock"))):
        source = ROOT / one
        if source.is_dir():
            shutil.copytree(source, folder / one, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / one)
    return folder


def by_the_readme(pip: str, env: dict[str, str]) -> str:
    """Run the README's lines for plain pip with this pip; return what went wrong."""
    folder = project(f"pip-{pip}")
    text = (folder / "README.md").read_text(encoding="utf-8")
    lines = (
        re.search(r"(?m)^python3 -m venv \.venv\n((?:\.venv/.*\n)+)", text).group(1).splitlines()
    )
    venv.create(folder / ".venv", with_pip=True)
    wanted = "pip" if pip == "newest" else f"pip=={pip}"
    first = f".venv/bin/python -m pip install --quiet --upgrade {wanted}"
    without_future = {name: one for name, one in env.items() if "FIND_LINKS" not in name}
    said = run(first.split(), folder, without_future)
    for line in lines:
        said = said or run(line.split(), folder, env)
    return said or run([".venv/bin/minato", "--help"], folder, env)


def by_the_tool(name: str, env: dict[str, str], before: tuple[str, ...] = ()) -> str:
    """Install as ``make report`` does; return what went wrong."""
    folder = project(name)
    tool = [*before, sys.executable, "-I", "-S", "tools/install.py", ".venv"]
    said = run([*tool, "requirements.lock", "--package"], folder, env)
    said = said or run([*tool, "requirements-test.lock"], folder, env)
    return said or run([".venv/bin/minato", "--help"], folder, env)


def from_a_folder(env: dict[str, str]) -> str:
    """Fetch the wheels, switch the network off, install from the folder; return what went wrong."""
    wheels = PLACE / "wheels"
    pip = [PLACE / "tool/.venv/bin/python", "-m", "pip", "download", "--quiet", "--no-deps"]
    pip += ["--require-hashes", "--only-binary", ":all:", "--dest", wheels]
    for lock in ("installer", "test"):
        if said := run([*pip, "-r", ROOT / f"requirements-{lock}.lock"], PLACE, env):
            return said
    alone = ("unshare", "--net", "--map-root-user")
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        alone = ()
        print("    (the network cannot be switched off here; --no-index alone)")
    return by_the_tool("offline", {**env, "MINATO_WHEELHOUSE": str(wheels)}, alone)


def run(command: list, folder: Path, env: dict[str, str]) -> str:
    """Run a command; return what it said where it failed."""
    done = subprocess.run(
        [str(one) for one in command],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr) or "failed without a word"


if __name__ == "__main__":
    sys.exit(main())
