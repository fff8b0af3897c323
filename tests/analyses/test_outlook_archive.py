"""What is archived is what notebook 04 says: same forecasts, rounded as they are published."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from minato_analysis.analyses import outlook, outlook_archive
from minato_analysis.data.study import Study
from minato_analysis.project import projections
from minato_analysis.project.projections import PROBABILITIES, Archive
from minato_analysis.statistics import pool
from tests.analyses.test_outlook import PERSONS, REOFFENDERS, published, world

LAST = PERSONS[-1]


@pytest.fixture(scope="module")
def made() -> tuple[Study, outlook.Base, outlook.Projection, Archive]:
    study = world()
    base = outlook.start(study)
    projected = outlook.record_projection(study, base, outlook.project(base))
    return study, base, projected, outlook_archive.archive(study, base, projected)


def test_every_model_has_every_year_to_the_target_year(made) -> None:
    *_, projected, archive = made
    assert [one.name for one in archive.models] == list(projected.models.index)
    for model in archive.models:
        assert [one.year for one in model.years] == list(range(2023, 2030))
        assert {one.persons for one in model.years} == {LAST}
    assert archive.last.model_dump() == {
        "year": 2022,
        "reoffenders": REOFFENDERS[-1],
        "persons": LAST,
        "published": 48.9,  # 132 / 270
    }
    assert (archive.edition, archive.as_of, archive.target) == ("test", "2025-01-31", 46.2)


def test_quantiles_are_those_of_the_published_value(made) -> None:
    """By the probability function: the smallest published value reached with the probability."""
    *_, projected, archive = made
    for model in archive.models[:4]:
        forecast = projected.forecasts[model.name]
        for step in (0, 6):
            reached = np.cumsum(forecast.pmf(0, step))
            for at, probability in ((0, 0.025), (19, 0.5), (38, 0.975)):
                count = int(np.searchsorted(reached, probability))
                expected = float(published(count, LAST))
                assert model.years[step].quantiles[at] == expected


def test_the_target_year_agrees_with_the_recorded_facts(made) -> None:
    study, *_, archive = made
    for model in archive.models:
        end = model.years[-1]
        for name, probability in (("low95", 0.025), ("median", 0.5), ("high80", 0.9)):
            fact = study.facts.get(f"projection.2029.{model.name}.{name}")
            assert f"{projections.quantile(end, probability):.1f}%" == fact.display
        chance = study.facts.get(f"projection.2029.{model.name}.p_target").value
        assert end.p_target == pytest.approx(chance / 100, abs=5e-5)


def test_a_region_that_is_known_further_lends_only_the_years_up_to_the_forecast(made) -> None:
    """The nation is known to 2023: 2023 with it, later years with all of it."""
    _, base, _, archive = made
    model = next(one for one in archive.models if one.name == "three_level_level")
    assert [(one.first_year, one.last_year) for one in model.data] == [
        (2017, 2022),
        (2010, 2023),
        (2013, 2022),
    ]
    z, v, last = outlook.observed(base)
    found = pool.members(z, v, LAST, np.array([2023, 2024]) - last)["three_level_level"]
    for step, year in enumerate(model.years[:2]):
        counts = found.quantile(PROBABILITIES)[0, step]
        assert list(year.quantiles) == [float(published(int(k), LAST)) for k in counts]


def test_settings_tell_how_a_model_was_set(made) -> None:
    *_, archive = made
    assert archive.default == "pool"
    settings = {one.name: one.settings for one in archive.models}
    assert settings["pool"]["phi"] == 0.9
    assert settings["three_level_damped"]["deviation_scale"] == 0.03
    assert settings["mean"] == {}


def test_the_notebook_shows_a_table_and_carries_the_archive(made) -> None:
    study, base, projected, archive = made
    kept = outlook_archive.kept(study, base, projected)
    bundle = kept._repr_mimebundle_()
    assert projections.Archive.model_validate(bundle[projections.MIME]) == archive
    rows = {row[0]: row[1:] for row in kept.table.rows}
    first = archive.models[0].years[0]
    assert rows["見込みのまとめ"][0] == f"{Decimal(str(projections.quantile(first, 0.5)))}%"
    assert len(rows) == len(archive.models)
