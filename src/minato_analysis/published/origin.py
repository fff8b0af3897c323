"""With which files an edition is rebuilt: those at hand, or of an older edition those of its own commit.

In: the project folder, the name of an edition. Out: :class:`Origin`. Code and data move on after an edition
was published; rebuilt from its own commit it must be what it was. An edition after which nothing came is
held against the files at hand: that is what shows that they changed.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from minato_analysis.project import earlier, program
from minato_analysis.published import history, ledger, manifest


@dataclass(frozen=True)
class Origin:
    """Where the files an edition is rebuilt from lie.

    Attributes
    ----------
    root : Path
        A folder with these files and with the edition as it is published now.
    commit : str
        The commit they are taken from; empty for the files at hand.
    problem : str
        Why the files of the edition's own commit could not be had, where they should.
    """

    root: Path
    commit: str = ""
    problem: str = ""


def origin(root: Path, name: str, scratch: Path) -> Origin:
    """Return the files an edition is rebuilt from.

    Parameters
    ----------
    root : Path
        The project folder.
    name : str
        The edition.
    scratch : Path
        Where the files of a commit are put; must not exist.
    """
    found = _files(root, name, scratch)
    try:
        program.refuse_another(found.root)
    except program.ProgramError as error:
        return Origin(root, problem=str(error))
    return found


def _files(root: Path, name: str, scratch: Path) -> Origin:
    if not history.known(root) or not (root / "reports" / name / earlier.PARAMETERS).is_file():
        return Origin(root)
    if not earlier.past(root, name):
        return Origin(root)
    commit = history.commit(root, name).split(" ")[0]
    if not commit:
        return Origin(root)
    if history.cut_off(root, commit):
        return Origin(
            root,
            problem=f"E5-SHALLOW 版 {name} のコミットが、この複製にはありません（履歴の浅い複製）。"
            "`git fetch --unshallow` のあとで、もう一度実行してください。",
        )
    from minato_analysis.published import sources  # noqa: PLC0415 - a third of what verify loads
    from minato_analysis.published.errors import DifferenceError  # noqa: PLC0415

    try:
        sources.take_out(root, name, commit, scratch)
    except DifferenceError as error:
        return Origin(root, problem=str(error))
    folder = f"reports/{name}"
    shutil.rmtree(scratch / folder)
    shutil.copytree(root / folder, scratch / folder, ignore=_no_files)
    if (root / ledger.FILE).is_file():
        shutil.copyfile(root / ledger.FILE, scratch / ledger.FILE)
    return Origin(scratch, commit)


def _no_files(folder: str, names: list[str]) -> list[str]:
    """Return what cannot be copied to its end: pipes, devices."""
    paths = ((one, os.path.join(folder, one)) for one in names)
    return [one for one, path in paths if not os.path.isfile(path) and not os.path.isdir(path)]


def other_environment(root: Path, of: Origin) -> bool:
    """Tell whether the locks of the edition's commit are not those the installed environment follows."""
    return any(
        one.is_file() and one.read_bytes() != program.at(root, name).read_bytes()
        for name in manifest.LOCKS
        for one in [program.at(of.root, name)]
    )
