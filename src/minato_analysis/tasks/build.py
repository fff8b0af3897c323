"""Run the pipeline for one edition and say what went wrong in sentences."""

from __future__ import annotations

import importlib
import os
import sys
import threading
from pathlib import Path
from typing import Any

from minato_analysis.execution.environment import processors
from minato_analysis.execution.run import NotebookFailed, chosen_engine
from minato_analysis.project import editions, program
from minato_analysis.tasks import PIPELINE

TASKS = "minato_analysis.tasks.task_pipeline"
"""The module pytask makes of :data:`PIPELINE`."""

NEEDED = ("minato_analysis.execution.kernel", "papermill", "rocrate.rocrate")
"""Imported by tasks when they run; together they take a second."""


def build(root: Path, edition: str, page: str = "") -> list[str]:
    """Run every task whose inputs have changed; return the problems, none when all is well.

    Makes ``build/<edition>/``, or of it one page and what that page needs; what is published stays as it is.
    What was built from what is recorded beside it (:mod:`minato_analysis.tasks.work_lock`).
    """
    try:
        at_once = _at_once()
        if not list((root / "build" / edition / "notebooks").glob("*.ipynb")):
            begin_to_load(root)
    except (NotebookFailed, ValueError) as error:
        return [str(error)]
    import pytask  # noqa: PLC0415 - 0.5 s

    steering = {"MINATO_EDITION": edition, "MINATO_ROOT": str(root)}
    before = {name: os.environ.get(name) for name in steering}
    os.environ |= steering
    try:
        pytask.storage.store(_plugins(root, at_once))
        sys.modules.pop(TASKS, None)  # pytask collects nothing from a module that is already there
        session = pytask.build(
            command="build",  # takes the plugins that are stored
            root=root,
            config=program.at(root, "pyproject.toml"),
            paths=[program.at(root, PIPELINE)],
            exclude=[],
            capture=pytask.CaptureMethod.NO,
            show_traceback=False,
            expression=f"task_page[{edition}-{page}]" if page else "",
        )
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
    if session.exit_code == pytask.ExitCode.OK:
        _forget_vanished_tasks(session, root, edition)
        return []
    reports: list[Any] = [*session.collection_reports, *session.execution_reports]
    skipped = pytask.Skipped, pytask.SkippedUnchanged, pytask.SkippedAncestorFailed
    sentences = [
        _sentence(one.exc_info[1])
        for one in reports
        if one.exc_info and not isinstance(one.exc_info[1], skipped)
    ]
    return list(dict.fromkeys(sentences)) or [f"E3-BUILD pytask: {session.exit_code.name}"]


def _at_once() -> int:
    """Return how many tasks may run at once: ``$MINATO_AT_ONCE``, else as many as there are processors."""
    given = os.environ.get("MINATO_AT_ONCE") or str(processors())
    if not given.isdecimal() or int(given) < 1:
        raise ValueError(f"E3-AT-ONCE MINATO_AT_ONCE={given}: 1以上の整数にしてください。")
    return int(given)


def begin_to_load(root: Path) -> None:
    """Let the libraries of the notebooks load in another process, where notebooks will run in forks of it."""
    if chosen_engine() == "warm":
        from minato_analysis.execution.parents import prepare  # noqa: PLC0415

        prepare(root)


def load_meanwhile(root: Path) -> None:
    """Load what this process needs for its tasks too, while it waits for the other one."""
    begin_to_load(root)

    def load() -> None:
        for name in NEEDED:
            importlib.import_module(name)

    threading.Thread(target=load, daemon=True).start()


def _plugins(root: Path, at_once: int) -> Any:
    """Return pytask's plugins with ours, and without its database.

    ``pytask.lock`` holds all that the database would; writing both takes longer than most tasks.
    """
    import pytask  # noqa: PLC0415

    from minato_analysis.tasks.side_by_side import SideBySide  # noqa: PLC0415
    from minato_analysis.tasks.work_lock import WorkLock  # noqa: PLC0415

    plugins = pytask.get_plugin_manager()
    plugins.unregister(name="_pytask.database")
    plugins.register(SideBySide(at_once, lambda: load_meanwhile(root)))
    plugins.register(WorkLock(root))
    return plugins


def _forget_vanished_tasks(session: Any, root: Path, edition: str) -> None:
    """Drop entries of tasks that no longer exist, so that the lock follows from the sources alone.

    Entries of the other editions stay: their tasks were not collected in this run.
    """
    from _pytask.lockfile import build_portable_task_id  # noqa: PLC0415 - public in effect, see `pytask lock`

    state = session.config["lockfile_state"]
    collected = {build_portable_task_id(task, root) for task in session.tasks}
    others = tuple(
        f"[{name}{end}" for name in editions.names(root) if name != edition for end in "-]"
    )
    vanished = {
        one for one in state.task_ids() - collected if not any(other in one for other in others)
    }
    state.remove_task_entries(vanished)
    state.flush()


def _sentence(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "E3-STOPPED 途中で止めました。もう一度実行すると、終わっているところの次から始まります。"
    text, kind = str(error), getattr(error, "kind", type(error).__name__)
    return text if text[:1] == "E" and "-" in text[:12] else f"E3-BUILD {kind}: {text}"


def doors(root: Path, edition: str) -> list[tuple[Path, str]]:
    """Return the pages a reader opens first."""
    folder = root / "reports" / edition
    return [
        (folder / "index.html", "入口 / front page"),
        (folder / "council_report.html", "会議で読む / council report"),
        (folder / "01_data_quality.html", "数値を確かめる / data quality"),
    ]
