"""Which areas are parts of which: codes, names and counts in, totals among the areas out.

A total beside its parts counts persons twice, and gives a withheld part away by subtraction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

PREFECTURES = range(1, 48)
FREE = range(90, 99)
"""First two digits of codes that mean nothing, for tests; 99 is a prefecture made up after the rules."""

CITIES = (
    *("01100", "04100", "11100", "12100", "13100", "14100", "14130", "14150", "15100", "22100", "22130"),
    *("23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100", "99100"),
)  # fmt: skip
"""Cities whose wards have codes of their own (標準地域コード): from the city's up to the next city's or 199.

13100 is 特別区部, the sum of the special wards.
"""

TOTAL_NAME = re.compile(
    r"(?:計|総数|全国|全県|全域|全体|[市郡区]部|町村部|[都道府県]全?|郡|支庁|振興局)$"
)
FEW_AREAS = 16
"""Up to so many areas every sum of some of them is tried."""

UNLIKELY = 7.0
"""A row equals a sum by accident in one table of 2**7, at most."""


@dataclass(frozen=True)
class Total:
    """The area at place `at` holds the areas at places `parts`; `by` says how it was seen."""

    at: int
    parts: tuple[int, ...]
    by: str


def parent(code: str) -> str:
    """Return the code of the total an area belongs to: its city, its prefecture, or the nation.

    >>> parent("14131"), parent("14201"), parent("13112"), parent("99101"), parent("27000")
    ('14130', '14000', '13100', '99100', '00000')
    """
    prefecture, own = code[:2], int(code[2:])
    if own == 0 and int(prefecture) not in FREE:
        return "00000"
    above = [one for one in CITIES if one[:2] == prefecture and one < code]
    return above[-1] if above and own < 200 else f"{prefecture}000"


def totals(
    codes: Sequence[str], names: Sequence[str], counts: IntArray, order: IntArray
) -> list[Total]:
    """Return the areas that are sums of others, by code, by name, or because the numbers agree.

    Parameters
    ----------
    codes, names : sequence of str, length A
    counts : ndarray of int, shape (A, C)
        All numbers of an area; a total is the sum in every one of them.
    order : ndarray of int, shape (A,)
        Places in the order of the file, where totals stand before or after their parts.
    """
    found = {one.at: one for one in _by_number(codes, counts, order)}
    found |= {one.at: one for one in _by_name(codes, names)}
    found |= {one.at: one for one in _by_code(codes)}
    return [found[at] for at in sorted(found)]


def _by_code(codes: Sequence[str]) -> Iterator[Total]:
    below: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        free = int(code[:2]) in FREE
        for one in {"00000"} if free else {parent(code), f"{code[:2]}000", "00000"}:
            below.setdefault(one, []).append(at)
    for at, code in enumerate(codes):
        if parts := [one for one in below.get(code, ()) if one != at]:
            yield Total(at, tuple(parts), "コード")


def _by_name(codes: Sequence[str], names: Sequence[str]) -> Iterator[Total]:
    wards = [at for at, name in enumerate(names) if name.endswith("区")]
    for at, name in enumerate(names):
        parts = [
            other
            for other in (wards if name.endswith("市") else ())
            if names[other].startswith(name) and codes[other][:2] == codes[at][:2]
        ]
        if parts or (TOTAL_NAME.search(name) and not codes[at].endswith("000")):
            yield Total(at, tuple(parts), "名前")


def _by_number(codes: Sequence[str], counts: IntArray, order: IntArray) -> Iterator[Total]:
    """Yield sums in every number, where an accident is unlikely.

    Tried: runs of rows next to it in the file and in the order of the codes, all others of the table, of
    its prefecture and of its city, two others; among few areas all sums.
    """
    some = np.flatnonzero(counts.any(axis=1))
    # One number stands for all of a row: a sum of rows has the sum of their numbers (modulo 2**64).
    weights = np.random.default_rng(0).integers(1, 2**62, counts.shape[1])
    sign = (counts * weights).sum(axis=1)
    # A number of Poisson counts agrees by accident once in about sqrt(4 pi m) trials.
    bits = (0.5 * np.log2(1 + 4 * np.pi * counts)).sum(axis=1)
    seen: set[int] = set()
    areas = max(int(some.size), 1)
    for tried, candidates in (
        (2 + 2 * np.log2(areas), _near(codes, sign, some, order)),
        (3 * np.log2(areas) - 1, _pairs(sign, some)),
        (areas + np.log2(areas), _subsets(sign, some)),
    ):
        enough = tried + UNLIKELY
        for at, parts in candidates:
            if at not in seen and bits[at] >= enough:
                seen.add(at)
                yield Total(at, tuple(sorted(parts)), "数")


def _near(
    codes: Sequence[str], sign: IntArray, some: IntArray, order: IntArray
) -> Iterator[tuple[int, list[int]]]:
    in_file = order[np.isin(order, some)]
    for line in (in_file, in_file[::-1], some, some[::-1]):
        values = sign[line]
        for place, at in enumerate(line.tolist()):
            sums = values[place + 1 :].cumsum()
            for end in np.flatnonzero(sums[1:] == sign[at])[:1].tolist():
                yield at, line[place + 1 : place + 3 + end].tolist()
    for digits in (0, 2, 3):
        groups: dict[str, list[int]] = {}
        for at in some.tolist():
            groups.setdefault(codes[at][:digits], []).append(at)
        for group in groups.values():
            rest = sign[group].sum(keepdims=True) - sign[group]
            for at in np.array(group)[(rest == sign[group]) & (len(group) > 2)].tolist():
                yield at, [one for one in group if one != at]


def _pairs(sign: IntArray, some: IntArray) -> Iterator[tuple[int, list[int]]]:
    line = np.sort(sign[some])
    for at, one in enumerate(some.tolist()):
        others = some[at + 1 :]
        sums = sign[others] + sign[[one]]
        near = line[np.searchsorted(line, sums).clip(max=line.size - 1)]
        for other in others[near == sums].tolist():
            yield int(some[sign[some] == sign[[one]] + sign[[other]]][0]), [one, other]


def _subsets(sign: IntArray, some: IntArray) -> Iterator[tuple[int, list[int]]]:
    if some.size > FEW_AREAS:
        return
    members = np.arange(2**some.size)[:, None] >> np.arange(some.size) & 1
    sums = members @ sign[some]
    wanted = members.sum(axis=1) > 1
    for place, at in enumerate(some.tolist()):
        for row in members[wanted & (sums == sign[at]) & (members[:, place] == 0)][:1]:
            yield at, some[row.astype(bool)].tolist()
