"""Made-up municipalities with known truth, for benchmarks and tests. Everything here is fictitious.

    python benchmarks/made_areas.py FOLDER [--areas 1740] [--seed 1]

Writes ``made.csv`` (the table `minato report --areas` reads), ``made.yaml`` (its settings) and ``truth.csv``
(what only a maker knows: the true share of every area in the first and the last year, and its kind). Codes
begin with 9, which no prefecture has; every name begins with 架空.

Sizes are lognormal: the median area has 40 persons arrested in a year, one in six fewer than 10. Eight areas
in ten share one true share that does not move; the others lie higher or lower, or rise or fall.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

FIRST_YEAR, YEARS = 2017, 6
USUAL = 0.47
KINDS = {
    "usual": (0.80, 0.00, 0.00),
    "higher": (0.06, 0.35, 0.00),
    "lower": (0.06, -0.35, 0.00),
    "rising": (0.04, 0.00, 0.40),
    "falling": (0.04, 0.00, -0.40),
}
"""Kind → part of the areas, distance from the usual share, total change; the last two in logits."""

SETTINGS = """# Made up for tests and benchmarks: no such areas exist.
title: 架空の地域別にみた再犯者の割合（試験用）
subject: 架空の表（実在の地域ではありません）
population: 検挙された人（架空）
source: 架空の表から作成（実在の地域ではありません）
built: 令和8(2026)年11月23日
target_year: 2029
target: 46.2
"""


def make(folder: Path, areas: int, seed: int = 1) -> Path:
    """Write the three files into `folder`; return the table."""
    folder.mkdir(parents=True, exist_ok=True)
    # Each area has numbers of its own: more areas do not change the first ones.
    kinds, persons, true, reoffenders = [], [], [], []
    for number in range(areas):
        rng = np.random.default_rng([seed, number])
        kinds.append(str(rng.choice(list(KINDS), p=[part for part, *_ in KINDS.values()])))
        true.append(_true_shares(kinds[-1]))
        persons.append(rng.poisson(rng.lognormal(np.log(40), 1.4), size=YEARS))
        reoffenders.append(rng.binomial(persons[-1], true[-1]))
    codes = [f"{90001 + number}" for number in range(areas)]
    names = [f"架空第{number + 1}市" for number in range(areas)]
    table = folder / "made.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["area_code", "area_name", "year", "persons_arrested", "reoffenders"])
        for at, (code, name) in enumerate(zip(codes, names, strict=True)):
            for year in range(YEARS):
                counts = int(persons[at][year]), int(reoffenders[at][year])
                writer.writerow([code, name, FIRST_YEAR + year, *counts])
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["area_code", "kind", "share_first", "share_last"])
        for code, kind, shares in zip(codes, kinds, true, strict=True):
            writer.writerow([code, kind, f"{shares[0]:.6f}", f"{shares[-1]:.6f}"])
    (folder / "made.yaml").write_text(SETTINGS, encoding="utf-8")
    return table


def _true_shares(kind: str) -> np.ndarray:
    _, distance, change = KINDS[kind]
    logit = np.log(USUAL / (1 - USUAL)) + distance + change * np.linspace(-0.5, 0.5, YEARS)
    return 1 / (1 + np.exp(-logit))


def main() -> None:
    parser = argparse.ArgumentParser(description="Made-up municipalities with known truth")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--areas", type=int, default=1740)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(make(given.folder, given.areas, given.seed))


if __name__ == "__main__":
    main()
