"""Where a project's program lies: in its own folder, or in the installed ``minato`` that it names.

In: a project folder. Out: the place of each file of its program. A project of data only names the program it
is made with in ``minato.yaml``: version, and the SHA-256 over all its files. It is run by that program and by
no other. Every file has the same relative name as in a project that carries its program, so records, rebuilds
and bags are the same; a file of that name in the project itself takes its place.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import yaml

import minato_analysis
from minato_analysis.project import yamls

PIN = "minato.yaml"
PACKAGE = "src/minato_analysis"

HOME = Path(minato_analysis.__file__).resolve().parents[2]
"""The folder of the running program: a checkout or what a bag holds."""

FOLDERS = ("src", "notebooks")
FILES = (
    "LICENSE",
    "Makefile",
    "data/sentences.yaml",
    "environment.yml",
    "postBuild",
    "pyproject.toml",
    "requirements-installer.lock",
    "requirements-lab.lock",
    "requirements-test.lock",
    "requirements.lock",
    "tools/install.py",
)
SPECIMEN = "notebooks/audit_specimen.txt"
"""Printed by a command from the data of the project it lies in; not for another."""


class ProgramError(ValueError):
    """A project whose program is not the one that is running; the text says which it is and what to do."""

    exit_code = 2


def pinned(root: Path) -> bool:
    """Tell whether a project names its program."""
    return (root / PIN).is_file()


def home(root: Path) -> Path:
    """Return the folder in which the program of a project lies."""
    own = (root / PACKAGE / "__init__.py").is_file() or not pinned(root)
    return root if own else HOME


def at(root: Path, name: str) -> Path:
    """Return the place of a file by its relative name: in the project, else in its program."""
    here = root / name
    if not pinned(root) or here.exists() or name == SPECIMEN:
        return here
    return home(root) / name if name in FILES or name.startswith(_BELOW) else here


_BELOW = tuple(f"{one}/" for one in FOLDERS)


def name_of(root: Path, file: Path) -> str:
    """Return the relative name of a file of a project or of its program."""
    return file.relative_to(root if file.is_relative_to(root) else home(root)).as_posix()


def notebooks(root: Path, pattern: str) -> list[Path]:
    """Return the files of the folder ``notebooks``, the project's own before those of its program."""
    folders = (home(root) / "notebooks", root / "notebooks")
    found = {one.name: one for folder in folders for one in folder.glob(pattern)}
    if home(root) != root and not (root / SPECIMEN).is_file():
        found.pop(Path(SPECIMEN).name, None)
    return [found[name] for name in sorted(found)]


def lent(root: Path) -> dict[str, Path]:
    """Return the files a project of data only has from the installed program, by their relative names."""
    if home(root) == root:
        return {}
    return {name: file for name, file in _files(HOME).items() if not (root / name).exists()}


def names(folder: Path) -> list[str]:
    """Return the relative names of the files of a program."""
    return sorted(_files(folder))


def _files(folder: Path) -> dict[str, Path]:
    found = [folder / name for name in FILES]
    for name in FOLDERS:
        for place, folders, names in os.walk(folder / name):
            folders[:] = [
                one
                for one in folders
                if one != "__pycache__"
                and not one.startswith(".")
                and not one.endswith((".egg-info", ".dist-info"))
            ]
            found += [Path(place, one) for one in names if not one.startswith(".")]
    named = {one.relative_to(folder).as_posix(): one for one in found if one.is_file()}
    named.pop(SPECIMEN, None)
    return named


def sha256() -> str:
    """Return the SHA-256 over the running program: its lines ``<sha256>  <path>``, sorted by path."""
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}\n"
        for name, file in sorted(_files(HOME).items())
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def running() -> dict[str, str]:
    """Return what names the running program.

    Raises
    ------
    ProgramError
        ``E0-INSTALLED``: without its notebooks.
    """
    if not (HOME / "notebooks").is_dir():
        raise ProgramError(
            f"E0-INSTALLED {HOME}: この minato には標準のノートブックがありません。minato のフォルダで "
            "pip install --no-deps --no-build-isolation -e . を実行して入れ直してください。"
        )
    try:
        number = version("minato-analysis")
    except PackageNotFoundError:
        number = ""
    return {"version": number, "code": sha256()}


def written(commit: str = "") -> str:
    """Return the text of ``minato.yaml`` for the running program, and of its commit where there is one."""
    about = running() | ({"commit": commit} if commit else {})
    head = (
        "# このプロジェクトを作る minato。移すには minato update / the program this is made with\n"
    )
    return head + yaml.safe_dump(about, sort_keys=False)


def refuse_another(root: Path) -> None:
    """Stop where a project names another program than the running one.

    Raises
    ------
    ProgramError
        ``E0-PROGRAM``.
    """
    if home(root) == root:
        return
    here, named = running(), yamls.read(root / PIN)
    wanted = named if isinstance(named, dict) else {}
    if wanted.get("code") == here["code"]:
        return
    place = (
        f"minato のフォルダで git checkout {wanted['commit']} を"
        if "commit" in wanted
        else "作った版の保存用フォルダ（minato bundle）の data の中で make report を"
    )
    raise ProgramError(
        f"E0-PROGRAM {PIN}: このプロジェクトを作った minato {_told(wanted)}は、今の minato "
        f"{_told(here)}と違います。今の minato に移すなら minato update を、もとの minato を使うなら、"
        f"{place}実行してください。"
    )


def _told(program: Mapping[str, object]) -> str:
    return f"{program.get('version', '?')}（{str(program.get('code', '?'))[:12]}）"
