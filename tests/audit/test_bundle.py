"""The bag: valid by the bagit library, complete, and the same every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis.audit import bundle as bags
from minato_analysis.audit import manifest

bagit = pytest.importorskip("bagit")


def test_the_bag_is_valid_and_complete(edition: Path, tmp_path: Path) -> None:
    made = bags.bundle(edition, "2024", tmp_path / "bag")
    bag = bagit.Bag(str(made))
    bag.validate()
    assert bag.algorithms == ["sha512"]
    payload = {path.removeprefix("data/") for path in bag.payload_entries()}
    assert set(manifest.load(edition, "2024").files) <= payload
    assert {"reports/2024/manifest.json", "reports/LEDGER.csv", "pyproject.toml"} <= payload
    assert not [path for path in payload if path.startswith(("build/", ".venv/", ".pytask/"))]
    assert "make report" in (made / bags.START).read_text(encoding="utf-8")


def test_a_damaged_bag_is_not_valid(edition: Path, tmp_path: Path) -> None:
    made = bags.bundle(edition, "2024", tmp_path / "bag")
    page = made / "data/reports/2024/index.html"
    page.write_bytes(page.read_bytes().replace(b"<h1>", b"<h1> ", 1))
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(made)).validate()
    start = made / bags.START
    start.write_text("Everything is fine.", encoding="utf-8")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(made)).validate()


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


def test_a_folder_that_is_no_bag_is_left_alone(edition: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(bags.NotBundled, match="BagIt"):
        bags.bundle(edition, "2024", tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "kept"
