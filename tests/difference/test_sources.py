"""Where the files of an edition are found, which editions are refused, and the other environment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.difference import environment, side
from minato_analysis.project.checksums import checksum, make_key
from minato_analysis.published import ledger, sources
from minato_analysis.published.errors import DifferenceError
from tests.difference import world
from tests.difference.test_rerun import LETTER
from tests.difference.world import git


def test_an_edition_whose_files_are_at_hand_is_taken_from_there(town: Path, tmp_path: Path) -> None:
    found = sources.resolve(town, "2024", None, tmp_path / "scratch")
    assert (found.root, "一致" in found.told) == (town, True)


def test_an_edition_whose_files_changed_is_taken_from_its_commit(
    committed: Path, tmp_path: Path
) -> None:
    commit = git(committed, "rev-parse", "HEAD")
    world.deliver(committed, world.SERIES, "2023-12", {**world.YEARS, 2020: (50, 50)})
    world.write(committed, "notes.txt", "aside")
    git(committed, "add", "-A")
    git(committed, "commit", "-qm", "correct a table")
    found = sources.resolve(committed, "2024", None, tmp_path / "scratch")
    assert (found.root, found.told) == (tmp_path / "scratch", f"コミット {commit[:12]}")
    assert data.series(side.load(found.root, "2024").rows, measure="reoffenders")[2020] == 42
    assert not (found.root / "notes.txt").exists()


def test_a_named_commit_and_a_named_folder_are_taken(committed: Path, tmp_path: Path) -> None:
    found = sources.resolve(committed, "2024", "HEAD", tmp_path / "scratch")
    assert side.load(found.root, "2024").name == "2024"
    found = sources.resolve(committed, "2024", str(found.root), tmp_path / "other")
    assert (found.root, (tmp_path / "other").exists()) == (tmp_path / "scratch", False)


def test_tables_that_are_not_public_are_put_beside_a_commits_files(
    committed: Path, tmp_path: Path
) -> None:
    world.write(committed, ".gitignore", "data/not-public/\n")
    path = committed / "data/not-public/letter/t.csv"
    world.write(committed, "data/not-public/letter/t.csv", "a,b\n")
    package = data.descriptor(committed)
    make_key(committed)
    package["resources"].append({**LETTER, "hash": checksum(path, committed)})
    world.write(committed, data.DESCRIPTOR, json.dumps(package))
    git(committed, "add", "-A")
    git(committed, "commit", "-qm", "a letter")
    found = sources.resolve(committed, "2024", "HEAD", tmp_path / "scratch")
    there = found.root / "data/not-public/letter/t.csv"
    assert there.read_bytes() == path.read_bytes()
    assert there.stat().st_mode & 0o077 == 0
    assert checksum(there, found.root) == package["resources"][-1]["hash"]
    path.write_text("another,table\n")  # not the table that commit describes
    found = sources.resolve(committed, "2024", "HEAD", tmp_path / "again")
    assert not (found.root / "data/not-public/letter/t.csv").exists()


@pytest.mark.parametrize("name", ["nowhere", "--output=/tmp/x", "HEAD~99", "-", "HEAD:data", ""])
def test_neither_a_folder_nor_a_commit_is_refused(
    committed: Path, tmp_path: Path, name: str
) -> None:
    if not name:
        (tmp_path / "empty").mkdir()
        name = str(tmp_path / "empty")
    with pytest.raises(DifferenceError, match="E7-SOURCE"):
        sources.resolve(committed, "2024", name, tmp_path / "scratch")


def test_a_commit_without_the_edition_is_refused(committed: Path, tmp_path: Path) -> None:
    with pytest.raises(DifferenceError, match=r"E7-SOURCE HEAD: .*reports/2019/manifest.json"):
        sources.resolve(committed, "2019", "HEAD", tmp_path / "scratch")


def test_files_that_changed_after_an_edition_are_named(town: Path) -> None:
    record = side.load(town, "2024").manifest
    assert sources.changed(town, record) == []
    world.write(town, "data/areas.csv", world.AREAS + "\n")
    world.write(town, "data/new.csv", "a\n")
    (town / "data/breaks.yaml").unlink()
    assert sources.changed(town, record) == ["data/areas.csv", "data/breaks.yaml", "data/new.csv"]


def test_a_ledger_that_names_another_manifest_is_told(town: Path) -> None:
    sha = side.load(town, "2024").manifest_sha256
    assert sources.ledger_note(town, "2024", sha) == ""
    world.write(town, ledger.FILE, ledger.added("", "2024", "2024-01-05", "0" * 64))
    assert "2行目" in sources.ledger_note(town, "2024", sha)


DAMAGES = {
    "no facts": ("facts.json", None, "E7-FILE"),
    "no manifest": ("manifest.json", None, "E7-FILE"),
    "facts that were edited": ("facts.json", lambda text: text.replace("43", "34"), "E7-CHANGED"),
    "parameters that were edited": (
        "edition.yaml",
        lambda text: text.replace("0.95", "0.9"),
        "E7-CHANGED",
    ),
    "a manifest that is none": ("manifest.json", lambda text: text[:200], "E7-MANIFEST"),
    "a manifest of bytes": ("manifest.json", lambda _: "\udcff", "E7-MANIFEST"),
}


@pytest.mark.parametrize(("file", "damage", "code"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_edition_is_refused(town: Path, file: str, damage: object, code: str) -> None:
    path = town / "reports/2024" / file
    if damage is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert callable(damage)
        path.write_text(damage(text), encoding="utf-8", errors="surrogateescape")
    with pytest.raises(DifferenceError, match=rf"^{code} reports/2024/{file}"):
        side.load(town, "2024")


BROKEN = {
    "not JSON": "[",
    "not a list": '{"a": 1}',
    "an entry without a key": '[{"id": "a.b"}]',
    "an entry of another kind": "[1]",
    "bytes": "\udcff",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize(
    ("file", "code"), [("facts.json", "E7-FACTS"), ("statements.json", "E7-STATEMENTS")]
)
def test_corrupted_records_of_an_edition_are_refused_kindly(
    town: Path, file: str, code: str, text: str
) -> None:
    path = town / "reports/2024" / file
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    form = json.loads((town / "reports/2024/manifest.json").read_text(encoding="utf-8"))
    form["stages"][-1]["files"].pop(f"reports/2024/{file}")
    (town / "reports/2024/manifest.json").write_text(json.dumps(form), encoding="utf-8")
    with pytest.raises(
        DifferenceError, match=rf"^{code} reports/2024/{file}: 読めません"
    ) as refused:
        side.load(town, "2024")
    assert "minato report 2024" in str(refused.value)


def test_an_unknown_edition_is_refused_with_those_that_are(town: Path) -> None:
    for name in ("2023", "../2024", "", "2024/"):
        with pytest.raises(DifferenceError, match=r"E7-EDITION .*ある版: 2024"):
            side.load(town, name)


def test_an_edition_from_before_as_of_saw_all_of_its_date(town: Path) -> None:
    file = town / "reports/2024/edition.yaml"
    file.write_text(
        "".join(line for line in file.read_text().splitlines(True) if "as_of" not in line)
    )
    world.seal(town, "2024")
    old = (town / data.OBSERVATIONS).read_text(encoding="utf-8").splitlines()
    cut = [",".join(line.split(",")[:-2]) for line in old]
    (town / data.OBSERVATIONS).write_text("\n".join(cut) + "\n", encoding="utf-8")
    found = side.load(town, "2024")
    assert (found.edition.as_of, len(found.rows)) == ("2024-01-05", 12)


def test_the_other_environment_is_held_to_the_hashes_of_its_lock(
    town: Path, tmp_path: Path
) -> None:
    called: list[Sequence[str]] = []

    def call(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        called.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    python = environment.build(town, tmp_path / "venv", call)
    assert Path(python).parent.parent == tmp_path / "venv"
    make, locked, package, checked = called
    assert make == [sys.executable, "-m", "venv", str(tmp_path / "venv")]
    closed = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    assert locked[-6:] == [*closed, "-r", str(town / "requirements.lock")]
    assert package[-4:] == ["--no-deps", "--no-build-isolation", "--no-index", str(town)]
    assert checked[1:4] == ["-m", "pip", "check"]


def test_an_environment_that_cannot_be_made_is_refused_with_its_reason(
    town: Path, tmp_path: Path
) -> None:
    def call(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, "pip" in command, "", "warning\nno network\n")

    with pytest.raises(DifferenceError, match=r"E7-ENVIRONMENT .*no network"):
        environment.build(town, tmp_path / "venv", call)


def test_environments_of_equal_locks_are_the_same(town: Path, tmp_path: Path) -> None:
    assert environment.same(town, town)
    world.write(tmp_path, "other/requirements.lock", "numpy==2.0.1\n")
    assert not environment.same(town, tmp_path / "other")
    assert not environment.same(town, tmp_path / "nowhere")
