"""A task's package inputs are exactly what its imports reach."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from minato_analysis.execution import parents
from minato_analysis.tasks import sources


def names(paths: list[Path]) -> set[str]:
    return {path.relative_to(sources.PACKAGE_FOLDER).as_posix() for path in paths}


def test_a_leaf_needs_itself_and_the_packages_above_it() -> None:
    assert names(sources.of_modules("cleaning.errors")) == {
        "__init__.py",
        "cleaning/__init__.py",
        "cleaning/errors.py",
    }


def test_a_name_that_is_no_module_is_refused_and_not_taken_for_nothing() -> None:
    with pytest.raises(LookupError, match=r"no module minato_analysis\.facts"):
        sources.of_modules("numbers.facts", "facts")


def test_imports_are_followed_and_nothing_else_is_taken() -> None:
    found = names(sources.of_modules("data"))
    assert {
        "data/observations.py",
        "cleaning/tables.py",
        "cleaning/numbers.py",
        "cleaning/years.py",
    } <= found
    assert not any(
        name.startswith(("statistics", "reporting", "figures", "tasks")) for name in found
    )


def test_a_notebook_needs_what_its_cells_import(repository: Path) -> None:
    trends = names(sources.of_notebook(repository / "notebooks/02_reoffender_trends.ipynb"))
    assert {
        "analyses/trends.py",
        "statistics/trends.py",
        "data/study.py",
        "data/observations.py",
    } <= trends
    assert "statistics/backtest.py" not in trends
    assert not any(name.startswith(("reporting", "tasks", "execution")) for name in trends)


def test_only_archives_of_earlier_editions_are_inputs(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    declared = "a:\n  - data/*.csv\n  - reports/<earlier>/projections.json\nb:\n  - data/made.csv\n"
    (tmp_path / sources.INPUTS).write_text(declared, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/one.csv").touch()
    for name in ("2024", "2025"):
        (tmp_path / "reports" / name).mkdir(parents=True)
        (tmp_path / "reports" / name / "projections.json").touch()
    made, old = tmp_path / "data/made.csv", tmp_path / "reports/2024/projections.json"
    found = sources.declared_inputs(tmp_path, [made], [old])
    assert found == {"a": [tmp_path / "data/one.csv", old], "b": [made]}
    assert sources.declared_inputs(tmp_path, [made])["a"] == [tmp_path / "data/one.csv"]


def test_what_is_called_apart_counts_as_imported_and_is_loaded_in_the_parent() -> None:
    pipeline = sources.PACKAGE_FOLDER / "tasks/task_pipeline.py"
    code = pipeline.read_text(encoding="utf-8")
    called = set(re.findall(r'"(minato_analysis[a-z_.]+):[a-z_]+"', code))
    assert called == set(parents.OWN)
    found = names(sources.of_modules("tasks.task_pipeline"))
    for module in called:
        assert f"{module.removeprefix('minato_analysis.').replace('.', '/')}.py" in found
    assert "claims/predicates.py" in found


def test_what_is_kept_is_what_is_read(tmp_path: Path) -> None:
    script = """
import json, sys
from pathlib import Path
from minato_analysis.tasks import sources
sources.keep(Path(sys.argv[1]))
if len(sys.argv) > 2:
    sources.ast.parse = None  # nothing may be read from the sources again
print(json.dumps([str(one) for one in sources.of_modules("tasks.task_pipeline")]))
"""
    kept = tmp_path / "cache/imports.json"
    found = [
        subprocess.run(
            [sys.executable, "-c", script, str(kept), *more],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for more in ([], ["again"])
    ]
    assert found[0] == found[1]
    assert json.loads(found[0]) == [str(one) for one in sources.of_modules("tasks.task_pipeline")]
    kept.write_text("damaged", encoding="utf-8")
    again = subprocess.run(
        [sys.executable, "-c", script, str(kept)], capture_output=True, text=True, check=True
    )
    assert again.stdout == found[0]
