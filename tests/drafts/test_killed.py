"""`kill -9` at every step of an acceptance: the data are the old ones or the new ones, never a mixture."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from minato_analysis import data
from minato_analysis.drafts import ladder
from minato_analysis.drafts.accept import Document, accept
from minato_analysis.drafts.draft import drafts
from minato_analysis.drafts.unaccept import unaccept
from minato_analysis.published.lock import alone

DOCUMENT = Document("moj-2027-03", "2027-03-10", "架空の資料", "架空の提供元")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Run `work` in a fork that kills itself before its n-th rename; return whether it came that far."""
    child = os.fork()
    if child == 0:
        renames = 0
        replace = Path.replace

        def counted(self: Path, target: Any) -> Path:
            nonlocal renames
            renames += 1
            if renames == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return replace(self, target)

        Path.replace = counted  # type: ignore[method-assign]
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_kill_before_any_rename_leaves_the_data_readable_and_the_command_repeatable(
    drafted: Path,
) -> None:
    (draft,) = drafts(drafted)
    before = (drafted / data.DESCRIPTOR).read_bytes()
    steps = 0
    while killed_at(steps + 1, lambda: accept(drafted, draft, DOCUMENT)):
        steps += 1
        if steps <= len(draft.tables) + 1:
            assert (drafted / data.DESCRIPTOR).read_bytes() == before
        assert drafts(drafted) == [draft]
        assert not [one for step in ladder.climb(drafted) for one in step.errors]
        if steps == len(draft.tables) + 2:
            break  # the descriptor is new: the next run only removes the draft
    # one rename for each table, one for the descriptor, one that takes the draft away
    assert steps == len(draft.tables) + 2
    accept(drafted, draft, DOCUMENT)
    assert drafts(drafted) == []
    assert not [one for step in ladder.climb(drafted) for one in step.errors]
    assert not list((drafted / "data").rglob("*.tmp"))


def test_an_acceptance_is_taken_back_whole_wherever_that_is_killed(drafted: Path) -> None:
    folder = drafted / "data/drafts/2023"
    files = {one.name: one.read_bytes() for one in folder.iterdir()}
    before = (drafted / data.DESCRIPTOR).read_bytes()
    (draft,) = drafts(drafted)
    accept(drafted, draft, DOCUMENT)
    after = (drafted / data.DESCRIPTOR).read_bytes()
    kept = drafted / "data/published" / DOCUMENT.source_id
    steps = 0
    while killed_at(steps + 1, lambda: unaccept(drafted, DOCUMENT.source_id)):
        steps += 1
        now = (drafted / data.DESCRIPTOR).read_bytes()
        assert now in (before, after)
        assert not [one for step in ladder.climb(drafted) for one in step.errors]
        if now == before:
            break  # the document is out: the next run only removes its tables
    # the tables and the description of the draft, the descriptor, the folder of the document
    assert steps == len(files) + 2
    assert kept.is_dir()
    unaccept(drafted, DOCUMENT.source_id)
    assert not kept.exists()
    assert (drafted / data.DESCRIPTOR).read_bytes() == before
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == files


WAIT = """
import sys
from pathlib import Path
from minato_analysis.published.lock import alone
with alone(Path(sys.argv[1]), print):
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_two_commands_at_once_wait_for_each_other_and_say_so(tmp_path: Path) -> None:
    with alone(tmp_path, pytest.fail):
        second = subprocess.Popen(
            [sys.executable, "-u", "-c", WAIT, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert second.stdout is not None
        assert "終わるのを待っています" in second.stdout.readline()
        assert second.poll() is None
    assert second.stdout.readline() == "mine\n"
    told: list[str] = []
    second.send_signal(signal.SIGKILL)
    second.communicate()
    with alone(tmp_path, told.append):
        assert told == []
