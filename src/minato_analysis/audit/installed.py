"""The libraries and start-up hooks of the auditor's Python: an altered one must not blame the publisher.

In: this Python. Out: findings. Every file of an installed distribution is held against the hash its wheel
brought (``RECORD``); what Python runs or reads by itself when it starts is named. Whoever rewrites RECORD as
well is seen only by an environment made anew from the lock (``minato verify --fresh``): pip holds what it
installs to the hashes of the lock.
"""

from __future__ import annotations

import base64
import csv
import functools
import hashlib
import os
import sysconfig
from importlib.metadata import distributions
from pathlib import Path

from minato_analysis.audit.shadows import HOOKS
from minato_analysis.published.verdict import Finding

KINDS = (".py", ".so", ".pyd", ".pth")
"""What Python runs or reads at its start."""

STEERING = ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "PYTHONINSPECT", "LD_PRELOAD")
"""Variables that let other code run in the checker; the rebuild does not get those of Python."""


def findings(site: Path | None = None) -> list[Finding]:
    """Return what is not as it was installed (the audit must stop), and what runs at the start (a note)."""
    site = site or Path(sysconfig.get_path("purelib"))
    found = []
    for name, file in altered(site):
        message = (
            f"ライブラリ {name} のファイルが、入れたときと違います。この環境では確かめられません。"
        )
        found.append(Finding("E5-ENVIRONMENT", "environment", file, message, "incomplete"))
    hooks = [
        *_hooks(site),
        *(f"{one}={os.environ[one]}" for one in STEERING if os.environ.get(one)),
    ]
    if hooks:
        message = f"起動時に読まれるもの: {'、'.join(hooks)}。"
        found.append(Finding("N5-HOOKS", "environment", "Python", message, "note"))
    return found


@functools.cache  # some seconds; the libraries of a running program do not change
def altered(site: Path) -> tuple[tuple[str, str], ...]:
    """Return distribution and file wherever a file is not the one its wheel brought."""
    found = []
    for one in distributions(path=[str(site)]):
        # Read here: `files` leaves out what is missing.
        for name, expected, *_ in csv.reader((one.read_text("RECORD") or "").splitlines()):
            algorithm, _, value = expected.partition("=")
            if not value or not name.endswith(KINDS):
                continue
            try:
                content = (site / name).read_bytes()
            except OSError:
                content = b""
            digest = hashlib.new(algorithm, content).digest()
            if base64.urlsafe_b64encode(digest).decode().rstrip("=") != value:
                found.append((one.name, name))
    return tuple(found)


def _hooks(site: Path) -> list[str]:
    recorded = {str(file) for one in distributions(path=[str(site)]) for file in one.files or ()}
    own = [one.name for one in sorted(site.glob("*.pth")) if one.name not in recorded]
    return own + [f"{one}.py" for one in HOOKS if (site / f"{one}.py").exists()]
