"""A warm kernel is a fresh kernel: same view, nothing shared, an ordinary one if in doubt."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from tests.execution.made_up import notebook, printed

from minato_analysis.execution import parents
from minato_analysis.execution.environment import environment
from minato_analysis.execution.run import run

FROM_PARENT = "'forkserver' in open(f'/proc/{os.getppid()}/cmdline').read()"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="warm kernels exist on Linux only"),
    pytest.mark.usefixtures("few_libraries"),
]


def executed(root: Path, *sources: str, engine: str = "warm") -> str:
    """Run the sources as cells; return what they print."""
    output = root / f"build/{engine}.ipynb"
    run(notebook(root, *sources), output, {}, root=root, inputs=(), engine=engine)
    return printed(output)


def test_both_kinds_see_the_same_world(project: Path) -> None:
    source = """
import ctypes, locale, os, resource, signal, sys, time
own = ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JPY_PARENT_PID")
print({name: value for name, value in os.environ.items() if name not in own})
print(sys.argv[0], sys.argv[1], sys.argv[3:], sys.path, sys.flags, sys.executable, os.getcwd())
print(__name__, hash("hash seed"), locale.getlocale(), time.tzname, os.nice(0), signal.getsignal(2))
print(os.getsid(0) == os.getpid(), os.fstat(0).st_mode == 0, sys.stdin.isatty(), who)
umask = os.umask(0); os.umask(umask); print(umask, resource.getrlimit(resource.RLIMIT_NOFILE))
"""
    assert executed(project, source) == executed(project, source, engine="plain")
    found = executed(project, f"import os; print({FROM_PARENT})")
    assert found.strip() == "True", "the comparison was of two ordinary kernels"


def test_kernels_share_nothing(project: Path) -> None:
    change = (
        "import numpy, os; numpy.mine = 1; os.environ['MINE'] = '1'; os.chdir('/'); print('done')"
    )
    assert "done" in executed(project, change)
    look = "import numpy, os; print(hasattr(numpy, 'mine'), 'MINE' in os.environ, os.getcwd())"
    assert executed(project, look).split() == ["False", "False", str(project)]
    draws = {executed(project, "import numpy; print(numpy.random.random())") for _ in range(2)}
    assert len(draws) == 2


def test_libraries_are_there_before_the_notebook_begins(project: Path) -> None:
    assert "True" in executed(project, "import sys; print('numpy' in sys.modules)")
    assert "False" in executed(project, "import sys; print('numpy' in sys.modules)", engine="plain")


def test_a_library_changed_on_disk_is_imported_again(
    tmp_path: Path, few_libraries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "libraries/changing.py"
    library.parent.mkdir()
    monkeypatch.setenv(
        "PYTHONPATH", f"{library.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    )
    few_libraries += ["changing", "colorsys"]
    source = f"import changing, os; print(changing.VALUE, {FROM_PARENT})"
    for value in (1, 2, 3):
        # Python itself takes a compiled file for current when second and size are the same.
        library.write_text(f"VALUE = {value}" + "\n" * value, encoding="utf-8")
        time.sleep(0.1)
        assert executed(tmp_path, source).split() == [str(value), "True"]
    # A new file may hide another one.
    (library.parent / "colorsys.py").write_text("VALUE = 4", encoding="utf-8")
    time.sleep(0.1)
    assert executed(tmp_path, "import colorsys; print(colorsys.VALUE)").strip() == "4"


def test_what_is_read_at_import_time_makes_the_parent(project: Path) -> None:
    variables = {**environment(project), "LC_ALL": "C", "IPYTHONDIR": "/one"}
    first = parents.parent(variables, project)
    assert parents.parent({**variables, "IPYTHONDIR": "/two"}, project) is first
    for name in ("LC_ALL", "PYTHONHASHSEED", "OPENBLAS_NUM_THREADS"):
        assert parents.parent({**variables, name: "2"}, project, ready=False) is not first


def test_what_this_process_does_makes_no_other_parent(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of the edition, and what pandera sets when it is imported here."""
    first = parents.parent(environment(project), project)
    for name in ("MINATO_EDITION", "PYARROW_IGNORE_TIMEZONE", "SPARK_LOCAL_IP"):
        monkeypatch.setenv(name, "changed")
    assert parents.parent(environment(project), project) is first


@pytest.mark.parametrize(
    ("library", "reason"),
    [
        ("import no_such_library", "ModuleNotFoundError"),
        (
            "import threading, time; threading.Thread(target=time.sleep, args=[9]).start()",
            "threads",
        ),
        ("open('data/numbers.csv')", "read while importing"),
        ("import pathlib; pathlib.Path(__file__).touch()", "changes while it is imported"),
        ("import os; os._exit(0)", "ended"),
    ],
)
def test_without_a_parent_to_trust_an_ordinary_kernel_runs(
    tmp_path: Path,
    few_libraries: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    library: str,
    reason: str,
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/numbers.csv").write_text("1", encoding="utf-8")
    (tmp_path / "doubtful.py").write_text(library, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    few_libraries.append("doubtful")
    source = f"import os; print('result', {FROM_PARENT})"
    for _ in range(2):
        assert executed(tmp_path, source).split() == ["result", "False"]
    assert [one.getMessage() for one in caplog.records if one.name == parents.__name__] == [
        one.getMessage() for one in caplog.records if reason in one.getMessage()
    ]
    assert reason in caplog.text


def test_where_there_is_no_fork_ordinary_kernels_run(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parents.close_all()
    monkeypatch.setattr(parents, "CAN_FORK", False)
    assert executed(project, f"import os; print({FROM_PARENT})").strip() == "False"
    parents.close_all()


def test_a_lost_parent_costs_nothing_but_time(project: Path) -> None:
    source = f"""
import os, signal, time
print("begun")
if {FROM_PARENT}:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
"""
    assert executed(project, source).split() == ["begun"]
    assert executed(project, f"import os; print({FROM_PARENT})").strip() == "True"
