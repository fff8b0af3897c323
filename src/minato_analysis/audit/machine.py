"""On what the audit ran: for the verdict only, never for a file that must be reproducible."""

from __future__ import annotations

import os
import platform
import re
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from minato_analysis.project import program
from minato_analysis.published import hermetic

SHOWN = (
    "numpy",
    "scipy",
    "pandas",
    "statsmodels",
    "matplotlib",
    "nbconvert",
    "papermill",
    "pytask",
)
STEERING = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "PYTHONHASHSEED",
    "TZ",
    "LANG",
)
"""Variables that could change a result; notebooks run with their own (one thread, fixed seed)."""

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.M)


def environment(root: Path) -> dict[str, Any]:
    """Return interpreter, platform, processor, BLAS, versions, and what differs from the lock file."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "processor": _processor(),
        "blas": _blas(),
        "versions": {name: found for name in SHOWN if (found := installed(name))},
        "not_as_locked": not_as_locked(root),
        "enclosed": bool(hermetic.enclosure(Path(tempfile.gettempdir()))),
        "variables": {name: os.environ[name] for name in STEERING if name in os.environ},
    }


def installed(name: str) -> str:
    """Return the installed version of a package, empty when there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def not_as_locked(root: Path) -> dict[str, str]:
    """Return the installed packages whose version is not the locked one: ``{name: "2.4.6 ≠ 2.4.5"}``.

    A package that is not installed is left out: the lock file also holds those of other platforms.
    """
    pins = _PIN.findall(program.at(root, "requirements.lock").read_text(encoding="utf-8"))
    return {
        name: f"{found} ≠ {wanted}"
        for name, wanted in pins
        if (found := installed(name)) and found != wanted
    }


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    if file.is_file():
        named = re.search(r"^model name\s*: (.*)$", file.read_text(errors="replace"), re.M)
        if named:
            return named[1].strip()
    return platform.processor() or platform.machine()


def _blas() -> str:
    import numpy as np  # noqa: PLC0415 - the full audit only

    built: Any = np.show_config(mode="dicts")
    found = built["Build Dependencies"]["blas"]
    return f"{found['name']} {found['version']}"
