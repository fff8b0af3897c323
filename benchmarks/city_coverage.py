"""How often the printed intervals hold, over many made-up cities with known truth.

    python benchmarks/city_coverage.py [--cities 5000] [--stations 400] [--seed 1]

The tests ask the same of fewer cities (tests/city). Here besides: what becomes of the projection where the
world is not what it assumes, with one slope and one disturbance for all cities. There the stated rate is not
promised; the table says what to expect.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.city import simulate
from tests.city.simulate import Paths

WORLDS = {
    "no slope, no disturbance": {"slope": 0.0, "sigma": 0.0},
    "slope 0.03, disturbance 0.05": {"slope": 0.03, "sigma": 0.05},
    "slope 0.06, disturbance 0.05": {"slope": 0.06, "sigma": 0.05},
    "no slope, disturbance 0.10": {"slope": 0.0, "sigma": 0.10},
    "slope 0.10, disturbance 0.10": {"slope": 0.10, "sigma": 0.10},
}
"""Worlds the projection does not average over: everything in them is as extreme as named."""


def main() -> None:
    """Print one line for each kind of interval."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--cities", type=int, default=5000)
    parser.add_argument("--stations", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    paths = Paths.draw(rng, asked.cities)
    small = Paths.draw(rng, asked.cities, persons=(40, 90))
    print("as assumed")
    for found in (
        simulate.projections(paths),
        simulate.projections(small, what="projection, 40 to 90 persons a year"),
        simulate.pooled_differences(paths),
        simulate.stations_apart(rng, asked.cities),
        simulate.shrunk_stations(rng, asked.stations),
    ):
        for one in found:
            print(f"  {one}{'' if one.inside else '  OUTSIDE'}")
    for name, world in WORLDS.items():
        print(name)
        for one in simulate.projections(Paths.draw(rng, asked.cities, **world)):
            print(f"  {one}")


if __name__ == "__main__":
    main()
