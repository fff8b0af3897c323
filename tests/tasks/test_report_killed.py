"""`kill -9` of `minato report` at many moments: the edition stays whole, a new run completes it."""

from __future__ import annotations

import time
from pathlib import Path

from tests.tasks.test_pipeline import bare_copy, contents, report, start

from minato_analysis.project import editions

MOMENTS = (0.5, 2.0, 4.0, 6.0, 8.0)
"""Seconds after which each run is killed; every run goes on from where the one before was."""
OLD = "the edition before\n"


def test_a_killed_report_leaves_the_last_edition_and_is_completed_by_the_next(
    complete: Path, tmp_path: Path
) -> None:
    root = bare_copy(complete, tmp_path / "project")
    name = editions.names(complete)[-1]
    published = root / "reports" / name
    before = {}
    for file in sorted((complete / "reports" / name).iterdir()):
        if file.name != editions.FILE and file.is_file():
            (published / file.name).write_text(OLD, encoding="utf-8")
            before[file.name] = OLD.encode()
    sources = contents(root / "data/published")
    for moment in MOMENTS:
        process = start(root)
        time.sleep(moment)
        process.kill()
        process.communicate()
        now = contents(published)
        now.pop(editions.FILE)
        assert now == before or OLD.encode() not in now.values(), f"torn after {moment} s"
        assert contents(root / "data/published") == sources
    code, output = report(root)
    assert code == 0, output
    assert contents(published) == contents(complete / "reports" / name)
    left = [one for one in root.rglob("*.tmp") if "build" not in one.parts]
    assert left == []
