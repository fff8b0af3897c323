"""Received files are kept byte for byte, registered, never overwritten, and intact after an interruption."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.killed import at_every_step

from minato_analysis import data
from minato_analysis.received import store
from minato_analysis.received.errors import ReceivedError

DAY = date(2027, 3, 10)
CONTENT = "区分,R5\n".encode("cp932")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    outside = tmp_path / "outside"
    outside.mkdir()
    made = outside / "受領.csv"
    made.write_bytes(CONTENT)
    return made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    return folder


def test_a_public_file(root: Path, file: Path) -> None:
    entry = store.keep(file, root, source="moj-2027-03", received=DAY, note='=cmd|"/c calc"')
    assert (root / "data/received/moj-2027-03/受領.csv").read_bytes() == CONTENT
    assert entry.sha256 == hashlib.sha256(CONTENT).hexdigest()
    text = (root / store.REGISTER).read_text(encoding="utf-8")
    assert text.splitlines()[1] == (
        f"moj-2027-03/受領.csv,{entry.sha256},{len(CONTENT)},2027-03-10,moj-2027-03,yes,"
        '"\'=cmd|""/c calc"""'
    )
    assert store.register(root) == [entry]
    assert store.problems(root) == []
    assert file.read_bytes() == CONTENT


def test_the_same_bytes_again_change_nothing(root: Path, file: Path) -> None:
    first = store.keep(file, root, source="moj", received=DAY)
    again = store.keep(file, root, source="moj", received=date(2028, 1, 1), note="again")
    assert again == first
    assert store.register(root) == [first]


