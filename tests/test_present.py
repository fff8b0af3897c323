"""The live project, as it is published today; everything else stands on the specimen (`tests.specimen`).

Ten tests or so look at what moves with the years: these, ``test_readme.py`` and ``tasks/test_repository.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.drafts import ladder
from minato_analysis.project import editions
from minato_analysis.published import hermetic, ledger, manifest


@pytest.fixture(scope="module")
def newest(live: Path) -> str:
    return editions.names(live)[-1]


def test_the_present_data_climb_all_rungs(live: Path) -> None:
    assert [sentence for step in ladder.climb(live) for sentence in step.errors] == []


def test_every_edition_is_the_one_the_ledger_names(live: Path) -> None:
    """Its files are those of its manifest, and that is the last its ledger line names."""
    book = ledger.parse(ledger.read(live))
    last = {line.edition: line.manifest for line in book}
    assert last
    for name, sealed in last.items():
        text = (live / "reports" / name / manifest.FILE).read_bytes()
        assert manifest.sha256(text) == sealed, name
        (product,) = (one for one in manifest.load(live, name).stages if one.name == "product")
        assert product.files
        for path, digest in product.files.items():
            assert manifest.sha256((live / path).read_bytes()) == digest, path


def test_the_present_edition_is_what_the_present_project_makes(
    live: Path, newest: str, tmp_path: Path
) -> None:
    """Built again somewhere else from written files alone: same pages, facts and tables.

    Between `accept` and the next edition the data are ahead of the published pages: then only the ledger
    speaks for these.
    """
    edition = editions.load(live, newest)
    later = [one for one in data.published(data.descriptor(live)) if one["date"] > edition.as_of]
    if later:
        pytest.skip(f"{len(later)} tables are newer than edition {newest}; no edition has them yet")
    built = hermetic.rebuild(live, tmp_path / "project", newest)
    assert not built.problem, built.problem
    project = tmp_path / "project"
    folders = project / "reports" / newest, project / "data/tidy"
    made = [one for folder in folders for one in folder.rglob("*") if one.is_file()]
    for file in (*sorted(made), project / "data/README.md", project / "environment.yml"):
        name = file.relative_to(project)
        assert file.read_bytes() == (live / name).read_bytes(), name
