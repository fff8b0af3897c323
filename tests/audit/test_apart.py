"""The checker is not the checked one's: judging a folder runs nothing of it, whatever it holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from minato_analysis.published import hermetic, history
from tests.audit.test_verify import git


def minato(root: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "minato_analysis", *arguments],
        cwd=root,
        env={name: one for name, one in os.environ.items() if name != "MINATO_ROOT"} | more,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_quick_verdict_runs_nothing_of_the_folder(copied: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    python = f"open({str(ran)!r}, 'a').write(__file__)\n"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 >> {ran}\ncat\n", encoding="utf-8")
    program.chmod(0o755)
    git(copied, "init", "-q")
    git(copied, "add", "-A")
    git(copied, "commit", "-q", "-m", "edition")
    for name in ("__init__", "__main__", "cli"):
        (copied / f"src/minato_analysis/{name}.py").write_text(python, encoding="utf-8")
    for name in ("yaml", "typer", "sitecustomize"):
        (copied / f"{name}.py").write_text(python, encoding="utf-8")
    for setting in ("core.fsmonitor", "gpg.program", "gpg.ssh.program", "filter.own.clean",
                    "filter.own.smudge", "core.pager"):  # fmt: skip
        git(copied, "config", setting, str(program))
    (copied / ".git/info/attributes").write_text("* filter=own\n", encoding="utf-8")
    for hook in ("post-index-change", "reference-transaction"):
        shutil.copy(program, copied / f".git/hooks/{hook}")
    for arguments in (("verify", "2024", "--quick"), ("explain", "minato.share.2022")):
        done = minato(copied, *arguments)
        assert not ran.exists(), ran.read_text(encoding="utf-8")
        assert "Traceback" not in done.stderr
    done = minato(copied, "verify", "2024", "--quick")
    assert (done.returncode, "別に入れたもの" in done.stdout) == (1, True)
    assert "E5-SHADOW" in done.stdout


def test_files_are_taken_from_a_commit_as_they_are_stored(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.txt").write_bytes(b"one\r\n")
    (tmp_path / ".gitattributes").write_text("* -text\n", encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "one")
    name = git(tmp_path, "rev-parse", "HEAD:a.txt")
    assert history.contents(tmp_path, [name, "0" * 40]) == {name: b"one\r\n"}
    assert history.uncommitted(tmp_path, ["a.txt"]) == []
    (tmp_path / "a.txt").write_bytes(b"two\n")
    assert history.uncommitted(tmp_path, ["a.txt"]) == ["a.txt"]


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="there is no bubblewrap here")
def test_the_rebuilt_code_can_write_nowhere_else_and_reach_no_network(tmp_path: Path) -> None:
    root = tmp_path / "copy"
    package = root / "src/minato_analysis"
    package.mkdir(parents=True)
    outside = tmp_path / "outside"
    outside.touch()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import os, socket, matplotlib\n"
        "assert matplotlib.get_configdir() == os.environ['MPLCONFIGDIR']\n"
        f"open({str(root / 'inside')!r}, 'w')\n"
        "try:\n"
        f"    open({str(outside)!r}, 'w').write('changed')\n"
        "except OSError: pass\n"
        f"assert [name for _, name in socket.if_nameindex()] == ['lo']\n",
        encoding="utf-8",
    )
    if not hermetic.enclosure(root):
        pytest.skip("bubblewrap is not allowed here")
    assert hermetic.build(root, "2024").problem == ""
    assert (root / "inside").is_file()
    assert outside.read_text(encoding="utf-8") == ""


def test_what_the_disk_refuses_is_one_sentence_and_2(copied: Path, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("", encoding="utf-8")
    done = minato(copied, "bundle", "2024", "--to", str(tmp_path / "full/bag"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    done = minato(copied, "verify", "2024", "--quick", TMPDIR="/proc/none", PATH="/nowhere")
    assert done.returncode in (0, 2), done.stderr
    assert "Traceback" not in done.stderr
    blocked = copied / "build"
    shutil.rmtree(blocked, ignore_errors=True)
    blocked.write_text("", encoding="utf-8")  # the folder of the lock cannot be made
    done = minato(copied, "ledger", "add", "2024", MINATO_OWN_CODE="1")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith("E5-LEDGER")


def test_without_git_nothing_is_left_out_of_a_verdict_silently(copied: Path) -> None:
    git(copied, "init", "-q")
    git(copied, "add", "-A")
    git(copied, "commit", "-q", "-m", "edition")
    done = minato(copied, "verify", "2024", "--quick", PATH="/nowhere", MINATO_OWN_CODE="1")
    assert done.returncode == 0, done.stderr
    assert "N5-LEDGER-HISTORY" in done.stdout
