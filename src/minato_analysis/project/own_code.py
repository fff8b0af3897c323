"""A project folder that carries its own code runs that code, whichever installation the command came from.

In: the folder the command runs in. Out: nothing where that code is running already, or where the command
judges the folder: then the installed checker does, and nothing of the folder runs. Otherwise the command is
run again by the same interpreter with the project's code, in the place of this process. A project without
code is run by the program that is here, if that is the one it names.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import minato_analysis
from minato_analysis.project import program

MARK = "data/datapackage.json"
JUDGES = ("verify", "explain", "bundle", "workbook", "certify", "ledger")
"""Commands of the checker: it is not the checked one's."""

TOLD = ("verify", "certify")
"""Commands whose verdict names the program that is missing: an edition may be older than its project."""

UPDATE = "update"
"""The command that takes a project to the program that is here."""

GIVEN = "MINATO_OWN_CODE"
"""Set for the second run, so that there is never a third."""


def hand_over() -> None:
    """Let the project's own code do the work, if it is not doing it already."""
    root = _project(Path.cwd())
    theirs = own_code(Path.cwd())
    command = sys.argv[1] if sys.argv[1:] else ""
    if root is not None and command[:1] not in ("", "-") and command not in (*TOLD, UPDATE):
        program.refuse_another(root)
    running = Path(minato_analysis.__file__).resolve().parent
    judged = command in (*JUDGES, UPDATE)
    if theirs is None or theirs == running or judged or os.environ.get(GIVEN):
        return
    # -P: a module that lies in the folder the command runs in must not stand in for a library.
    again = [sys.executable, "-P", "-m", "minato_analysis", *sys.argv[1:]]
    path = os.pathsep.join(filter(None, (str(theirs.parent), os.environ.get("PYTHONPATH"))))
    more = {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", GIVEN: str(theirs)}
    sys.stdout.flush()
    os.execve(sys.executable, again, {**os.environ, **more})  # what ends this process ends that one


def own_code(here: Path) -> Path | None:
    """Return the package folder of the project around `here`; None outside of one, or without code."""
    root = _project(here)
    if root is None or not (root / program.PACKAGE / "__init__.py").is_file():
        return None
    return (root / program.PACKAGE).resolve()


def _project(here: Path) -> Path | None:
    named = os.environ.get("MINATO_ROOT")
    folders = [Path(named)] if named else [here, *here.parents]
    return next((one for one in folders if (one / MARK).is_file()), None)
