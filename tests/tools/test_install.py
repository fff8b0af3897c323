"""The bootstrap: what is locked is installed, nothing else, and every refusal says what to do."""

from __future__ import annotations

import ensurepip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CODE = Path(__file__).resolve().parents[2] / "tools/install.py"
PIP = next((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))


class World:
    """A project with locks of one or two tiny packages, and a folder of wheels."""

    def __init__(self, root: Path) -> None:
        self.root = root / "港区 の分析"
        self.wheels = self.root / "wheels"
        self.wheels.mkdir(parents=True)
        (self.root / "tools").mkdir()
        shutil.copy(CODE, self.root / "tools/install.py")
        self.bounds(">=3.11,<3.15")
        shutil.copy(PIP, self.wheels)
        self.lock("requirements-installer.lock", PIP)
        self.lock("requirements.lock", self.wheel("tiny"))

    def bounds(self, text: str) -> None:
        (self.root / "pyproject.toml").write_text(f'requires-python = "{text}"\n', encoding="utf-8")

    def wheel(self, name: str, version: str = "1.0") -> Path:
        file = self.wheels / f"{name}-{version}-py3-none-any.whl"
        about = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(f"{name}.py", f"version = '{version}'\n")
            archive.writestr(
                f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            )
            archive.writestr(
                f"{about}/WHEEL",
                "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            )
            archive.writestr(f"{about}/RECORD", "")
        return file

    def lock(self, name: str, *wheels: Path) -> None:
        lines = []
        for one in wheels:
            package, version = one.name.split("-")[:2]
            found = hashlib.sha256(one.read_bytes()).hexdigest()
            lines.append(f"{package}=={version} \\\n    --hash=sha256:{found}\n")
        (self.root / name).write_text("".join(lines), encoding="utf-8")

    def install(
        self, *more: str, lock: str = "requirements.lock", before: str = ""
    ) -> tuple[int, str]:
        arguments = [str(self.root / "tools/install.py"), ".venv", lock, *more]
        start = (
            f"{before}import runpy, sys; sys.argv = {arguments!r}; "
            "runpy.run_path(sys.argv[0], run_name='__main__')"
        )
        done = subprocess.run(
            [sys.executable, "-I", "-c", start],
            cwd=self.root,
            env={**os.environ, "MINATO_WHEELHOUSE": str(self.wheels)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stderr

    def version(self, name: str) -> str:
        python = self.root / ".venv/bin/python"
        asked = [python, "-c", f"import {name}; print({name}.version)"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        return done.stdout.strip()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_year_of_one_environment(world: World) -> None:
    """Refused twice, then made, asked again, added to, moved, and of another Python: six steps, few venvs."""
    folder, lock = world.root / ".venv", world.root / "requirements.lock"
    right = lock.read_text(encoding="utf-8")
    lock.write_text(right[:-2] + ("0" if right[-2] != "0" else "1") + "\n", encoding="utf-8")
    code, said = world.install()
    assert code == 2
    assert "E9-HASH requirements.lock" in said

    lock.write_text(right, encoding="utf-8")
    wheel = world.wheels / "tiny-1.0-py3-none-any.whl"
    wheel.rename(world.root / "aside.whl")
    (folder / "half").touch()
    code, said = world.install()
    assert code == 2
    assert "E9-WHEELHOUSE requirements.lock" in said
    assert "tiny" in said
    assert not (folder / "half").exists()

    (world.root / "aside.whl").rename(wheel)
    newer = world.wheel("tiny", "9999.0")
    assert world.install()[0] == 0
    assert world.version("tiny") == "1.0"
    assert world.install() == (0, "")

    world.lock("requirements-test.lock", wheel, world.wheel("more"))
    (folder / "kept").touch()
    assert world.install(lock="requirements-test.lock")[0] == 0
    assert world.version("more") == "1.0"
    assert (folder / "kept").exists()
    assert world.install() == (0, "")

    stamp = folder / ".installed"
    said_by_stamp = json.loads(stamp.read_text(encoding="utf-8"))
    stamp.write_text(json.dumps({**said_by_stamp, "python": "3.12.99"}), encoding="utf-8")
    assert world.install() == (0, "")

    world.lock("requirements.lock", newer)
    world.root = world.root.rename(world.root.with_name("moved"))
    world.wheels = world.root / "wheels"
    code, said = world.install("--this-python")
    assert code == 0
    assert world.version("tiny") == "9999.0"
    assert not world.version("more")
    assert not (world.root / ".venv/kept").exists()


def test_an_environment_of_another_python_is_named_when_this_one_is_asked_for(world: World) -> None:
    folder = world.root / ".venv"
    world.bounds(">=3.8,<3.9")  # stops before anything is made: only the sentence is looked at
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").touch()
    stamp = {"folder": str(folder), "python": "3.12.99", "whole": "", "contents": {}}
    (folder / ".installed").write_text(json.dumps(stamp), encoding="utf-8")
    code, said = world.install("--this-python")
    assert code == 2
    assert "3.12.99" in said
    assert (folder / "bin/python").exists()


@pytest.mark.parametrize("bounds", [">=3.8,<3.11", ">=3.90,<3.99"])
def test_another_python_is_refused_at_once_and_leaves_nothing(world: World, bounds: str) -> None:
    world.bounds(bounds)
    code, said = world.install()
    assert code == 2
    low, high = bounds[2:].split(",<")
    assert f"E9-PYTHON Python {low} 以上 {high} 未満" in said
    assert "make PYTHON=" in said
    assert not (world.root / ".venv").exists()


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_what_to_install(world: World, missing: str) -> None:
    code, said = world.install(before=f"import sys; sys.modules[{missing!r}] = None; ")
    assert code == 2
    assert "E9-VENV" in said
    assert "apt install python3-venv" in said
    assert not (world.root / ".venv").exists()


def test_an_environment_of_somebody_else_is_not_touched(world: World) -> None:
    theirs = world.root / ".venv/lib/theirs.txt"
    theirs.parent.mkdir(parents=True)
    theirs.touch()
    code, said = world.install()
    assert code == 2
    assert "E9-OTHER" in said
    assert theirs.exists()


def test_a_folder_that_cannot_be_made_is_said_with_its_reason(world: World) -> None:
    (world.root / ".venv").write_text("a file", encoding="utf-8")
    code, said = world.install()
    assert code == 2
    assert "E9-FOLDER" in said


def test_a_full_disk_is_said_before_anything_is_written(world: World) -> None:
    small = world.root / ".venv"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        code, said = world.install()
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert code == 2
    assert "E9-DISK" in said
    assert "20 MB" in said or "19 MB" in said
