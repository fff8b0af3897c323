"""Runs chosen notebooks of a project copy with the pipeline that lies in it.

Started as a file, in a process of its own whose Python path begins with the copy: every module of the
package is then the copy's. This file therefore uses nothing of the package but the place of its pipeline.

In: the copy and the names of notebooks. Out: executed notebooks below ``build/``, and ``problems.json`` in
the copy: a list of sentences, empty when all went well.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

PROBLEMS = "problems.json"


def main(root: Path, notebooks: list[str]) -> None:
    """Run the tasks that execute these notebooks, and what they need."""
    import pytask  # noqa: PLC0415

    from minato_analysis.tasks import PIPELINE  # noqa: PLC0415 - of the copy

    session = pytask.build(
        paths=root / PIPELINE,
        config=root / "pyproject.toml",
        show_traceback=False,
        max_failures=1,
        expression=f"task_notebook and ({' or '.join(notebooks)})",
    )
    aside = (pytask.SkippedUnchanged, pytask.SkippedAncestorFailed, pytask.Skipped)
    reports: list[Any] = [*session.collection_reports, *session.execution_reports]
    failed = [one.exc_info[1] for one in reports if one.exc_info]
    found = [str(one) or type(one).__name__ for one in failed if not isinstance(one, aside)]
    if session.exit_code != pytask.ExitCode.OK and not found:
        found = [f"pytask: {session.exit_code.name}"]
    (root / PROBLEMS).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
