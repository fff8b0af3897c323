"""An older edition is verified with the data and code of its own commit, whatever came after it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.audit import verify
from minato_analysis.project import earlier
from minato_analysis.published import hermetic, ledger, manifest
from minato_analysis.published.hermetic import Built
from tests.audit.test_verify import git


@pytest.fixture
def committed(copied: Path) -> Path:
    """The edition under version control, its line in the ledger committed after it."""
    git(copied, "init", "-q", "-b", "main")
    line = copied / ledger.FILE
    text = line.read_text(encoding="utf-8")
    line.unlink()
    git(copied, "add", "-A", "-f")
    git(copied, "commit", "-qm", "edition 2024")
    line.write_text(text, encoding="utf-8")
    git(copied, "add", "-A", "-f")
    git(copied, "commit", "-qm", "ledger")
    return copied


def go_on(root: Path) -> None:
    """Let a later document arrive and the code change."""
    package = data.descriptor(root)
    first = next(one for one in package["resources"] if one.get("figure") == "2-10")
    table = root / "data/published/moj-2027-03/t2-10.csv"
    table.parent.mkdir()
    shutil.copy(root / "data" / first["path"], table)
    later = {
        **first,
        "name": "moj-2027-03-t2-10",
        "path": "published/moj-2027-03/t2-10.csv",
        "source_id": "moj-2027-03",
        "series_id": first["source_id"],
        "date": "2027-03-10",
    }
    package["resources"].append(later)
    (root / data.DESCRIPTOR).write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    facts = root / "src/minato_analysis/numbers/facts.py"
    facts.write_text(facts.read_text(encoding="utf-8") + "\n# later\n", encoding="utf-8")
    git(root, "add", "-A", "-f")
    git(root, "commit", "-qm", "a later document")


def test_after_a_later_document_the_edition_is_confirmed_from_its_commit(committed: Path) -> None:
    go_on(committed)
    verdict = verify.quickly(committed, "2024")
    assert verdict.exit_code == 0
    assert "N5-COMMIT" in [one.code for one in verdict.findings]
    git(committed, "clone", "-q", "file://" + str(committed), str(committed.parent / "clone"))
    assert verify.quickly(committed.parent / "clone", "2024").exit_code == 0


def test_without_a_later_document_changed_code_is_a_difference(
    committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "newest_value", lambda root: "")  # as before the first later value
    facts = committed / "src/minato_analysis/numbers/facts.py"
    facts.write_text(facts.read_text(encoding="utf-8") + "\n# now\n", encoding="utf-8")
    assert verify.quickly(committed, "2024").exit_code == 1


def test_a_changed_page_is_found_all_the_same(committed: Path) -> None:
    go_on(committed)
    page = committed / "reports/2024/index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- -->", encoding="utf-8")
    verdict = verify.quickly(committed, "2024")
    assert verdict.exit_code == 1
    assert verdict.first is not None
    assert verdict.first.place.startswith("reports/2024/index.html")


def test_a_commit_that_does_not_hold_what_the_manifest_lists_is_a_difference(
    committed: Path,
) -> None:
    table = committed / "data/breaks.yaml"
    text = table.read_text(encoding="utf-8")
    table.write_text(text + "# not what the edition was made from\n", encoding="utf-8")
    record = committed / "reports/2024" / manifest.FILE
    form = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
    git(committed, "add", "-A", "-f")
    git(committed, "commit", "-qm", "manifest again, beside other data")
    table.write_text(text, encoding="utf-8")
    go_on(committed)
    found = verify.quickly(committed, "2024").findings
    assert "data/breaks.yaml" in [one.place.split(" ")[0] for one in found]


def test_the_rebuild_gets_the_files_of_the_commit(committed: Path, edition: Path) -> None:
    own = (committed / "src/minato_analysis/numbers/facts.py").read_bytes()
    go_on(committed)
    seen = []

    def rebuild(root: Path, target: Path, name: str) -> Built:
        copied = hermetic.copy(root, target)
        seen.append((copied / "src/minato_analysis/numbers/facts.py").read_bytes())
        assert not (copied / "data/published/moj-2027-03").exists()
        return Built(edition, "")

    verdict = verify.fully(committed, "2024", rebuild)
    assert seen == [own]
    assert verdict.exit_code == 0


def test_a_shallow_clone_ends_in_no_verdict_and_says_what_to_do(
    committed: Path, tmp_path: Path
) -> None:
    go_on(committed)
    shallow = tmp_path / "shallow"
    git(committed, "clone", "-q", "--depth", "1", "file://" + str(committed), str(shallow))
    for verdict in (verify.quickly(shallow, "2024"), verify.fully(shallow, "2024")):
        assert verdict.exit_code == 2
        assert verdict.first is not None
        assert verdict.first.code == "E5-SHALLOW"
        assert "git fetch --unshallow" in verdict.first.message


def test_without_version_control_the_files_at_hand_are_used(committed: Path) -> None:
    go_on(committed)
    shutil.rmtree(committed / ".git")
    verdict = verify.quickly(committed, "2024")
    assert verdict.exit_code == 1
    assert "N5-COMMIT" not in [one.code for one in verdict.findings]


def table(root: Path) -> Path:
    package = data.descriptor(root)
    path = next(one["path"] for one in package["resources"] if one.get("figure") == "2-10")
    return root / "data" / path


@pytest.mark.parametrize("saved", [False, True])
def test_a_printed_cell_changed_at_hand_is_a_difference_though_the_commit_has_the_old_one(
    committed: Path, saved: bool
) -> None:
    go_on(committed)
    file = table(committed)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("516 人", "517 人"), encoding="utf-8")
    if saved:
        git(committed, "commit", "-qam", "a cell")
    verdict = verify.quickly(committed, "2024")
    assert verdict.first is not None
    assert (verdict.exit_code, verdict.first.code) == (1, "E5-CELL")
    assert (verdict.first.published, verdict.first.recomputed) == ("516", "517")


def test_a_lost_table_is_a_difference_and_one_that_grew_is_told(committed: Path) -> None:
    go_on(committed)
    series = next((committed / "data/published").glob("*/series.csv"))
    with series.open("a", encoding="utf-8") as stream:
        stream.write("\n")
    verdict = verify.quickly(committed, "2024")
    told = next(one for one in verdict.findings if one.code == "N5-AT-HAND")
    assert verdict.exit_code == 0
    assert series.relative_to(committed).as_posix() in told.message
    assert "facts.py" in told.message or "ほか" in told.message
    table(committed).unlink()
    assert verify.quickly(committed, "2024").exit_code == 1
