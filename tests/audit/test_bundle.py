"""The bag: valid by RFC 8493, complete, the same every time, nothing in it that is not public."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from minato_analysis.audit import bundle as bags
from minato_analysis.published import manifest
from tests.killed import at_every_step

from .test_verify import git


def problems(bag: Path) -> list[str]:
    """Return what RFC 8493 finds wrong with a bag: written from the standard, not with our own code."""
    inside = {one.relative_to(bag).as_posix() for one in bag.rglob("*") if one.is_file()}
    lists = {name: sums(bag / f"{name}-sha512.txt") for name in ("manifest", "tagmanifest")}
    declared = (bag / "bagit.txt").read_bytes()
    info = dict(
        line.split(": ", 1) for line in (bag / "bag-info.txt").read_text("utf-8").splitlines()
    )
    payload = {one for one in inside if one.startswith("data/")}
    size = sum((bag / one).stat().st_size for one in payload)
    wrong = {
        "declaration": declared != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "payload": set(lists["manifest"]) != payload,
        "tags": set(lists["tagmanifest"]) != inside - payload - {"tagmanifest-sha512.txt"},
        "Payload-Oxum": info["Payload-Oxum"] != f"{size}.{len(payload)}",
    }
    changed = [
        name
        for one in lists.values()
        for name, wanted in one.items()
        if name in inside and hashlib.sha512((bag / name).read_bytes()).hexdigest() != wanted
    ]
    return [name for name, is_wrong in wrong.items() if is_wrong] + changed


def sums(file: Path) -> dict[str, str]:
    """Return the checksum of each file that a manifest of a bag lists."""
    lines = [line.split("  ", 1) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == len({name for _, name in lines})
    return {name: checksum for checksum, name in lines}


def payload(made: Path) -> set[str]:
    return {
        file.relative_to(made / "data").as_posix()
        for file in made.glob("data/**/*")
        if file.is_file()
    }


def test_the_bag_is_valid_and_complete(edition: Path, tmp_path: Path) -> None:
    made = bags.bundle(edition, "2024", tmp_path / "bag")
    assert problems(made) == []
    assert set(manifest.load(edition, "2024").files) <= payload(made)
    assert {"reports/2024/manifest.json", "reports/LEDGER.csv", "pyproject.toml"} <= payload(made)
    assert {"src/minato_analysis/cli.py", "reports/2024/edition.yaml"} <= payload(made)
    assert not [one for one in payload(made) if one.startswith(("build/", ".venv/", ".pytask/"))]
    assert "make verify EDITION=2024" in (made / bags.START).read_text(encoding="utf-8")


def test_a_damaged_bag_is_not_valid(edition: Path, tmp_path: Path) -> None:
    made = bags.bundle(edition, "2024", tmp_path / "bag")
    page = made / "data/reports/2024/index.html"
    page.write_bytes(page.read_bytes().replace(b"<h1>", b"<h1> ", 1))
    assert problems(made) == ["Payload-Oxum", "data/reports/2024/index.html"]
    start = made / bags.START
    start.write_text("Everything is fine.", encoding="utf-8")
    assert bags.START in problems(made)


def test_the_same_edition_gives_the_same_bytes(edition: Path, tmp_path: Path) -> None:
    one = bags.bundle(edition, "2024", tmp_path / "one")
    two = bags.bundle(edition, "2024", tmp_path / "two")
    assert bags.bundle(edition, "2024", two) == two
    files = sorted(file.relative_to(one) for file in one.rglob("*") if file.is_file())
    assert files == sorted(file.relative_to(two) for file in two.rglob("*") if file.is_file())
    for file in files:
        assert (one / file).read_bytes() == (two / file).read_bytes()


def test_an_edition_that_is_not_as_recorded_is_not_bagged(copied: Path, tmp_path: Path) -> None:
    (copied / "reports/2024/index.html").unlink()
    with pytest.raises(bags.NotBundled, match="E5-MISSING"):
        bags.bundle(copied, "2024", tmp_path / "bag")
    assert not (tmp_path / "bag").exists()


SECRET = (
    "data/not-public/letter/t.csv",
    "data/received/not-public/letter/t.csv",
    "data/drafts/2023/t2-10.csv",
)


@pytest.mark.parametrize("git_says", ["nothing: no git", "nothing: not the owner", "tracked"])
def test_what_is_not_public_is_never_packed(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, git_says: str
) -> None:
    for path in SECRET:
        (copied / path).parent.mkdir(parents=True)
        (copied / path).write_text("for nobody else\n", encoding="utf-8")
    # A link in a public folder is no way around either.
    (copied / "docs").mkdir(exist_ok=True)
    (copied / "docs/letter.csv").symlink_to(copied / SECRET[0])
    (copied / "docs/outside.csv").symlink_to(tmp_path / "outside.csv")
    (tmp_path / "outside.csv").write_text("for nobody else\n", encoding="utf-8")
    git(copied, "init", "-q")
    git(copied, "add", "--force", ".")
    if git_says != "tracked":
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    if git_says == "nothing: no git":
        monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    else:
        asked = subprocess.run(
            ["git", "-C", str(copied), "ls-files"], capture_output=True, check=False
        )
        assert (asked.returncode == 0) is (git_says == "tracked")
    made = bags.bundle(copied, "2024", tmp_path / "bag")
    assert "src/minato_analysis/cli.py" in payload(made)
    assert not [
        one
        for one in payload(made)
        if "for nobody else" in (made / "data" / one).read_text("latin-1")
    ]
    assert not payload(made) & {*SECRET, "docs/letter.csv", "docs/outside.csv"}


FILES = ["a.txt", "b/c.txt"]
TAGS = {"bagit.txt": "BagIt-Version: 1.0\n", "bag-info.txt": f"Bag-Software-Agent: {bags.AGENT}\n"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("first", encoding="utf-8")
    return root


def pack(project: Path, target: Path) -> Path:
    return bags.write(project, FILES, TAGS, target)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("swap", [True, False], ids=["exchanged", "renamed"])
@pytest.mark.parametrize("before", [True, False], ids=["a bag before", "none before"])
def test_a_kill_at_any_step_leaves_a_whole_bag_and_the_next_call_succeeds(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swap: bool, before: bool
) -> None:
    target = tmp_path / "bag"
    if not swap:
        monkeypatch.setattr(bags, "exchange", lambda *_: False)

    def start() -> None:
        shutil.rmtree(target, ignore_errors=True)
        for name in FILES:
            (project / name).write_text("first", encoding="utf-8")
        if before:
            pack(project, target)
        for name in FILES:
            (project / name).write_text("second", encoding="utf-8")

    steps = 0
    for _ in at_every_step(lambda: pack(project, target), start):
        steps += 1
        hidden = tmp_path / ".bag.minato-bundle-old"
        if before and not target.exists():  # only where the system cannot exchange two folders
            assert not swap
            assert {(hidden / "data" / one).read_text() for one in FILES} == {"first"}
        elif before or target.exists():
            assert len({(target / "data" / one).read_text() for one in FILES}) == 1
            (target / "bagit.txt").read_text(encoding="utf-8")
        pack(project, target)
        assert {(target / "data" / one).read_text() for one in FILES} == {"second"}
        assert [one.name for one in tmp_path.iterdir() if "bag" in one.name] == ["bag"]
    assert steps > 10


def test_a_full_disk_leaves_the_bag_that_was_there(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = pack(project, tmp_path / "bag")
    (project / FILES[0]).write_text("second", encoding="utf-8")
    monkeypatch.setattr(
        bags, "_sums", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(bags.NotBundled, match="No space left"):
        pack(project, target)
    monkeypatch.undo()
    assert (target / "data" / FILES[0]).read_text(encoding="utf-8") == "first"
    assert {one.name for one in tmp_path.iterdir()} == {"project", "bag"}


def _marked_only(folder: Path) -> None:
    for name, text in TAGS.items():
        (folder / name).write_text(text, encoding="utf-8")


def _another_program(folder: Path) -> None:
    files = [one for one in folder.rglob("*") if one.is_file()]
    for one in files:
        (folder / "data" / one.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
        one.rename(folder / "data" / one.relative_to(folder))
    (folder / "bagit.txt").write_text(TAGS["bagit.txt"], encoding="utf-8")
    (folder / "bag-info.txt").write_text("Bag-Software-Agent: another\n", encoding="utf-8")


def _with_a_file_more(folder: Path) -> None:
    (folder / "notes").mkdir()
    (folder / "notes/mine.txt").write_text("kept", encoding="utf-8")


def _with_a_file_changed(folder: Path) -> None:
    (folder / "data/a.txt").write_text("my corrections", encoding="utf-8")


def _with_a_link(folder: Path) -> None:
    (folder / "link").symlink_to(folder.parent)


@pytest.mark.parametrize("made", [False, True], ids=["folder", "bag"])
@pytest.mark.parametrize(
    "change",
    [_marked_only, _another_program, _with_a_file_more, _with_a_file_changed, _with_a_link],
)
def test_what_is_not_a_bag_of_this_program_as_it_made_it_is_left_alone(
    project: Path, tmp_path: Path, made: bool, change: object
) -> None:
    target = tmp_path / "target"
    if made:
        pack(project, target)
        if change in (_marked_only, _another_program):
            (target / f"manifest-{bags.ALGORITHM}.txt").unlink()
    else:
        (target / "data").mkdir(parents=True)
        (target / "mine.txt").write_text("kept", encoding="utf-8")
    change(target)  # type: ignore[operator]
    before = {one: one.read_bytes() for one in target.rglob("*") if one.is_file()}
    with pytest.raises(bags.NotBundled, match="置き換えません"):
        pack(project, target)
    assert before == {one: one.read_bytes() for one in target.rglob("*") if one.is_file()}


def test_a_link_or_a_file_is_no_bag(project: Path, tmp_path: Path) -> None:
    pack(project, tmp_path / "bag")
    (tmp_path / "link").symlink_to(tmp_path / "bag")
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    for name in ("link", "file"):
        with pytest.raises(bags.NotBundled, match="置き換えません"):
            pack(project, tmp_path / name)


def test_every_file_of_the_project_is_in_the_fixed_list_or_in_the_record(live: Path) -> None:
    if not (live / ".git").exists():
        pytest.skip("no version control")
    known = {
        one.split("/")[0] for one in git(live, "-c", "core.quotePath=off", "ls-files").splitlines()
    }
    assert known - set(bags.OWN) == {"data", "reports", "pytask.lock"}
