"""The real notebooks, run in every combination, against the answer the statistics give directly.

One printed value is revised and one constant of the code is another. What the projection then is follows
from four calls of the model, so the parts are known without running a notebook. About a minute.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from minato_analysis import data
from minato_analysis.analyses import outlook
from minato_analysis.difference import factors, headlines, rerun, side, text
from minato_analysis.difference.compare import Options
from minato_analysis.difference.factors import Recipe
from minato_analysis.numbers import facts
from minato_analysis.numbers.facts import Fact
from minato_analysis.published import hermetic, manifest
from minato_analysis.statistics import pool, projection, target
from tests import specimen
from tests.difference import world

TABLE = "data/published/minato-plan-draft-2024-12/t2-10.csv"
MODEL = "notebooks/04_indicator_2029.ipynb"
OLD, NEW = (730, 705, 634, 481, 499, 516), (730, 705, 634, 481, 503, 516)
PERSONS = (1581, 1521, 1362, 1092, 1014, 1053)
TARGET, PHI = 462, (0.9, 0.8)
WANTED = ("{area}.share.{last}", headlines.PROBABILITY)


def project(complete: Path, root: Path) -> Path:
    """Copy what the edition 2024 is made from, and its own folder."""
    for name in hermetic.DECLARED:
        source = complete / name
        if source.is_dir() and name != "reports":
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copy(source, root / name)
    shutil.copytree(complete / "reports/2024", root / "reports/2024")
    return root


def revise(root: Path) -> None:
    """Print one past value otherwise, as a corrected transcription."""
    file = root / TABLE
    text = file.read_text(encoding="utf-8")
    for was, now in (("515 人", "511 人"), ("499 人", "503 人"), ("49.2", "49.6")):
        assert text.count(was) == 1
        text = text.replace(was, now)
    file.write_text(text, encoding="utf-8")
    data.seal(root)
    world.tidy(root)
    file = root / MODEL
    code = file.read_text(encoding="utf-8")
    assert code.count("damping: float = 0.9") == 1
    file.write_text(code.replace("damping: float = 0.9", "damping: float = 0.8"), encoding="utf-8")


def publish(root: Path, found: Mapping[str, Fact]) -> None:
    """Make the edition 2025 of a project from the facts of a run."""
    old, new = root / "reports/2024", root / "reports/2025"
    new.mkdir()
    text = (old / "edition.yaml").read_text(encoding="utf-8")
    (new / "edition.yaml").write_text(text.replace('"2024"', '"2025"'), encoding="utf-8")
    (new / "facts.json").write_text(facts.dumps(found.values()), encoding="utf-8")
    shutil.copy(old / "statements.json", new / "statements.json")
    form = json.loads((old / manifest.FILE).read_text(encoding="utf-8")) | {"edition": "2025"}
    listed = {one["name"]: list(one["files"]) for one in form["stages"]}
    listed["product"] = ["reports/2025/facts.json", "reports/2025/statements.json"]
    listed["parameters"] = ["reports/2025/edition.yaml"]
    hashes = {
        stage: {
            path: manifest.sha256((root / path).read_bytes())
            for path in paths
            if (root / path).is_file()
        }
        for stage, paths in listed.items()
    }
    (new / manifest.FILE).write_text(manifest.rewritten(form, hashes), encoding="utf-8")


def chance(reoffenders: tuple[int, ...], phi: float) -> Fraction:
    """Return the probability of meeting the target as a fact stores it."""
    base = outlook.start(specimen.study())
    table = base.area.table.assign(
        reoffenders=np.array(reoffenders, float),
        first_time=np.subtract(PERSONS, reoffenders).astype(float),
    )
    own = replace(base, area=replace(base.area, table=table))
    settings = projection.TrendSettings(phi=phi)
    found = pool.pooled(outlook.project(own, range(2022, 2030), settings))
    return Fraction(repr(facts.stored(100 * float(target.p_target(found, TARGET)[0, -1]))))


def test_real_notebooks_give_the_parts_the_model_gives_directly(
    complete: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tuple(one for one in headlines.HEADLINES if one.role in WANTED)
    monkeypatch.setattr(headlines, "HEADLINES", wanted)
    first = project(complete, tmp_path / "first")
    second = project(complete, tmp_path / "second")
    revise(second)
    ran: dict[tuple[Path, Path], Mapping[str, Fact]] = {}

    def run(recipe: Recipe) -> Mapping[str, Fact]:
        key = recipe.data, recipe.code
        if key not in ran:
            ran[key] = rerun.run(recipe)
        return ran[key]

    before = side.load(first, "2024")
    notebooks = {before.facts[one.role.format_map(before.names)].notebook for one in wanted}
    assert notebooks == {"02_reoffender_trends", "04_indicator_2029"}
    as_it_is = factors.recipe(before, before, (), (), notebooks)
    publish(second, run(Recipe(**{**vars(as_it_is), "data": second, "code": second})))

    options = Options(after=str(second), run=run)
    found = world.compared(first, "2024", "2025", options)
    split = found.attribution
    assert split is not None
    assert [one.name for one in split.factors] == ["data", "code"]
    assert (split.impossible, split.left_out, split.runs, len(ran)) == ((), (), 4, 4)
    parts = {
        one.headline.role: {part.factors: part.value for part in one.parts}
        for one in split.attributed
    }
    assert parts["{area}.share.{last}"] == {("data",): 0, ("code",): 0}
    worth = {(rows, phi): chance(rows, phi) for rows in (OLD, NEW) for phi in PHI}
    of_data = sum(worth[NEW, phi] - worth[OLD, phi] for phi in PHI) / 2
    of_code = sum(worth[rows, PHI[1]] - worth[rows, PHI[0]] for rows in (OLD, NEW)) / 2
    assert parts[headlines.PROBABILITY] == {("data",): of_data, ("code",): of_code}
    assert of_data != 0 != of_code
    assert of_data + of_code == worth[NEW, PHI[1]] - worth[OLD, PHI[0]]
    for one in split.attributed:
        assert sum((part.value for part in one.parts), one.remainder) == one.whole
    revised = {one.label: (one.cause, one.old, one.new) for one in found.revisions}
    assert revised["図表2-10 再犯者数 令和3(2021)年"] == ("transcription", 499, 503)
    assert "計算のコード" in text.text(found)
