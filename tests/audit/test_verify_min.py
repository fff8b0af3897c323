"""The small verifier: agrees with the edition, and says which tampering it finds."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from minato_analysis.audit import bundle, verify_min
from minato_analysis.audit.scene import Scene
from minato_analysis.audit.tamper_kinds import KINDS

FOUND = (
    "sealed-cell", "swapped-rows", "tidy-row", "tidy-row-deleted", "fact-value", "display-digits",
    "page-number", "page-value", "number-shown", "embedded-csv",
)  # fmt: skip
NOT_FOUND = ("fact-origin", "page-sentence", "svg-coordinate", "parameter", "notebook-code")
FILE = Path(verify_min.__file__)


def test_it_is_small_and_needs_only_an_old_python(edition: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in [getattr(node, "module", None) or node.names[0].name]
    }
    assert imported <= sys.stdlib_module_names
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(FILE), str(edition), "2024"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "合っています" in done.stdout) == (0, True), done.stdout
    assert verify_min.main([str(edition.parent / "nowhere")]) == 2


@pytest.mark.parametrize("name", [*FOUND, *NOT_FOUND])
def test_which_kinds_of_tampering_it_finds(edition: Path, tmp_path: Path, name: str) -> None:
    root = tmp_path / "copy"
    for part in ("data", "reports", "notebooks"):
        shutil.copytree(edition / part, root / part)
    next(one for one in KINDS if one.name == name).apply(Scene(root, "2024"))
    found, _ = verify_min.verify(str(root), "2024")
    print(f"verify_min {'finds' if found else 'does not find'} {name}: {found[:1]}")
    assert bool(found) == (name in FOUND)


def test_it_lies_in_the_bag_and_judges_it(edition: Path, tmp_path: Path) -> None:
    bag = bundle.bundle(edition, "2024", tmp_path / "bag")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify_min.py"],
        cwd=bag, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "python3 verify_min.py" in (bag / bundle.START).read_text(encoding="utf-8")
