"""A plugin of pytask: tasks that do not wait for each other run side by side.

In: pytask's session. Out: one report for each task, as its own loop makes them. Whether a task runs, and
what its products are checked for, stays pytask's business and happens in the main thread; only the bodies
of the tasks run in threads. They are short here, or wait for another process.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from _pytask.execute import pytask_execute_task
from pytask import ExecutionReport, hookimpl

from minato_analysis.execution import stop


@dataclass(frozen=True)
class SideBySide:
    """The plugin.

    Attributes
    ----------
    at_once : int
        Largest number of tasks at work.
    before_work : callable
        Called once, when the first task has to run.
    """

    at_once: int
    before_work: Callable[[], None]

    @hookimpl(tryfirst=True)
    def pytask_execute_build(self, session: Any) -> bool:
        """Run all tasks in place of pytask's own loop."""
        stop.forget()
        followers = {
            one.signature: len(session.scheduler.dag.descendants(one.signature))
            for one in session.tasks
        }
        begun = False
        ready: list[Any] = []
        working: dict[Future[None], Any] = {}
        with ThreadPoolExecutor(self.at_once) as pool:
            try:
                while session.scheduler.is_active() and not session.should_stop:
                    names = session.scheduler.get_ready(len(session.tasks))
                    ready += [session.dag.nodes[name] for name in names]
                    # What most others wait for goes first.
                    ready.sort(key=lambda one: (-followers[one.signature], one.name))
                    while ready and len(working) < self.at_once:
                        task = ready.pop(0)
                        if not _begin(session, task):
                            break  # others may be ready now
                        if not begun:
                            self.before_work()
                            begun = True
                        working[pool.submit(_work, session, task)] = task
                    else:
                        for done in wait(working, return_when=FIRST_COMPLETED).done:
                            _end(session, working.pop(done), done)
            except KeyboardInterrupt:
                session.should_stop = True
                stop.everything()
                for task in working.values():
                    _report(session, task, sys.exc_info())
        return True


def _begin(session: Any, task: Any) -> bool:
    """Tell whether a task has to run; report it if not."""
    session.hook.pytask_execute_task_log_start(session=session, task=task)
    try:
        session.hook.pytask_execute_task_setup(session=session, task=task)
    except Exception:
        _report(session, task, sys.exc_info())
        return False
    return True


def _work(session: Any, task: Any) -> None:
    start = time.time()
    pytask_execute_task(session=session, task=task)
    task.attributes["duration"] = start, time.time()


def _end(session: Any, task: Any, done: Future[None]) -> None:
    try:
        done.result()
        session.hook.pytask_execute_task_teardown(session=session, task=task)
    except Exception:
        _report(session, task, sys.exc_info())
    else:
        _report(session, task, None)


def _report(session: Any, task: Any, error: Any) -> None:
    report = (
        ExecutionReport.from_task_and_exception(task, error)
        if error
        else ExecutionReport.from_task(task)
    )
    session.hook.pytask_execute_task_process_report(session=session, report=report)
    session.hook.pytask_execute_task_log_end(session=session, task=task, report=report)
    session.execution_reports.append(report)
    session.scheduler.done(task.signature)
