"""Anchors outside the folder: who signed the ledger, what the edition's folder is called, what is printed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from minato_analysis.audit import verify
from minato_analysis.published import anchors, ledger
from tests.audit.test_verify import git, run

WITH_SSH = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen here")


def key(folder: Path, name: str) -> Path:
    made = folder / name
    asked = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(made)]
    subprocess.run(asked, check=True)
    return made


@pytest.fixture
def booked(tmp_path: Path) -> Path:
    """A folder with a ledger of one line."""
    root = tmp_path / "project"
    (root / "data").mkdir(parents=True)
    (root / "data/datapackage.json").write_text("{}", encoding="utf-8")
    (root / "reports/2024").mkdir(parents=True)
    (root / "reports/2024/edition.yaml").write_text("edition: 2024\n", encoding="utf-8")
    text = ledger.added("", "2024", "2026-11-23", "ab" * 32)
    (root / ledger.FILE).write_text(text, encoding="utf-8", newline="\n")
    return root


@WITH_SSH
def test_a_signature_names_its_signer_and_nobody_else(booked: Path, tmp_path: Path) -> None:
    mine, other = key(tmp_path, "mine"), key(tmp_path, "other")
    assert run(booked, "ledger", "verify")[0] == 2
    assert run(booked, "ledger", "sign", "--key", str(mine))[0] == 0
    code, text = run(booked, "ledger", "verify")
    assert (code, "だれの鍵かは確かめていません" in text) == (0, True)
    signers = tmp_path / "signers"
    for file, expected in ((mine, 0), (other, 1)):
        public = file.with_suffix(".pub").read_text(encoding="utf-8")
        signers.write_text(f"council@example.org {public}", encoding="utf-8")
        code, text = run(booked, "ledger", "verify", "--signers", str(signers))
        assert (code, "council@example.org" in text) == (expected, expected == 0)


@WITH_SSH
def test_a_ledger_rewritten_after_it_was_signed_is_told(booked: Path, tmp_path: Path) -> None:
    anchors.sign(booked, key(tmp_path, "mine"))
    assert [one.code for one in anchors.signature(booked)] == ["N5-SIGNATURE"]
    text = (booked / ledger.FILE).read_text(encoding="utf-8").replace("ab", "ac", 1)
    (booked / ledger.FILE).write_text(text, encoding="utf-8")
    assert run(booked, "ledger", "verify")[0] == 1
    assert [one.code for one in anchors.signature(booked)] == ["E5-SIGNATURE"]


@WITH_SSH
def test_a_signature_for_something_else_does_not_count(booked: Path, tmp_path: Path) -> None:
    asked = ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(key(tmp_path, "mine"))]
    subprocess.run([*asked, str(booked / ledger.FILE)], check=True, capture_output=True)
    assert run(booked, "ledger", "verify")[0] == 1


def test_the_id_of_a_folder_is_gits_name_of_its_tree(tmp_path: Path) -> None:
    for name, text in (("a.b", "1"), ("a/c", "2"), ("a-", "3"), ("run", "#!")):
        (tmp_path / "x" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x" / name).write_text(text, encoding="utf-8")
    (tmp_path / "x/run").chmod(0o755)
    (tmp_path / "x/link").symlink_to("a.b")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "tree")
    assert anchors.swhid(tmp_path / "x") == f"swh:1:dir:{git(tmp_path, 'rev-parse', 'HEAD:x')}"


def test_the_strip_changes_with_the_edition_and_with_the_ledger(booked: Path) -> None:
    code, text = run(booked, "ledger", "strip")
    assert (code, "2024" in text, "abababab abababab" in text) == (0, True, True)
    (booked / "reports/2024/index.html").write_text("", encoding="utf-8")
    assert run(booked, "ledger", "strip")[1] != text
    longer = ledger.longer(ledger.read(booked), "2024", "2026-11-24", "cd" * 32)
    (booked / ledger.FILE).write_text(longer, encoding="utf-8", newline="\n")
    assert "cdcdcdcd" in run(booked, "ledger", "strip")[1]


def test_what_is_not_committed_and_not_signed_is_told(copied: Path) -> None:
    git(copied, "init", "-q")
    git(copied, "add", "-A")
    git(copied, "commit", "-q", "-m", "edition")
    codes = {one.code for one in verify.quickly(copied, "2024").findings}
    assert {"N5-NO-SIGNATURE"} <= codes
    assert "N5-DIRTY" not in codes
    git(copied, "tag", "-a", "edition-2024", "-m", "edition")
    (copied / ledger.FILE).write_text(ledger.read(copied) + "\n", encoding="utf-8")
    told = {one.code: one.message for one in verify.quickly(copied, "2024").findings}
    assert "edition-2024" in told["N5-NO-SIGNATURE"]
    assert ledger.FILE in told["N5-DIRTY"]
