"""The change of a headline is split between its causes; in a world with known truth the parts are known."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from minato_analysis import data
from minato_analysis.difference import attribution, factors, side
from minato_analysis.difference.attribution import Attribution, Runner
from minato_analysis.difference.factors import Recipe
from minato_analysis.difference.rerun import CannotRun
from minato_analysis.numbers.facts import Fact, stored
from tests.difference import world

CONSTANT = "src/minato_analysis/constant.py"
Combine = Callable[[float, float, float], float]


def add(again: float, confidence: float, constant: float) -> float:
    """Return a share to which data, parameter and code add their own part."""
    return again + 100 * confidence + constant


def multiply(again: float, confidence: float, constant: float) -> float:
    """Return a share in which they act on each other."""
    return again * confidence * constant


def share(
    root: Path, code: Path, values: Mapping[str, Any], combine: Combine
) -> dict[str, tuple[float, str, int]]:
    """Return what an edition of these ingredients publishes as its share."""
    rows = data.observations(root, str(values["as_of"]))
    again = data.series(rows, measure="reoffenders")
    year = int(values["last_year"])
    if year not in again:
        raise CannotRun(f"E0-YEARS {year}")
    namespace: dict[str, float] = {}
    exec((code / CONSTANT).read_text(encoding="utf-8"), namespace)
    found = combine(float(again[year]), float(values["confidence"]), namespace["VALUE"])
    return {f"{{area}}.share.{year}": (stored(found), "percent", 1)}


def runner(combine: Combine) -> tuple[Runner, list[Recipe]]:
    """Return what stands in for the pipeline, and the recipes it was given."""
    asked: list[Recipe] = []

    def run(recipe: Recipe) -> Mapping[str, Fact]:
        asked.append(recipe)
        found = share(recipe.data, recipe.code, recipe.values, combine)
        return {
            id.format(area="town"): Fact(id, value, "", unit, digits, "f", (world.CELL,), "n")
            for id, (value, unit, digits) in found.items()
        }

    return run, asked


def edition(root: Path, name: str, combine: Combine, **parameters: Any) -> side.Side:
    """Publish an edition whose share is what its ingredients give, and read it."""
    values = {"as_of": "2025-01-31", "last_year": 2022, "confidence": 0.95, **parameters}
    numbers = share(root, root, values, combine)
    last = values.pop("last_year")
    world.publish(root, name, values.pop("as_of"), last, numbers=numbers, parameters=values)
    return side.load(root, name)


@pytest.fixture
def projects(tmp_path: Path) -> tuple[Path, Path]:
    """Two project folders with the same ingredients, one for each edition."""
    first = world.town(tmp_path / "first")
    world.write(first, CONSTANT, "VALUE = 1.5\n")
    shutil.copytree(first, tmp_path / "second")
    return first, tmp_path / "second"


def split(before: side.Side, after: side.Side, run: Runner, **options: Any) -> Attribution:
    return attribution.attribute(before, after, run, **options)


def parts(found: Attribution, role: str = "{area}.share.{last}") -> dict[tuple[str, ...], Fraction]:
    [one] = [one for one in found.attributed if one.headline.role == role]
    assert sum((part.value for part in one.parts), one.remainder) == one.whole
    return {part.factors: part.value for part in one.parts}


def test_known_effects_are_found_exactly(projects: tuple[Path, Path]) -> None:
    first, second = projects
    world.deliver(second, world.SERIES, "2023-12", {**world.YEARS, 2022: (53, 47)})  # four more
    world.write(second, CONSTANT, "VALUE = 2.25\n")
    run, asked = runner(add)
    before = edition(first, "2024", add)
    after = edition(second, "2025", add, confidence=0.9)
    found = split(before, after, run)
    assert parts(found) == {
        ("data",): 4,
        ("choices",): -5,
        ("code",): Fraction(3, 4),
    }
    assert found.runs == len(asked) == 8
    assert found.impossible == ()


def test_effects_that_meet_still_sum_to_the_change(projects: tuple[Path, Path]) -> None:
    first, second = projects
    world.deliver(second, world.SERIES, "2023-12", {**world.YEARS, 2022: (53, 47)})
    world.write(second, CONSTANT, "VALUE = 2.25\n")
    run, _ = runner(multiply)
    before = edition(first, "2024", multiply)
    after = edition(second, "2025", multiply, confidence=0.9)
    found = parts(split(before, after, run))
    assert set(found) == {("data",), ("choices",), ("code",)}
    assert sum(found.values()) == Fraction("95.175") - Fraction("61.275")


def test_a_new_year_and_its_data_are_one_group(projects: tuple[Path, Path]) -> None:
    first, second = projects
    world.deliver(second, "later", "2025-01-20", {2023: (50, 50)})
    world.write(second, CONSTANT, "VALUE = 2.0\n")
    run, _ = runner(add)
    before = edition(first, "2024", add)
    after = edition(second, "2025", add, last_year=2023)
    found = split(before, after, run)
    assert parts(found) == {("window", "data"): 7, ("code",): Fraction(1, 2)}
    [one] = found.attributed[:1]
    assert one.parts[0].label == "データとパラメータ（対象の年と時点）（あわせて）"
    assert [why for _, why in found.impossible] == ["E0-YEARS 2023"]


def test_what_reruns_do_not_reproduce_is_a_part_of_its_own(projects: tuple[Path, Path]) -> None:
    first, second = projects
    world.write(second, CONSTANT, "VALUE = 2.5\n")
    run, _ = runner(add)
    before = edition(first, "2024", add)
    world.publish(
        second, "2025", "2025-01-31", numbers={"{area}.share.2022": (160.0, "percent", 1)}
    )
    found = split(before, side.load(second, "2025"), run)
    one = found.attributed[0]
    assert parts(found) == {("code",): 1}
    assert (one.whole, one.remainder) == (Fraction("20.5"), Fraction("19.5"))


def test_environments_are_exchanged_only_when_asked(projects: tuple[Path, Path]) -> None:
    first, second = projects
    world.write(second, factors.LOCK, "numpy==2.0.1\n")
    world.write(second, CONSTANT, "VALUE = 2.5\n")
    run, asked = runner(add)
    before, after = edition(first, "2024", add), edition(second, "2025", add)
    found = split(before, after, run)
    assert found.environment_apart is False
    assert [(one.name, one.differs) for one in found.factors][-1] == (
        "environment",
        ("numpy 2.0.0→2.0.1",),
    )
    assert parts(found) == {("code",): 1}
    assert {one.environment for one in asked} == {"after"}
    found = split(before, after, run, environment=True)
    assert found.environment_apart is True
    assert parts(found) == {("code",): 1, ("environment",): 0}
    assert {one.environment for one in asked} == {"before", "after"}


def test_an_edition_that_does_not_run_again_is_said_so(projects: tuple[Path, Path]) -> None:
    first, second = projects
    world.write(second, CONSTANT, "VALUE = 2.5\n")
    before, after = edition(first, "2024", add), edition(second, "2025", add)

    def run(recipe: Recipe) -> Mapping[str, Fact]:
        if recipe.code == first:
            raise CannotRun("E3-NOTEBOOK: ImportError")
        return runner(add)[0](recipe)

    found = split(before, after, run)
    assert found.attributed == ()
    assert all("計算のコードは2024" in why for _, why in found.left_out)
    assert all("ImportError" in why for _, why in found.left_out)


def test_a_headline_of_one_edition_only_is_named(projects: tuple[Path, Path]) -> None:
    first, second = projects
    edition(first, "2024", add)
    world.publish(
        first, "2024", "2025-01-31", numbers={"{area}.cannabis.mh_or": (1.2, "number", 2)}
    )
    after = edition(second, "2025", add)
    found = split(side.load(first, "2024"), after, runner(add)[0])
    assert [(one.role, why) for one, why in found.left_out] == [
        ("{area}.cannabis.mh_or", "2024 だけにある数値です")
    ]


def test_nothing_is_run_where_nothing_differs(projects: tuple[Path, Path]) -> None:
    first, second = projects
    world.edit(second, "data/sentences.yaml", lambda whole: {**whole, "sentences": []})
    run, asked = runner(add)
    found = split(edition(first, "2024", add), edition(second, "2025", add), run)
    assert (found.factors, found.attributed, asked) == ((), (), [])


def test_code_that_reaches_no_headline_does_not_count(projects: tuple[Path, Path]) -> None:
    first, second = projects
    before = edition(first, "2024", add)
    after = edition(second, "2025", add)
    world.write(second, "notebooks/03_other.ipynb", '{"cells": []}')
    world.seal(second, "2025")
    assert factors.factors(before, side.load(second, "2025"), [world.NOTEBOOK]) == []
    world.write(second, f"notebooks/{world.NOTEBOOK}.ipynb", '{"cells": [], "metadata": {}}')
    edition(second, "2025", add)
    after = side.load(second, "2025")
    assert [one.name for one in factors.factors(before, after, [world.NOTEBOOK])] == ["code"]


def test_parameters_that_do_not_fit_together_are_a_combination_that_does_not_run(
    projects: tuple[Path, Path],
) -> None:
    first, second = projects
    world.deliver(second, "later", "2025-01-20", {2023: (50, 50)})
    before = edition(first, "2024", add, target_year=2023)
    after = edition(second, "2025", add, last_year=2023, target_year=2030)
    found = split(before, after, runner(add)[0])
    # A target in the last year is refused: the years wait for the target, and for their data.
    assert parts(found) == {("window", "data", "choices"): 7}
    assert any("E0-PARAMETER" in why for _, why in found.impossible)
