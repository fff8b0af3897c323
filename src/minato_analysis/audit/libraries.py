"""The libraries of an edition as files: the wheels the lock files name, for machines without a network.

In: the project folder, and a folder of wheels or the index pip is set up for. Out: the wheels this machine
needs, each with a hash the lock names; ``make report WHEELHOUSE=…`` installs from them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from minato_analysis.audit.manifest import sha256
from minato_analysis.tasks.repository import pins

FOLDER = "libraries"
LOCKS = ("requirements-installer.lock", "requirements.lock")

START = f"""
■ 通信できない計算機で使うには
  {FOLDER}/ に、この保存用フォルダーを作ったのと同じ種類の計算機のためのライブラリがあります。
  data の中で、make report や make verify に WHEELHOUSE=../{FOLDER} を付けて実行してください。

Without a network: {FOLDER}/ holds the libraries for machines of the kind this bag was made on. In data,
add WHEELHOUSE=../{FOLDER} to `make report` or `make verify`.
"""


class NoLibraries(RuntimeError):
    """Libraries that are not all there."""


def gather(root: Path, folder: Path, wheelhouse: Path | None = None) -> list[Path]:
    """Put the wheels into `folder` and return them, by name.

    Parameters
    ----------
    root : Path
        The project folder.
    folder : Path
        An empty folder.
    wheelhouse : Path, optional
        Where the wheels are; without it pip fetches them.

    Raises
    ------
    NoLibraries
        ``E5-LIBRARIES``: a library of the lock files is not to be had.
    """
    text = "".join((root / lock).read_text(encoding="utf-8") for lock in LOCKS)
    hashes = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))
    if wheelhouse is None:
        _fetch(root, folder)
    for file in sorted(wheelhouse.glob("*.whl")) if wheelhouse else ():
        if sha256(file.read_bytes()) in hashes:
            shutil.copyfile(file, folder / file.name)
    found = sorted(folder.iterdir())
    there = {_plain(file.name.split("-")[0]) for file in found}
    missing = [name for name in _needed(text) if _plain(name) not in there]
    foreign = [file.name for file in found if sha256(file.read_bytes()) not in hashes]
    if missing or foreign:
        raise NoLibraries(
            f"E5-LIBRARIES {'、'.join((missing or foreign)[:5])}: ライブラリ{len(_needed(text))}個のうち"
            f"{len(missing)}個がなく、検査値の合わないファイルが{len(foreign)}個あります。"
            f"まず {wheelhouse or 'pip の設定'} と {'、'.join(LOCKS)} の版を確かめてください。"
        )
    return found


def _fetch(root: Path, folder: Path) -> None:
    for lock in LOCKS:
        asked = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        asked += ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
        asked += ["--dest", str(folder), "-r", str(root / lock)]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.strip()][-1:]
            raise NoLibraries(
                f"E5-LIBRARIES {lock}: ライブラリを取得できませんでした（{''.join(said)}）。"
                "まず通信を確かめ、通信できなければ --wheelhouse でライブラリのフォルダーを指定してください。"
            )


def _needed(text: str) -> list[str]:
    """Return the packages this machine needs, by the markers of the lock files."""
    from packaging.markers import Marker  # noqa: PLC0415 - only here

    return [
        name for name, (_, marker) in pins(text).items() if not marker or Marker(marker).evaluate()
    ]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
