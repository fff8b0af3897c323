"""A city that does not exist, drawn from a process whose numbers are known.

The true share of reoffenders follows a straight line on the logit scale with a yearly disturbance; the
persons arrested are Poisson, the reoffenders among them binomial. Offence groups, police stations and ages
split these persons multinomially, so that every identity between the tables holds. Everything is made up.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from minato_analysis.cleaning.text import label
from minato_analysis.cleaning.years import Year, format_year

CODE, NAME, NAME_EN = "99201", "架空市", "Madeup City"
PREFECTURE, PREFECTURE_NAME, PREFECTURE_NAME_EN = "99000", "架空県", "Madeup Prefecture"
STATIONS = ("北町", "南町", "港町")
SOURCE = f"plan-{CODE}"
EDITION = "2026"
YEARS = range(2018, 2023)
GROUP_YEARS = range(2019, 2023)
TARGET_YEAR = 2031
TARGET = "45.0%"
MISSING = ("2-1", "3-4", "3-5", "3-8")
"""Tables the city does not have; its plan's sentences and measures are missing too."""

PENAL = {
    "凶悪犯": 0.04, "粗暴犯": 0.24, "窃盗犯": 0.40, "知能犯": 0.10, "風俗犯": 0.06, "その他の刑法犯": 0.16,
}  # fmt: skip
DRUGS = {"覚醒剤取締法": 0.5, "大麻取締法": 0.35, "麻薬等取締法": 0.15}
AGES = {
    "20〜29歳": 0.55, "30〜39歳": 0.25, "40〜49歳": 0.12,
    "50〜59歳": 0.05, "60〜64歳": 0.02, "65歳以上": 0.01,
}  # fmt: skip
OFFICERS = {2021: (46358, 52500), 2022: (46705, 52500), 2023: (46956, 52500), 2024: (46584, 52500)}
"""Probation officers of the nation and their quota, as the tables of a real plan print them."""


@dataclass(frozen=True)
class Process:
    """The truth.

    Attributes
    ----------
    persons : float
        Persons arrested expected in the first year.
    growth : float
        Yearly growth of that number, a proportion.
    share : float
        True share of reoffenders in the first year.
    slope, sigma : float
        Yearly change of its logit, and the standard deviation of a year's disturbance.
    drugs, cannabis_share : float
        Part of the persons arrested for drugs; true share of reoffenders among the cannabis ones.
    stations : sequence of float
        Parts of the stations.
    """

    persons: float = 820.0
    growth: float = 0.03
    share: float = 0.42
    slope: float = 0.05
    sigma: float = 0.03
    drugs: float = 0.16
    cannabis_share: float = 0.50
    stations: Sequence[float] = (0.45, 0.35, 0.20)


@dataclass(frozen=True)
class City:
    """Drawn counts: by year persons and reoffenders, and how they split; the true share of each year."""

    truth: Mapping[int, float]
    persons: Mapping[int, int]
    reoffenders: Mapping[int, int]
    penal: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    drugs: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    cannabis: Mapping[int, Mapping[str, tuple[int, int]]] = field(default_factory=dict)
    ages: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


def draw(process: Process, rng: np.random.Generator, years: Sequence[int] = tuple(YEARS)) -> City:
    """Draw one city."""
    steps = np.arange(len(years))
    logit = np.log(process.share / (1 - process.share)) + process.slope * steps
    truth = 1 / (1 + np.exp(-(logit + rng.normal(0, process.sigma, len(years)))))
    persons = rng.poisson(process.persons * (1 + process.growth) ** steps)
    reoffenders = rng.binomial(persons, truth)
    penal, drugs, cannabis, ages = {}, {}, {}, {}
    for at, year in enumerate(years):
        if year not in GROUP_YEARS:
            continue
        taken = int(rng.binomial(persons[at], process.drugs))
        penal[year] = _split(rng, int(persons[at]) - taken, PENAL)
        drugs[year] = _split(rng, taken, DRUGS)
        smoked = drugs[year]["大麻取締法"]
        parts = rng.multinomial(smoked, process.stations)
        again = rng.binomial(parts, process.cannabis_share)
        cannabis[year] = {
            name: (int(n), int(k)) for name, n, k in zip(STATIONS, parts, again, strict=True)
        }
        ages[year] = _split(rng, smoked, AGES)
    return City(
        truth=dict(zip(years, map(float, truth), strict=True)),
        persons=dict(zip(years, map(int, persons), strict=True)),
        reoffenders=dict(zip(years, map(int, reoffenders), strict=True)),
        penal=penal,
        drugs=drugs,
        cannabis=cannabis,
        ages=ages,
    )


