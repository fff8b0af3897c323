"""Makes the pages of many areas on this machine: codes in, finished pages out as they come.

Each processor gets a warm process (:mod:`minato_analysis.areas.worker`) that is given one batch after
another. A page that stops its process costs this page only: the rest of the batch goes on in a new one.
``MINATO_ENGINE=plain`` makes every page with an ordinary kernel instead, the reference for the tests; so does
a system without fork.
"""

from __future__ import annotations

import json
import os
import queue
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from minato_analysis.areas.inputs import input_of
from minato_analysis.areas.making import Made, make
from minato_analysis.execution.environment import environment
from minato_analysis.execution.parents import CAN_FORK
from minato_analysis.execution.run import CELL_SECONDS, NotebookFailed, chosen_engine, run
from minato_analysis.numbers.facts import FactError
from minato_analysis.project import program
from minato_analysis.reporting.errors import ReportError

BATCH = 40
"""Pages made by one fork, at most."""

START_SECONDS = 120
"""Time a warm process may take to load its libraries, beside what a page may take."""


class Maker(Protocol):
    """Something that makes the pages of a batch, and can be closed."""

    def make(self, codes: Sequence[str]) -> Iterator[Made]:
        """Yield each page when it is finished, or the sentence that says why there is none."""
        ...

    def close(self) -> None:
        """End all processes."""
        ...


class _Lost(RuntimeError):
    """The warm process is gone."""


class _TooLong(RuntimeError):
    """Nothing has come for as long as a cell may take."""


class WarmMaker:
    """A warm process, started when it is first needed and again when it is lost."""

    def __init__(self, root: Path, run: str) -> None:
        self._root, self._run = root, run
        self._seconds = int(os.environ.get("MINATO_CELL_SECONDS") or CELL_SECONDS)
        self._process: subprocess.Popen[bytes] | None = None
        self._said: Any = None

    def make(self, codes: Sequence[str]) -> Iterator[Made]:
        """Yield the pages of a batch, in order."""
        waiting, lost_at = list(codes), ""
        while waiting:
            try:
                ended = None
                for message in self._asked(waiting):
                    ended = message.get("ended")
                    if "code" in message:
                        waiting.remove(message["code"])
                        yield Made(**{**message, "facts": tuple(message["facts"])})
                if waiting:
                    code = waiting.pop(0)
                    yield Made(code, problem=_stopped(code, ended, self._last_words()))
            except _TooLong:
                self.close()
                code = waiting.pop(0)
                yield Made(
                    code,
                    problem=f"E8-TIMEOUT {code}: {self._seconds} 秒たってもページができないので止めました。"
                    "時間のかかる計算なら MINATO_CELL_SECONDS に秒数を指定してください。",
                )
            except _Lost as lost:
                self.close()
                # The first time it is taken for an accident that had nothing to do with this area.
                if waiting and lost_at == waiting[0]:
                    code = waiting.pop(0)
                    yield Made(
                        code, problem=f"E8-WORKER {code}: 作成中のプロセスが2度失われました。{lost}"
                    )
                elif waiting:
                    lost_at = waiting[0]

    def _asked(self, codes: list[str]) -> Iterator[dict[str, Any]]:
        """Yield the answers to one batch, the last of them with ``ended``."""
        process = self._started()
        assert process.stdin
        try:
            process.stdin.write((json.dumps(codes) + "\n").encode())
            process.stdin.flush()
        except OSError:
            raise _Lost(self._last_words()) from None
        rest, seconds = b"", self._seconds + START_SECONDS
        while True:
            *lines, rest = (rest + self._read(process, seconds)).split(b"\n")
            for line in lines:
                message = json.loads(line)
                seconds = self._seconds
                yield message
                if "ended" in message:
                    return

    def _read(self, process: subprocess.Popen[bytes], seconds: float) -> bytes:
        assert process.stdout
        number = process.stdout.fileno()
        if not select.select([number], [], [], seconds)[0]:
            raise _TooLong
        if not (found := os.read(number, 1 << 20)):
            raise _Lost(self._last_words())
        return found

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
            command = [sys.executable, "-m", "minato_analysis.areas.worker"]
            self._process = subprocess.Popen(
                [*command, str(self._root), self._run],
                env=environment(self._root),
                cwd=self._root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                start_new_session=True,  # Ctrl-C reaches this process only, which then ends the other
            )
        return self._process

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def close(self) -> None:
        """End the process and its fork."""
        if (process := self._process) and process.stdin:
            self._process = None
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            with suppress(BrokenPipeError):  # what a lost process was not told any more
                process.stdin.close()
            with process:
                pass
            self._said.close()


