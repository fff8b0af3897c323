"""A project folder that carries its own code runs that code, whichever installation the command came from.

In: the folder the command runs in. Out: nothing where that code is running already, or where the command
judges the folder: then the installed checker does, and nothing of the folder runs. Otherwise the command is
run again by the same interpreter with the project's code, in the place of this process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import minato_analysis

MARK = "data/datapackage.json"
CODE = "src/minato_analysis"
JUDGES = ("verify", "explain", "bundle", "workbook", "certify", "ledger")
"""Commands of the checker: it is not the checked one's."""

GIVEN = "MINATO_OWN_CODE"
"""Set for the second run, so that there is never a third."""


def hand_over() -> None:
    """Let the project's own code do the work, if it is not doing it already."""
    theirs = own_code(Path.cwd())
    running = Path(minato_analysis.__file__).resolve().parent
    judged = any(one in JUDGES for one in sys.argv[1:2])
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
    named = os.environ.get("MINATO_ROOT")
    folders = [Path(named)] if named else [here, *here.parents]
    root = next((one for one in folders if (one / MARK).is_file()), None)
    if root is None or not (root / CODE / "__init__.py").is_file():
        return None
    return (root / CODE).resolve()
