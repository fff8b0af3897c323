"""What was published before counts: a withheld count must not follow from the pages of an earlier year."""

from __future__ import annotations

import json
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.areas import published
from minato_analysis.areas.disclosure import Published, Showable, showable
from minato_analysis.areas.errors import AreasError
from minato_analysis.areas.table import Areas
from minato_analysis.numbers.facts import FEW_PERSONS

PAIR = st.integers(0, 45).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
COUNTS = st.integers(2, 5).flatmap(
    lambda count: st.lists(
        st.lists(PAIR, min_size=4, max_size=4), min_size=count, max_size=count
    )
)  # fmt: skip


def of(counts: list[list[tuple[int, int]]], first: int = 2020, code: int = 90001) -> Areas:
    array = np.array(counts)
    codes = tuple(f"{code + at}" for at in range(len(counts)))
    years = tuple(range(first, first + array.shape[1]))
    return Areas(codes, codes, years, np.moveaxis(array, -1, 0))


def said(areas: Areas, shown: Showable) -> Published:
    return published.of_run(areas, shown, "p")


def known(runs: list[tuple[Areas, Showable]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return every published sum as a row over all areas and years, with its reoffenders and persons."""
    last = max((areas for areas, _ in runs), key=lambda one: len(one.years))
    rows = []
    for areas, shown in runs:
        span = len(areas.years)
        if shown.total:
            rows.append([*product(range(len(areas.codes)), range(span))])
        for at in range(len(areas.codes)):
            if shown.pooled[at]:
                rows.append([(at, year) for year in range(span)])
            if shown.yearly[at]:
                rows += [[(at, year)] for year in range(span)]
    forms = np.zeros((len(rows), *last.persons.shape))
    for row, cells in zip(forms, rows, strict=True):
        for cell in cells:
            row[cell] = 1
    flat = forms.reshape(len(rows), -1)
    return flat, flat @ last.reoffenders.ravel(), flat @ last.persons.ravel()


def follows(forms: np.ndarray, wanted: np.ndarray) -> bool:
    """Tell whether a sum follows from published ones by any addition and subtraction."""
    if not len(forms):
        return not wanted.any()
    best = np.linalg.lstsq(forms.T, wanted, rcond=None)[0]
    return bool(np.abs(forms.T @ best - wanted).max() < 1e-6)


def is_small(k: int, n: int) -> bool:
    return any(0 < one < FEW_PERSONS for one in (k, n - k, n)) or (n > 0 and k == n)


def leaks(runs: list[tuple[Areas, Showable]]) -> list[tuple[int, int, int]]:
    """Return area, first and last place of the small sums of years that follow by linear algebra."""
    forms, *_ = known(runs)
    areas = runs[-1][0]
    found = []
    for at in range(len(areas.codes)):
        for i, j in combinations(range(len(areas.years) + 1), 2):
            wanted = np.zeros_like(areas.persons, float)
            wanted[at, i:j] = 1
            k, n = (int(one[at, i:j].sum()) for one in (areas.reoffenders, areas.persons))
            if is_small(k, n) and n > 0 and follows(forms, wanted.ravel()):
                found.append((at, i, j))
    return found


OLD = [
    [(50, 20), (60, 25), (55, 30)],
    [(40, 18), (44, 20), (48, 21)],
    [(90, 40), (95, 45), (99, 50)],
]
NEW = [[*OLD[0], (9, 4)], [*OLD[1], (41, 19)], [*OLD[2], (88, 41)]]


def test_a_year_that_is_small_now_does_not_follow_from_last_years_sums() -> None:
    before, after = of(OLD), of(NEW)
    first = showable(before)
    assert first.yearly.all()
    naive, careful = showable(after), showable(after, [said(before, first)])
    # Without looking back the new sum of the first area is shown, and gives 9 and 4 away.
    assert naive.pooled[0]
    assert (0, 3, 4) in leaks([(before, first), (after, naive)])
    assert careful.pooled.tolist() == [False, False, True]
    assert not leaks([(before, first), (after, careful)])


def test_a_sum_that_was_withheld_does_not_follow_from_this_years() -> None:
    before = of([[(6, 3), (6, 3)], [(23, 11), (24, 12)], [(90, 40), (95, 45)]])
    after = of(
        [[(6, 3), (6, 3), (40, 20)], [(23, 11), (24, 12), (26, 13)], [(90, 40), (95, 45), (80, 41)]]
    )
    first = showable(before)
    assert first.pooled.tolist() == [False, False, True]
    second = showable(after, [said(before, first)])
    assert not leaks([(before, first), (after, second)])
    assert leaks([(before, first), (after, showable(after))])


@given(COUNTS)
def test_nothing_small_follows_from_two_editions(counts: list[list[tuple[int, int]]]) -> None:
    before, after = of([one[:3] for one in counts]), of(counts)
    first = showable(before)
    if not first.total:
        return
    second = showable(after, [said(before, first)])
    if second.total:
        assert not leaks([(before, first), (after, second)])


@given(COUNTS)
def test_the_same_run_again_shows_the_same(counts: list[list[tuple[int, int]]]) -> None:
    before, after = of([one[:3] for one in counts]), of(counts)
    earlier = [said(before, showable(before))]
    first = showable(after, earlier)
    again = showable(after, [*earlier, said(after, first)])
    for one in ("yearly", "pooled"):
        np.testing.assert_array_equal(getattr(first, one), getattr(again, one))


def test_a_city_published_before_counts_as_the_total_of_its_wards() -> None:
    wards = of([[(55, 24), (60, 28)], [(33, 14), (6, 3)], [(70, 35), (81, 36)]], code=99101)
    alone = showable(wards)
    assert alone.yearly.tolist() == [True, False, True]
    city = Published(
        population="p", first=2020, last=2021, yearly=("99100",), pooled=(), withheld=()
    )
    # City minus the two wards would be the third's single years.
    assert showable(wards, [city]).yearly.tolist() == [False, False, True]


def test_withheld_areas_hide_each_other_below_every_total_of_the_code() -> None:
    counts = [[(50, 20), (60, 25)], [(9, 5), (6, 2)], [(8, 6), (14, 5)], [(90, 40), (95, 45)]]
    codes = ("99101", "99102", "99201", "99202")
    loose = of(counts)
    assert showable(loose).pooled.tolist() == [True, False, False, True]
    areas = Areas(codes, codes, loose.years, loose.counts)
    assert not showable(areas).pooled.any()


def test_publications_are_kept_each_once_and_told_from_facts_where_there_is_no_file(
    tmp_path: Path,
) -> None:
    areas = of(OLD)
    new = said(areas, showable(areas))
    published.add(tmp_path, new)
    published.add(tmp_path, new)
    assert published.read([tmp_path, tmp_path / "none"], "p") == (new,)
    assert published.read([tmp_path], "another population") == ()
    text = (tmp_path / published.FILE).read_text(encoding="utf-8")
    assert not {"50", "20", "90", "40"} & {one.strip('[]{}", :') for one in text.split()}
    old = tmp_path / "old"
    old.mkdir()
    of_all = ["t.csv/areas!90001!2020", "t.csv/areas!90001!2021", "t.csv/areas!90001!2022"]
    facts = [
        {"id": f"area.{code}.{name}", "observations": of_all}
        for code, names in (
            ("90001", ("areas", "persons", "persons.2020")),
            ("90002", ("areas", "persons")),
            ("90003", ("areas",)),
        )
        for name in names
    ]
    (old / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    assert published.read([old], "p") == (
        Published(
            population="p", first=2020, last=2022,
            yearly=("90001",), pooled=("90002",), withheld=("90003",),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "{}", "[{}]", "[1"])
def test_a_torn_record_stops_the_run(tmp_path: Path, text: str) -> None:
    (tmp_path / published.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(AreasError, match="E8-PUBLISHED"):
        published.read([tmp_path], "p")