def _stopped(code: str, ended: int | None, said: str) -> str:
    how = said or f"終了コード {ended}"
    if ended is not None and ended < 0:
        how = signal.Signals(-ended).name
    hint = "メモリーが足りないときにも起こります。" if how == "SIGKILL" else ""
    return f"E8-STOPPED {code}: ページの作成が途中で終わりました（{how}）。{hint}もう一度実行してください。"


class PlainMaker:
    """Makes every page with an ordinary kernel."""

    def __init__(self, root: Path, run: str) -> None:
        self._root, self._run = root, run

    def make(self, codes: Sequence[str]) -> Iterator[Made]:
        """Yield the pages of a batch, in order."""
        for code in codes:
            try:
                yield make(self._root, self._run, code, self._executor(code))
            except (NotebookFailed, ReportError, FactError) as error:
                yield Made(code, problem=f"{error}（{code}）")

    def _executor(self, code: str) -> Callable[[str, Mapping[str, Any]], Mapping[str, Any]]:
        def execute(notebook: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
            import nbformat  # noqa: PLC0415

            with tempfile.TemporaryDirectory() as folder:
                output = Path(folder) / "executed.ipynb"
                run(
                    program.at(self._root, notebook),
                    output,
                    parameters,
                    root=self._root,
                    inputs=[input_of(self._run, code)],
                    engine="plain",
                )
                executed: Mapping[str, Any] = nbformat.read(output, as_version=4)
                return executed

        return execute

    def close(self) -> None:
        """Nothing stays open."""


def maker(root: Path, run: str) -> Maker:
    """Return a maker of the engine that is chosen."""
    warm = chosen_engine() == "warm" and CAN_FORK
    return WarmMaker(root, run) if warm else PlainMaker(root, run)


def batches(codes: Sequence[str], jobs: int) -> Iterator[list[str]]:
    """Yield the codes in batches: small enough that all processors end at about the same time."""
    size = max(1, min(BATCH, -(-len(codes) // (4 * jobs))))
    for start in range(0, len(codes), size):
        yield list(codes[start : start + size])


def here(root: Path, run: str, codes: Sequence[str], jobs: int) -> Iterator[Made]:
    """Make pages with `jobs` processes at once; yield each when it is finished.

    No more than a few finished pages wait to be taken, so memory does not grow with their number.
    """
    waiting = queue.SimpleQueue[list[str]]()
    for batch in batches(codes, jobs):
        waiting.put(batch)
    finished: queue.Queue[Made | BaseException | None] = queue.Queue(maxsize=2 * jobs)
    stop = threading.Event()

    def work() -> None:
        own = maker(root, run)
        try:
            while not stop.is_set():
                for made in own.make(waiting.get_nowait()):
                    _put(finished, made, stop)
        except queue.Empty:
            pass
        except BaseException as error:  # told in the thread that waits
            _put(finished, error, stop)
        finally:
            own.close()
            _put(finished, None, stop)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(jobs)]
    for one in threads:
        one.start()
    try:
        ended = 0
        while ended < jobs:
            one_made = finished.get()
            if isinstance(one_made, BaseException):
                raise one_made
            ended += one_made is None
            if one_made is not None:
                yield one_made
    finally:
        stop.set()
        for one in threads:
            one.join(timeout=60)


def _put(finished: queue.Queue[Any], item: object, stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(queue.Full):
            finished.put(item, timeout=0.2)
            return
