"""A call in another process: the same result, the same error, nothing left behind."""

from __future__ import annotations

import os
import py_compile
import sys
import time
from pathlib import Path

import pytest

from minato_analysis.execution import parents, stop
from minato_analysis.execution.answer import ElsewhereError
from minato_analysis.execution.apart import CallFailed, apart
from minato_analysis.execution.environment import environment

MODULE = """
import os, signal

class Odd(ValueError):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")

def where(*given, **named):
    return os.getpid(), os.getcwd(), os.environ["PYTHONHASHSEED"], given, named

def refuse(kind):
    raise KeyError("E1-X: no") if kind == "plain" else Odd("one", "two")

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def lose_parent(here):
    if os.getpid() != here:
        os.kill(os.getppid(), signal.SIGKILL)
        signal.pause()
    return "here"
"""


@pytest.fixture
def root(tmp_path: Path, few_libraries: list[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder, and a module that both sides can import."""
    (tmp_path / "called_apart.py").write_text(MODULE, encoding="utf-8")
    # A parent is not taken where its folders changed within a tick of its start, or while it imports.
    py_compile.compile(str(tmp_path / "called_apart.py"))
    time.sleep(2 * parents.CLOCK_TICK_NS / 1e9)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "called_apart", raising=False)
    return tmp_path


@pytest.mark.skipif(not parents.CAN_FORK, reason="no fork here")
def test_arguments_and_result_travel_and_the_call_is_elsewhere(root: Path) -> None:
    pid, folder, seed, given, named = apart(root, "called_apart:where", Path("x"), [1], key="値")
    assert pid != os.getpid()
    assert folder == str(root)
    assert seed == "0"
    assert given == (Path("x"), [1])
    assert named == {"key": "値"}


@pytest.mark.parametrize(
    ("kind", "error", "text"),
    [("plain", KeyError, "E1-X: no"), ("odd", ElsewhereError, "^one and two$")],
)
def test_an_error_travels_with_its_words(
    root: Path, kind: str, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        apart(root, "called_apart:refuse", kind)


@pytest.mark.skipif(not parents.CAN_FORK, reason="no fork here")
def test_a_killed_call_is_one_sentence(root: Path) -> None:
    with pytest.raises(CallFailed) as failed:
        apart(root, "called_apart:die")
    assert str(failed.value).startswith(
        "E3-CALL called_apart:die: 途中で終わりました（SIGKILL）。メモリー"
    )
    source = parents.parent(environment(root), root)
    parents.release(source)
    assert source.users == 0
    assert sorted(one.name for one in source.folder.iterdir()) == ["in-use", "read.json"]


def test_a_lost_parent_costs_nothing_but_time(root: Path) -> None:
    assert apart(root, "called_apart:lose_parent", os.getpid()) == "here"


@pytest.mark.parametrize("why", ["plain engine", "no fork"])
def test_without_a_fork_the_call_is_here(
    root: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "no fork":
        monkeypatch.setattr(parents, "CAN_FORK", False)
    else:
        monkeypatch.setenv("MINATO_ENGINE", "plain")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    pid, _, seed, *_ = apart(root, "called_apart:where")
    assert (pid, seed) == (os.getpid(), "7")


@pytest.mark.skipif(not parents.CAN_FORK, reason="no fork here")
def test_after_a_stop_nothing_is_tried_again(root: Path) -> None:
    stop.everything()
    try:
        with pytest.raises(CallFailed, match="SIGKILL"):
            apart(root, "called_apart:where")
    finally:
        stop.forget()
    assert apart(root, "called_apart:where")[0] != os.getpid()
