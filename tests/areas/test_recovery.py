"""Withheld counts are attacked as a reader could: by fitting again with every split of what is left over.

The overview prints the sums of all areas, so two withheld areas together are known. If a published value was
fitted on them too, only the true split gives it again. The attack is the same for what is published now and
for values fitted on all areas, where it must succeed.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from minato_analysis.areas import disclosure, overview, records, statistics, study
from minato_analysis.areas.disclosure import Showable
from minato_analysis.areas.settings import Settings
from minato_analysis.areas.table import Areas
from minato_analysis.numbers.facts import FactBook

SETTINGS = Settings(name="made")
TRUTH = ((6, 14), (5, 17))
"""Reoffenders and persons of the two withheld areas."""

Split = tuple[tuple[int, int], ...]


def made(areas: int, hidden: Split = TRUTH) -> Areas:
    """Return areas that may be shown, and two that may not."""
    rng = np.random.default_rng(7)
    n = rng.integers(60, 200, (areas, 2))
    k = rng.binomial(n, rng.normal(0.45, 0.05, (areas, 1)).clip(0.35, 0.6))
    last = [[(k - 1, n - 2), (1, 2)] for k, n in hidden]
    k, n = (np.vstack([a, np.array(last)[:, :, at]]) for at, a in enumerate((k, n)))
    codes = tuple(f"{90001 + at}" for at in range(len(k)))
    return Areas(codes, codes, (2021, 2022), np.stack([n, k]))


def published(areas: Areas, fitted: Showable) -> dict[str, float]:
    """Return the facts of all pages, if models are fitted on the areas `fitted`."""
    shown = disclosure.showable(areas)
    results = statistics.compute(areas, SETTINGS, fitted)
    every = list(records.records(areas, SETTINGS, results, shown, "a.csv"))
    found = {}
    for one in every:
        book = study.AreaStudy(one, FactBook("area_page"))
        study._record_all(book)
        found |= {id: fact.value for id, fact in book.facts.facts.items()}
    run = records.run_of(areas, SETTINGS, results, shown, "a.csv")
    whole = overview.OverviewStudy(
        overview.build(areas, results, run, map(overview.row, every)), FactBook("overview")
    )
    overview._record_all(whole)
    return found | {id: fact.value for id, fact in whole.facts.facts.items()}


def recovered(areas: Areas, shrunk: list[float], within: float) -> set[Split]:
    """Return the splits of the two last areas that give the published values again.

    Parameters
    ----------
    areas : Areas
        Only the shown ones and the sums of the others are looked at.
    shrunk : list of float
        The published values of the shown areas, in percent.
    within : float
        Half a unit of their last digit.
    """
    k, n = areas.reoffenders.sum(axis=1), areas.persons.sum(axis=1)
    rest_k, rest_f = int(k[-2:].sum()), int((n - k)[-2:].sum())
    found = set()
    for k_one, f_one in product(range(rest_k + 1), range(rest_f + 1)):
        k[-2:], n[-2:] = (k_one, rest_k - k_one), (k_one + f_one, rest_k + rest_f - k_one - f_one)
        again = 100 * statistics.shrunk(k, n, n >= 0).mean[:-2]
        if np.abs(again - shrunk).max() <= within:
            found.add(tuple(sorted(zip(k[-2:].tolist(), n[-2:].tolist(), strict=True))))
    return found


@pytest.fixture(scope="module")
def areas() -> Areas:
    return made(statistics.MANY + 2)


def test_the_attack_recovers_what_was_fitted_on_all_areas(areas: Areas) -> None:
    everything = Showable(np.ones(len(areas.codes), bool), np.ones(len(areas.codes), bool))
    results = statistics.compute(areas, SETTINGS, everything)
    values = [records._percent(one) for one in results.shrunk.mean[:-2]]
    assert recovered(areas, values, 1e-7) == {tuple(sorted(TRUTH))}


def test_the_attack_finds_nothing_in_what_is_published(areas: Areas) -> None:
    shown = disclosure.showable(areas)
    assert shown.pooled.tolist() == [True] * (len(areas.codes) - 2) + [False] * 2
    full = statistics.compute(areas, SETTINGS, shown).shrunk.mean
    assert np.isnan(full[-2:]).all()
    assert recovered(areas, [records._percent(one) for one in full[:-2]], 1e-7) == set()
    facts = published(areas, shown)
    values = [facts[f"area.{code}.shrunk"] for code in areas.codes[:-2]]
    found = recovered(areas, values, 0.05)
    assert not found or len(found) > 100


@pytest.mark.parametrize("count", [12, statistics.MANY + 2])
@pytest.mark.parametrize("other", [((2, 15), (9, 16)), ((3, 4), (8, 27))])
def test_every_split_of_what_is_left_over_gives_the_same_pages(count: int, other: Split) -> None:
    one, two = made(count), made(count, other)
    assert published(one, disclosure.showable(one)) == published(two, disclosure.showable(two))


def test_values_fitted_on_all_areas_would_differ(areas: Areas) -> None:
    # The same comparison can fail: with the models of before it does.
    others = made(statistics.MANY + 2, ((2, 15), (9, 16)))
    everything = Showable(np.ones(len(areas.codes), bool), np.ones(len(areas.codes), bool))
    means = [
        statistics.compute(one, SETTINGS, everything).shrunk.mean[:-2] for one in (areas, others)
    ]
    assert not np.array_equal(*means)
