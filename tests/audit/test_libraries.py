"""A bag with libraries: what is unpacked elsewhere is what the lock names, and pip installs from it alone."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from minato_analysis.audit import bundle as bags
from minato_analysis.audit import libraries
from minato_analysis.audit.libraries import NoLibraries, gather


def wheel(folder: Path, name: str, text: str = "NUMBER = 1\n", tag: str = "py3-none-any") -> Path:
    """Make a wheel as pip installs it."""
    folder.mkdir(parents=True, exist_ok=True)
    about = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": text,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    lines = []
    for path, content in files.items():
        sha = (
            base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).decode().rstrip("=")
        )
        lines.append(f"{path},sha256={sha},{len(content)}\n")
    made = folder / f"{name}-1.0-{tag}.whl"
    with zipfile.ZipFile(made, "w") as packed:
        for path, content in files.items():
            packed.writestr(path, content)
        packed.writestr(f"{about}/RECORD", "".join(lines) + f"{about}/RECORD,,\n")
    return made


def entry(file: Path, marker: str = "") -> str:
    sha = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"{file.name.split('-')[0]}==1.0{marker} \\\n    --hash=sha256:{sha}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two locks, and beside it a folder with their wheels and others."""
    house = tmp_path / "house"
    one, two = wheel(house, "made_up_one"), wheel(house, "made_up_two")
    wheel(house, "not_in_the_lock")
    elsewhere = wheel(tmp_path / "elsewhere", "made_up_windows")
    root = tmp_path / "project"
    root.mkdir()
    (root / "requirements-installer.lock").write_text(entry(one), encoding="utf-8")
    marker = " ; sys_platform == 'not-this-one'"
    (root / "requirements.lock").write_text(entry(two) + entry(elsewhere, marker), encoding="utf-8")
    return root


def pip(*arguments: object) -> None:
    asked = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("fetched", [True, False], ids=["by pip", "from a folder"])
def test_what_is_unpacked_elsewhere_is_what_the_lock_names_and_installs(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetched: bool
) -> None:
    if fetched:  # by pip as it is set up on this machine: here for a folder and no network
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "house"))
    (tmp_path / "scratch").mkdir()
    files = gather(project, tmp_path / "scratch", None if fetched else tmp_path / "house")
    beside = {f"{libraries.FOLDER}/{file.name}": file for file in files}
    tags = {"bag-info.txt": f"Bag-Software-Agent: {bags.AGENT}\n"}
    locks = list(libraries.LOCKS)
    made = bags.write(project, locks, tags, tmp_path / "bag", beside)
    assert bags.write(project, locks, tags, tmp_path / "bag", beside) == made
    unpacked = shutil.copytree(made, tmp_path / "unpacked")
    shutil.rmtree(tmp_path / "house")
    shutil.rmtree(project)
    listed = (unpacked / "tagmanifest-sha512.txt").read_text(encoding="utf-8")
    text = "".join((unpacked / "data" / one).read_text(encoding="utf-8") for one in locks)
    names = {one.name for one in (unpacked / libraries.FOLDER).iterdir()}
    assert {name.split("-")[0] for name in names} == {"made_up_one", "made_up_two"}
    for name in names:
        content = (unpacked / libraries.FOLDER / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() in re.findall("sha256:([0-9a-f]{64})", text)
        assert f"{hashlib.sha512(content).hexdigest()}  {libraries.FOLDER}/{name}\n" in listed
    if fetched:
        monkeypatch.setenv("PIP_FIND_LINKS", "")
    closed = [
        "--no-index",
        "--find-links",
        unpacked / libraries.FOLDER,
        "--no-deps",
        "--require-hashes",
    ]
    lock = unpacked / "data/requirements.lock"
    pip("install", "--quiet", *closed, "--target", tmp_path / "there", "-r", lock)
    assert (tmp_path / "there/made_up_two.py").is_file()


@pytest.mark.parametrize("fetched", [True, False], ids=["by pip", "from a folder"])
def test_a_library_that_is_missing_or_another_one_is_refused(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetched: bool
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "house"))
    wheel(tmp_path / "house", "made_up_two", "NUMBER = 2\n")
    (tmp_path / "scratch").mkdir()
    with pytest.raises(NoLibraries, match="E5-LIBRARIES"):
        gather(project, tmp_path / "scratch", None if fetched else tmp_path / "house")


WINDOWS = "made_up_windows"
COMPILED = ("cp311-cp311-manylinux_2_28_aarch64", "cp312-cp312-manylinux_2_28_aarch64")


@pytest.mark.parametrize("whole", [True, False])
def test_the_libraries_of_every_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    """What another machine needs comes too: by its own markers and tags, not by this machine's."""
    monkeypatch.setattr(libraries, "MACHINES", {
        name: libraries.MACHINES[name] for name in ("Linux aarch64", "Windows x86-64")
    })  # fmt: skip
    monkeypatch.setattr(libraries, "PYTHONS", ("3.11", "3.12"))
    house = tmp_path / "house"
    pure = wheel(house, "made_up_one")
    compiled = [wheel(house, "made_up_two", tag=tag) for tag in COMPILED]
    lines = [entry(pure), entry(wheel(house, WINDOWS), " ; sys_platform == 'win32'")]
    hashes = "".join(
        f" \\\n    --hash={entry(one).split('--hash=')[1].strip()}" for one in compiled
    )
    lines.append(f"made_up_two==1.0 ; sys_platform == 'linux'{hashes}\n")
    if not whole:
        compiled[0].unlink()
    (tmp_path / "requirements-installer.lock").write_text(lines[0], encoding="utf-8")
    (tmp_path / "requirements.lock").write_text("".join(lines[1:]), encoding="utf-8")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(house))
    (tmp_path / "scratch").mkdir()
    if not whole:
        with pytest.raises(NoLibraries, match=r"E5-LIBRARIES .*aarch64.*3\.11"):
            gather(tmp_path, tmp_path / "scratch", every=True)
        return
    found = {one.name for one in gather(tmp_path, tmp_path / "scratch", every=True)}
    assert found == {one.name for one in house.iterdir()}