def fill(root: Path, city: City) -> list[str]:
    """Write the city's counts into the empty tables of its project; return the tables left empty."""
    published = root / "data/published" / SOURCE
    count = city.persons
    first = {year: count[year] - city.reoffenders[year] for year in count}
    _write(published, "t2-10", {
        "検挙人員※": {year: f"{count[year]:,} 人" for year in count},
        "初犯者数": {year: f"{first[year]:,} 人" for year in count},
        "再犯者数": {year: f"{city.reoffenders[year]:,} 人" for year in count},
        "再犯者数割合": {year: percent(city.reoffenders[year], count[year]) for year in count},
    })  # fmt: skip
    penal = {f"うち) {name}": {y: str(n[name]) for y, n in city.penal.items()} for name in PENAL}
    penal["刑法犯総数"] = {y: str(sum(n.values())) for y, n in city.penal.items()}
    _write(published, "t2-04", penal)
    drugs = {name: {y: str(n[name]) for y, n in city.drugs.items()} for name in DRUGS}
    drugs["計"] = {y: str(sum(n.values())) for y, n in city.drugs.items()}
    _write(published, "t2-06", drugs)
    stations = {
        name: {y: "{} ({})".format(*n[name]) for y, n in city.cannabis.items()} for name in STATIONS
    }
    stations["計"] = {
        y: f"{sum(n for n, _ in one.values())} ({sum(k for _, k in one.values())})"
        for y, one in city.cannabis.items()
    }
    _write(published, "t3-02", stations)
    ages = {name: {y: str(n[name]) for y, n in city.ages.items()} for name in AGES}
    ages["計"] = {y: str(sum(n.values())) for y, n in city.ages.items()}
    _write(published, "t3-03", ages)
    _officers(published)
    _prefecture(published)
    _target(published)
    return [f"t{name[0]}-{int(name[2:]):02d}" for name in MISSING]


def percent(part: int, whole: int) -> str:
    """Return a share as tables print it, rounded half up."""
    return f"{int(1000 * part / whole + 0.5) / 10:.1f}%"


def _split(rng: np.random.Generator, whole: int, parts: Mapping[str, float]) -> dict[str, int]:
    drawn: NDArray[np.int64] = rng.multinomial(whole, list(parts.values()))
    return dict(zip(parts, map(int, drawn), strict=True))


def _write(folder: Path, name: str, rows: Mapping[str, Mapping[int, str]]) -> None:
    """Fill a table with years across."""
    file = folder / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        cells = list(csv.reader(stream))
    side = len(cells[0]) - len(next(iter(rows.values())))
    known = {label(key): values for key, values in rows.items()}
    outer = ""
    for row in cells[1:]:
        outer = row[0] or outer
        values = known["/".join(map(label, [outer, *row[1:side]]))]
        row[side:] = [values[year] for year in sorted(values)]
    _save(file, cells)


def _officers(folder: Path) -> None:
    places = {"全国": OFFICERS}
    places[PREFECTURE_NAME] = {year: (812 + 5 * (year - 2021), 960) for year in OFFICERS}
    places[NAME] = {year: (41 - (year - 2021), 48) for year in OFFICERS}
    _write(folder, "t3-07", {
        f"{place}/{what}": {
            year: percent(now, quota) if what == "充足率" else f"{now if what == '現員数' else quota:,}"
            for year, (now, quota) in years.items()
        }
        for place, years in places.items()
        for what in ("現員数", "定数", "充足率")
    })  # fmt: skip


def _prefecture(folder: Path) -> None:
    """Fill the prefecture's table, years down: a large region whose share rises slowly."""
    file = folder / "t2-08.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        cells = list(csv.reader(stream))
    for step, row in enumerate(cells[2:]):
        persons = 21000 - 650 * step
        again = round(persons * (0.46 + 0.004 * step + (0.003 if step % 3 == 1 else 0)))
        row[1:] = [f"{persons:,}", f"{persons - again:,}", f"{again:,}", percent(again, persons)]
    _save(file, cells)


def _target(folder: Path) -> None:
    file = folder / "prose.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        cells = list(csv.reader(stream))
    cells[1][cells[0].index("value")] = TARGET
    assert cells[1][cells[0].index("period")] == format_year(Year(TARGET_YEAR, "fiscal", None))
    _save(file, cells)


def _save(file: Path, cells: Sequence[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(cells)


def arguments(into: Path) -> list[str]:
    """Return the arguments of ``minato init-area`` for this city."""
    return [
        "init-area", CODE, "--name", NAME, "--name-en", NAME_EN,
        "--parent-name", PREFECTURE_NAME, "--parent-name-en", PREFECTURE_NAME_EN,
        *(part for name in STATIONS for part in ("--station", name)),
        "--edition", EDITION, "--first-year", str(YEARS[0]), "--last-year", str(YEARS[-1]),
        "--groups-first-year", str(GROUP_YEARS[0]), "--target-year", str(TARGET_YEAR),
        "--date", "2026-11-23", "--into", str(into),
    ]  # fmt: skip
