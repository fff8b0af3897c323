"""What every process that works for the project sees: environment variables and processors."""

from __future__ import annotations

import os
from pathlib import Path

from minato_analysis.project.prose_cells import UNATTENDED

FIXED_ENVIRONMENT = {
    UNATTENDED: "1",
    "PYTHONHASHSEED": "0",
    # One thread: sums are then added in one order on every machine.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "TZ": "UTC",
}

OF_THIS_PROCESS = ("MINATO_EDITION", "PYARROW_IGNORE_TIMEZONE", "SPARK_LOCAL_IP")
"""Which edition this process builds, and what pandera sets on import: the others set their own."""


def environment(root: Path) -> dict[str, str]:
    """Return the environment of every kernel of the project."""
    given = {name: value for name, value in os.environ.items() if name not in OF_THIS_PROCESS}
    return {**given, **FIXED_ENVIRONMENT, "MINATO_ROOT": str(root)}


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