def test_a_file_that_is_not_public_stays_out_of_version_control(
    root: Path, file: Path, repository: Path
) -> None:
    entry = store.keep(file, root, source="moj", received=DAY, public=False)
    assert entry.file == "not-public/moj/受領.csv"
    assert (root / "data/received/not-public/moj/受領.csv").read_bytes() == CONTENT
    assert not (root / "data/received/moj").exists()
    register = (root / store.REGISTER).read_text(encoding="utf-8")
    assert entry.sha256 in register
    assert "区分" not in register
    # Neither checksum nor size lets anybody try what the numbers are.
    assert hashlib.sha256(CONTENT).hexdigest() not in register
    assert (entry.sha256.split(":")[0], entry.bytes) == ("hmac-sha256", 0)
    for one in (root / "data/received/not-public").rglob("*"):
        assert one.stat().st_mode & 0o077 == 0, one
    ignored = (repository / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/data/received/not-public/" in ignored
    # After a clone the file is elsewhere, which is no problem; another file in its place is.
    (root / "data/received" / entry.file).unlink()
    assert store.problems(root) == []
    file.write_bytes(b"other")
    with pytest.raises(ReceivedError, match="E6-STORE-OTHER"):
        store.keep(file, root, source="moj", received=DAY, public=False)
    file.write_bytes(CONTENT)
    assert store.keep(file, root, source="moj", received=DAY, public=False) == entry
    assert len(store.register(root)) == 1


def test_a_name_is_never_used_twice(root: Path, file: Path) -> None:
    store.keep(file, root, source="moj", received=DAY)
    file.write_bytes(b"other")
    with pytest.raises(ReceivedError, match=r"E6-STORE-OTHER .*（8バイト）.*今回は5バイト"):
        store.keep(file, root, source="moj", received=DAY)
    upper = file.with_name("受領.CSV")
    upper.write_bytes(b"other")
    with pytest.raises(ReceivedError, match="E6-STORE-OTHER"):
        store.keep(upper, root, source="moj", received=DAY)
    assert store.keep(file, root, source="moj-2", received=DAY).file == "moj-2/受領.csv"
    assert store.problems(root) == []


def test_no_link_leads_outside(root: Path, file: Path, tmp_path: Path) -> None:
    (root / "data/received").mkdir()
    (root / "data/received/moj").symlink_to(tmp_path)
    with pytest.raises(ReceivedError, match="E6-STORE-FOLDER"):
        store.keep(file, root, source="moj", received=DAY)
    assert not (tmp_path / "受領.csv").exists()


def test_a_source_that_is_not_public_stays_closed(root: Path, file: Path) -> None:
    kept = store.keep(file, root, source="moj", received=DAY, public=False)
    file.write_bytes(b"other")
    another = file.with_name("another.csv")
    another.write_bytes(CONTENT)
    for again in (file, another):
        with pytest.raises(ReceivedError, match=r"E6-CLOSED moj: .*--not-public"):
            store.keep(again, root, source="moj", received=DAY)
    assert store.register(root) == [kept]
    assert not (root / "data/received/moj").exists()
    assert [store.is_public(root, one) for one in ("moj", "moj-2")] == [False, None]


def test_a_source_that_was_accepted_as_not_public_stays_closed(root: Path, file: Path) -> None:
    package = {"resources": [], "source_documents": {"moj": {"not_public": True}, "plan": {}}}
    (root / data.DESCRIPTOR).write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(ReceivedError, match="E6-CLOSED"):
        store.keep(file, root, source="moj", received=DAY)
    assert [store.is_public(root, one) for one in ("moj", "plan")] == [False, True]
    store.keep(file, root, source="plan", received=DAY)
    with pytest.raises(ReceivedError, match=r"E6-CLOSED plan: .*別の名前"):
        store.keep(file, root, source="plan", received=DAY, public=False)
    assert (root / "data/received/plan/受領.csv").is_file()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_file_received_again_as_not_public_leaves_the_public_place_also_after_a_kill(
    root: Path, file: Path
) -> None:
    other = file.with_name("other.csv")
    other.write_bytes(b"second")

    def start() -> None:
        shutil.rmtree(root / "data/received", ignore_errors=True)
        for one in (file, other):
            store.keep(one, root, source="moj", received=DAY)
        # What a kill leaves while the file was still taken for public.
        (root / "data/received/moj/.受領.csv.tmp").write_bytes(CONTENT[:3])

    def close() -> None:
        store.keep(file, root, source="moj", received=DAY, public=False)

    steps = 0
    for _ in at_every_step(close, start):
        steps += 1
        close()
        assert not (root / "data/received/moj").exists()
        assert {one.file for one in store.register(root)} == {
            "not-public/moj/受領.csv",
            "not-public/moj/other.csv",
        }
        assert store.problems(root) == []
    assert steps > 8


@pytest.mark.parametrize("source", ["..", "a/b", "not-public", "/tmp"])
def test_a_source_cannot_leave_the_folder(root: Path, file: Path, source: str) -> None:
    with pytest.raises(ReceivedError, match="E6-NAME"):
        store.keep(file, root, source=source, received=DAY)
    assert not (root / "data/received").exists()


def test_what_was_changed_lost_or_added_is_said(root: Path, file: Path) -> None:
    store.keep(file, root, source="moj", received=DAY)
    kept = root / "data/received/moj/受領.csv"
    kept.write_bytes(CONTENT + b"\n")
    (kept.parent / "extra.csv").write_bytes(b"x")
    assert [one.split(" ")[0] for one in store.problems(root)] == [
        "E6-STORE-CHANGED",
        "E6-STORE-UNKNOWN",
    ]
    kept.unlink()
    (kept.parent / "extra.csv").unlink()
    assert [one.split(" ")[0] for one in store.problems(root)] == ["E6-STORE-MISSING"]


@pytest.mark.parametrize(
    "register",
    [
        b"\xff\xfe",
        b'file,"',
        b"file\nx\n",
        b"file,sha256,bytes,received,source,public,note\na,b,c,d,e,f,g\n",
    ],
)
def test_a_damaged_register_stops(root: Path, file: Path, register: bytes) -> None:
    (root / "data/received").mkdir()
    (root / store.REGISTER).write_bytes(register)
    with pytest.raises(ReceivedError, match="E6-STORE-REGISTER"):
        store.keep(file, root, source="moj", received=DAY)
    assert not (root / "data/received/moj").exists()


def test_an_interruption_at_any_write_can_be_run_again(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    moves: list[Path] = []
    move = Path.replace

    def killed_at(stop: int) -> None:
        def counted(self: Path, target: Path) -> Path:
            moves.append(target)
            if len(moves) == stop:
                raise Killed
            return move(self, target)

        moves.clear()
        monkeypatch.setattr(Path, "replace", counted)

    for number in (1, 2):
        killed_at(number)
        with pytest.raises(Killed):
            store.keep(file, root, source="moj", received=DAY)
        assert store.register(root) == []
    killed_at(0)
    entry = store.keep(file, root, source="moj", received=DAY)
    assert store.register(root) == [entry]
    assert store.problems(root) == []
    assert not list((root / "data/received").rglob("*.tmp"))
