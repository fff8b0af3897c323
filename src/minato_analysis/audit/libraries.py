"""The libraries of an edition as files: the wheels the lock files name, for machines without a network.

In: the project folder, and a folder of wheels or the index pip is set up for. Out: the wheels this machine
needs, or every machine of :data:`MACHINES`, each with a hash the lock names; ``make verify WHEELHOUSE=…``
installs from them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from minato_analysis.project import program
from minato_analysis.published.manifest import sha256
from minato_analysis.published.repository import pins

FOLDER = "libraries"
LOCKS = ("requirements-installer.lock", "requirements.lock")

_LINUX = (*(f"manylinux_2_{minor}" for minor in range(28, 16, -1)), "manylinux2014")
_GNU = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
_MAC = {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"}
_WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}

MACHINES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "Linux x86-64": (
        tuple(f"{one}_x86_64" for one in _LINUX),
        _GNU | {"platform_machine": "x86_64"},
    ),
    "Linux aarch64": (
        tuple(f"{one}_aarch64" for one in _LINUX),
        _GNU | {"platform_machine": "aarch64"},
    ),
    "macOS arm64": (("macosx_14_0_arm64",), _MAC | {"platform_machine": "arm64"}),
    "macOS x86-64": (("macosx_14_0_x86_64",), _MAC | {"platform_machine": "x86_64"}),
    "Windows x86-64": (("win_amd64",), _WINDOWS | {"platform_machine": "AMD64"}),
}
"""Kinds of machine: the tags of their wheels, and what the markers of the locks ask of them."""

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def start(every: bool) -> str:
    """Return what the bag's first file says of its libraries."""
    kinds = "、".join(MACHINES)
    here = (
        f"{kinds}（Python {PYTHONS[0]}～{PYTHONS[-1]}）"
        if every
        else "この保存用フォルダーを作ったのと同じ種類の計算機"
    )
    english = f"{', '.join(MACHINES)}" if every else "machines of the kind this bag was made on"
    return f"""
■ 通信できない計算機で使うには
  {FOLDER}/ に、{here}のためのライブラリがあります。
  data の中で、make verify に WHEELHOUSE=../{FOLDER} を付けて実行してください。

Without a network: {FOLDER}/ holds the libraries for {english}.
In data, add WHEELHOUSE=../{FOLDER} to `make verify`.
"""


class NoLibraries(RuntimeError):
    """Libraries that are not all there."""


class _Wanted(NamedTuple):
    """The libraries one kind of machine needs: lines of a lock without markers, and the options of pip."""

    names: list[str]
    lines: str
    options: list[str]


def gather(
    root: Path, folder: Path, wheelhouse: Path | None = None, *, every: bool = False
) -> list[Path]:
    """Put the wheels into `folder` and return them, by name.

    Parameters
    ----------
    root : Path
        The project folder.
    folder : Path
        An empty folder.
    wheelhouse : Path, optional
        Where the wheels are; without it pip fetches them.
    every : bool
        For every kind of machine and Python, not only for this one.

    Raises
    ------
    NoLibraries
        ``E5-LIBRARIES``: a library of the lock files is not to be had.
    """
    text = "".join(program.at(root, lock).read_text(encoding="utf-8") for lock in LOCKS)
    hashes = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))
    wanted = list(_every(text) if every else _here(text))
    if wheelhouse is None:
        for one in wanted:
            _fetch(one, folder)
    for file in sorted(wheelhouse.glob("*.whl")) if wheelhouse else ():
        if sha256(file.read_bytes()) in hashes:
            shutil.copyfile(file, folder / file.name)
    found = sorted(folder.iterdir())
    there = {_plain(file.name.split("-")[0]) for file in found}
    names = sorted({name for one in wanted for name in one.names})
    missing = [name for name in names if _plain(name) not in there]
    foreign = [file.name for file in found if sha256(file.read_bytes()) not in hashes]
    if missing or foreign:
        raise NoLibraries(
            f"E5-LIBRARIES {'、'.join((missing or foreign)[:5])}: ライブラリ{len(names)}個のうち"
            f"{len(missing)}個がなく、検査値の合わないファイルが{len(foreign)}個あります。"
            f"まず {wheelhouse or 'pip の設定'} と {'、'.join(LOCKS)} の版を確かめてください。"
        )
    return found


def _fetch(wanted: _Wanted, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        lock = Path(scratch) / "wanted.lock"
        lock.write_text(wanted.lines, encoding="utf-8")
        asked = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        asked += ["--no-deps", "--require-hashes", "--only-binary", ":all:", *wanted.options]
        done = subprocess.run(
            [*asked, "--dest", str(folder), "-r", str(lock)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()][-1:]
        raise NoLibraries(
            f"E5-LIBRARIES {' '.join(wanted.options)}: ライブラリを取得できませんでした（{''.join(said)}）。"
            "まず通信を確かめ、通信できなければ --wheelhouse でライブラリのフォルダーを指定してください。"
        )


def _here(text: str) -> Iterator[_Wanted]:
    yield _wanted(text, {}, [])


def _every(text: str) -> Iterator[_Wanted]:
    for tags, machine in MACHINES.values():
        for python in PYTHONS:
            options = [option for tag in tags for option in ("--platform", tag)]
            versions = {"python_version": python, "python_full_version": f"{python}.0"}
            yield _wanted(text, machine | versions, [*options, "--python-version", python])


def _wanted(text: str, machine: Mapping[str, str], options: list[str]) -> _Wanted:
    """Return what a machine needs: pip itself would hold the markers against the machine it runs on."""
    from packaging.markers import Marker  # noqa: PLC0415 - only here

    names, lines = [], []
    for name, (version, marker) in pins(text).items():
        if not marker or Marker(marker).evaluate(dict(machine)):
            names.append(name)
            entry = re.search(rf"(?m)^{re.escape(name)}==.*\\\n((?: .*\n?)*)", text)
            assert entry, name  # a closed lock: every line has its hashes
            lines.append(f"{name}=={version} \\\n{entry[1].rstrip()}\n")
    return _Wanted(names, "".join(lines), options)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
