"""One combination really run: a small project of its own code, data and parameters, in its own process."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.difference import attribution, factors, rerun, side
from minato_analysis.project.checksums import checksum, make_key
from tests.difference import world

PIPELINE = """
import json
from pathlib import Path
from typing import Annotated

import yaml
from pytask import Product, task

from minato_analysis.constant import VALUE

ROOT = Path(__file__).resolve().parents[3]
[EDITION] = [one for one in (ROOT / "reports").glob("*/edition.yaml")]
NAME = EDITION.parent.name
TABLE = ROOT / "data/published/made-up/t1-1.csv"

for _name in ("02_town", "03_aside"):

    @task(id=f"{NAME}-{_name}")
    def task_notebook(
        name: str = _name,
        table: Path = TABLE,
        edition: Path = EDITION,
        executed: Annotated[Path, Product] = ROOT / "build" / NAME / f"notebooks/{_name}.ipynb",
    ) -> None:
        if name != "02_town":
            raise ValueError("a notebook nobody asked for")
        again = int(table.read_text(encoding="utf-8").splitlines()[-1].split(",")[-1])
        values = yaml.safe_load(edition.read_text(encoding="utf-8"))
        found = again + 100 * float(values["confidence"]) + VALUE
        row = {"id": f"town.share.{values['last_year']}", "value": found, "display": "", "digits": 1,
               "unit": "percent", "formula": "f", "observations": ["s/t!r!c"], "notebook": name}
        output = {"data": {"application/vnd.minato.facts+json": [row]}}
        executed.parent.mkdir(parents=True, exist_ok=True)
        executed.write_text(json.dumps({"cells": [{"outputs": [output]}]}))
"""


LETTER = {
    "name": "letter",
    "path": "not-public/letter/t.csv",
    "source_id": "letter",
    "register": True,
    "figure": "",
    "not_public": True,
}


def project(root: Path, constant: float) -> Path:
    """Make a project that has its own small package and pipeline."""
    world.town(root)
    world.write(root, "src/minato_analysis/__init__.py", "")
    world.write(root, "src/minato_analysis/constant.py", f"VALUE = {constant}\n")
    tasks = "src/minato_analysis/tasks"
    world.write(root, f"{tasks}/__init__.py", f'PIPELINE = "{tasks}/task_pipeline.py"\n')
    world.write(root, f"{tasks}/task_pipeline.py", PIPELINE)
    world.write(root, "pyproject.toml", "[tool.pytask.ini_options]\n")
    return root


def recipe(root: Path) -> factors.Recipe:
    both = [side.load(root, "2024")] * 2
    return factors.recipe(*both, (), (), [world.NOTEBOOK])


def test_all_combinations_of_data_code_and_parameter_give_the_known_parts(tmp_path: Path) -> None:
    first, second = project(tmp_path / "first", 1.5), project(tmp_path / "second", 2.25)
    world.deliver(second, world.SERIES, "2023-12", {**world.YEARS, 2022: (53, 47)})
    share = "{area}.share.2022"
    world.publish(first, "2024", "2025-01-31", numbers={share: (139.5, "percent", 1)})
    world.publish(
        second,
        "2025",
        "2025-01-31",
        numbers={share: (139.25, "percent", 1)},
        parameters={"confidence": 0.9},
    )
    before, after = side.load(first, "2024"), side.load(second, "2025")
    was = {file: file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()}
    found = attribution.attribute(before, after, rerun.run)
    one = found.attributed[0]
    assert {part.factors: part.value for part in one.parts} == {
        ("data",): 4,
        ("choices",): -5,
        ("code",): Fraction(3, 4),
    }
    assert (one.whole, one.remainder, found.runs) == (Fraction(-1, 4), 0, 8)
    # Nothing of either project was touched.
    assert was == {
        file: file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()
    }


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("constant.py", "VALUE = 1 / 0\n", "division by zero"),
        ("tasks/task_pipeline.py", PIPELINE.replace('!= "02_town"', '!= "02"'), "nobody asked for"),
    ],
    ids=["while the tasks are collected", "in a task"],
)
def test_code_that_fails_is_a_combination_that_does_not_run(
    tmp_path: Path, file: str, text: str, said: str
) -> None:
    root = project(tmp_path / "town", 1.0)
    world.write(root, f"src/minato_analysis/{file}", text)
    world.publish(root, "2024", "2025-01-31")
    with pytest.raises(rerun.CannotRun) as refused:
        rerun.run(recipe(root))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_notebook_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    root = project(tmp_path / "town", 1.0)
    world.publish(root, "2024", "2025-01-31")
    made = recipe(root)
    gone = factors.Recipe(**{**vars(made), "notebooks": ("09_gone",)})
    with pytest.raises(rerun.CannotRun, match="09_gone"):
        rerun.run(gone)


def test_the_copy_holds_each_ingredient_from_its_own_side(tmp_path: Path) -> None:
    first, second = project(tmp_path / "first", 1.0), project(tmp_path / "second", 2.0)
    world.deliver(second, world.SERIES, "2023-12", {**world.YEARS, 2022: (53, 47)})
    world.write(second, factors.LOCK, "numpy==2.0.1\n")
    world.write(first, "data/not-public/letter/t.csv", "secret\n")
    package = data.descriptor(first)
    make_key(first)
    letter = checksum(first / "data/not-public/letter/t.csv", first)
    package["resources"].append({**LETTER, "hash": letter})
    world.write(first, data.DESCRIPTOR, json.dumps(package, ensure_ascii=False))
    world.publish(first, "2024", "2025-01-31", parameters={"confidence": 0.8})
    world.publish(second, "2025", "2025-01-31")
    world.write(first, "reports/2023/edition.yaml", "edition: '2023'\n")
    world.write(first, "reports/2023/projections.json", "{}")
    sides = side.load(first, "2024"), side.load(second, "2025")
    names = ("data", "window", "choices", "code", "environment")
    copied = rerun.copy(
        factors.recipe(*sides, {"code", "environment"}, names, ["02_town"]), tmp_path / "copy"
    )
    assert (copied / "src/minato_analysis/constant.py").read_text() == "VALUE = 2.0\n"
    assert "43" in (copied / "data/published/made-up/t1-1.csv").read_text()
    assert (copied / "data/not-public/letter/t.csv").read_text() == "secret\n"
    assert checksum(copied / "data/not-public/letter/t.csv", copied) == letter
    assert (copied / factors.LOCK).read_text() == "numpy==2.0.1\n"
    assert "confidence: '0.8'" in (copied / "reports/2025/edition.yaml").read_text()
    assert (copied / "reports/2023/projections.json").is_file()
    assert not (copied / "data/tidy").exists()
