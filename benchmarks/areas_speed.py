"""Speed of many areas: the plain ways, the warm way, the floor, and growth with areas, in one run.

    python benchmarks/areas_speed.py [--repeats 3] [--areas 10 100 1000] [--dask] [--write]

Made-up municipalities (``made_areas.py``) in a copy of the project. Compared, interleaved, medians, for each
page in seconds of processor time, so that other work on the machine counts little, and in wall seconds:

* habit: ``papermill`` and ``jupyter nbconvert`` as commands for each area;
* plain: papermill's own way with an ordinary kernel for each area, pages rendered in one process;
* warm: ``minato report --areas``; the cost of one more area is the slope between the sizes;
* floor: one process that has everything loaded runs the cells and renders the pages, nothing else; the
  cells' own time in it; and the same floor drawn by matplotlib.

Plain and warm must give the same bytes, or the run stops. ``--dask`` adds two workers on this machine.
``--write`` puts table and figure into ``docs/performance-areas.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from made_areas import make

REPOSITORY = Path(__file__).resolve().parents[1]
COUNTRY = 1740
"""About so many municipalities the country has."""

SAMPLE = 4
"""Areas whose pages the slow ways make."""

FLOOR = 250
"""Areas whose pages the floor makes, about."""

Cost = dict[str, float]


def copy(target: Path) -> Path:
    """Copy what a run over areas needs of the project."""
    for part in ("src", "notebooks/areas"):
        shutil.copytree(REPOSITORY / part, target / part)
    (target / "data").mkdir()
    shutil.copy2(REPOSITORY / "data/datapackage.json", target / "data")
    return target


def run(root: Path, *arguments: str, **environment: str) -> tuple[str, Cost]:
    """Run a command of this environment in `root`; return what it prints and what it costs."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("MINATO_")}
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={**known, "PYTHONPATH": str(root / "src"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, {"wall": time.perf_counter() - start, "cpu": cpu}


def step(root: Path, *arguments: str, **environment: str) -> Any:
    """Run one of the steps below as a process of its own; return what it finds."""
    out, cost = run(root, str(Path(__file__)), "--step", *arguments, **environment)
    return {**cost, **json.loads(out.splitlines()[-1])}


# Steps, each in a process of its own


def report(root: Path, table: Path, out: str, jobs: str, dask: str = "") -> Cost:
    """Run the command and tell what it used."""
    from minato_analysis.areas import command, settings  # noqa: PLC0415
    from minato_analysis.areas.preparing import prepare  # noqa: PLC0415

    start = time.perf_counter(), time.process_time()
    prepare(root, table, settings.load(table))
    prepared = {
        "statistics": time.perf_counter() - start[0],
        "statistics_cpu": time.process_time() - start[1],
    }
    begun = time.perf_counter()
    command.report(root, table, out=Path(out), jobs=int(jobs), dask=dask or None)
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        **prepared,
        "pages": time.perf_counter() - begun,
        "memory": own.ru_maxrss / 1024,
        "memory_of_workers": others.ru_maxrss / 1024,
    }


def plain(root: Path, table: Path, out: str) -> Cost:
    """Make the pages of a sample, each with an ordinary kernel; loading the libraries is left out."""
    from minato_analysis.areas import pool  # noqa: PLC0415
    from minato_analysis.execution import run as _  # noqa: F401, PLC0415

    codes, maker = sample(root, table.stem), pool.PlainMaker(root, table.stem)
    list(maker.make(codes[:1]))
    with used() as cost:
        for made in maker.make(codes):
            (Path(out) / f"{made.code}.html").write_text(made.html, encoding="utf-8")
    return per_page(cost, len(codes))


def floor(root: Path, table: Path, canvas: str) -> Cost:
    """Make pages in this process, all loaded: the cells' own time, and with the rendering."""
    from minato_analysis.areas import cells, worker  # noqa: PLC0415
    from minato_analysis.figures.sheet import Canvas as Matplotlib  # noqa: PLC0415

    os.environ["MINATO_ROOT"] = str(root)
    if canvas == "matplotlib":
        worker.Canvas = Matplotlib
    every = codes_of(root, table.stem)
    codes = every[10 :: max(1, len(every) // FLOOR)]  # as mixed as those the slope is about
    within, execute = [0.0], cells.execute

    def timed(*given: Any) -> Any:
        start = time.process_time()
        executed = execute(*given)
        within[0] += time.process_time() - start
        return executed

    cells.execute = timed
    for code in codes[:10]:
        worker.page(root, table.stem, code)
    within[0] = 0.0
    with used() as cost:
        for code in codes:
            worker.page(root, table.stem, code)
    return {**per_page(cost, len(codes)), "cells": within[0] / len(codes)}


def habit(root: Path, table: Path, out: str) -> Cost:
    """Run two commands for each area of a sample."""
    codes, folder = sample(root, table.stem), Path(out)
    with used() as cost:
        for code in codes:
            notebook, executed = "notebooks/areas/area_page.ipynb", folder / f"{code}.ipynb"
            parameters = json.dumps({"run": table.stem, "area_code": code})
            known = {"MINATO_ROOT": str(root)}
            run(root, "-m", "papermill", notebook, str(executed), "-y", parameters, **known)
            run(root, "-m", "jupyter", "nbconvert", "--to", "html", str(executed), **known)
    return per_page(cost, len(codes))


def codes_of(root: Path, run_name: str) -> list[str]:
    folder = root / "build/areas" / run_name / "inputs"
    return sorted(one.stem for one in folder.glob("*.json"))


def sample(root: Path, run_name: str) -> list[str]:
    """Return areas as they come, not the largest nor the smallest."""
    return codes_of(root, run_name)[:SAMPLE]


@contextmanager
def used() -> Iterator[Cost]:
    """Measure wall seconds and processor seconds, those of ended processes too."""
    cost: Cost = {}
    start, before = time.perf_counter(), processor_seconds()
    yield cost
    cost |= {"wall": time.perf_counter() - start, "cpu": processor_seconds() - before}


def processor_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def per_page(cost: Cost, pages: int) -> Cost:
    return {f"{name}_page": value / pages for name, value in cost.items()}


STEPS: dict[str, Callable[..., Cost]] = {one.__name__: one for one in (report, plain, floor, habit)}


# The comparison


def measure(root: Path, sizes: list[int], repeats: int, dask: bool) -> dict[str, Any]:
    """Return the cost of every way."""
    tables = {size: named(root, size) for size in sizes}
    few = tables[sizes[1] if len(sizes) > 1 else sizes[0]]
    pages = root / "pages"
    found: dict[str, list[Any]] = {}

    def note(name: str, cost: Cost) -> None:
        found.setdefault(name, []).append(cost)
        told = ", ".join(f"{key} {value:.3f}" for key, value in cost.items())
        print(f"{name:24} load {os.getloadavg()[0]:4.1f}  {told}", file=sys.stderr)

    for number in range(repeats):
        for size in sizes:
            if number and size == max(sizes):
                continue  # once: it is long, and long is steady
            shutil.rmtree(root / "build/areas" / tables[size].stem, ignore_errors=True)
            note(
                f"warm {size}",
                step(root, "report", str(tables[size]), str(pages / f"w{size}"), "1"),
            )
        note("plain", step(root, "plain", str(few), made(pages / "plain")))
        for name, canvas in (("floor", "direct"), ("floor by matplotlib", "matplotlib")):
            note(name, step(root, "floor", str(tables[sizes[-1]]), canvas, **environment()))
        if not number:
            note("habit", step(root, "habit", str(few), made(pages / "habit")))
        for page in (pages / "plain").glob("*.html"):
            if page.read_bytes() != (pages / f"w{few.stem[4:]}" / page.name).read_bytes():
                raise SystemExit(f"{page.name} differs between the ways: no comparison of speed")
    if dask:
        shutil.rmtree(root / "build/areas" / few.stem)
        with two_workers(root) as address:
            note("dask", step(root, "report", str(few), str(pages / "dask"), "1", address))
    country = named(root, COUNTRY)
    note("statistics", step(root, "report_statistics", str(country)))
    for costs in found.values():
        for one in costs:
            one["pages_cpu"] = one["cpu"] - one.get("statistics_cpu", 0.0)
    return {name: middle(costs) for name, costs in found.items()}


def report_statistics(root: Path, table: Path) -> Cost:
    """Compute all statistics of the whole country."""
    from minato_analysis.areas import disclosure, settings, statistics  # noqa: PLC0415
    from minato_analysis.areas.table import read  # noqa: PLC0415

    areas, chosen = read(table), settings.load(table)
    with used() as cost:
        statistics.compute(areas, chosen, disclosure.showable(areas))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"call": cost["wall"], "call_cpu": cost["cpu"], "memory": memory}


STEPS["report_statistics"] = report_statistics


def environment() -> dict[str, str]:
    """Return what the processes that draw pages are started with."""
    from minato_analysis.execution.environment import FIXED_ENVIRONMENT  # noqa: PLC0415

    return dict(FIXED_ENVIRONMENT)


def named(root: Path, size: int) -> Path:
    """Make a table of `size` areas whose run has a name of its own."""
    table = make(root / f"made{size}", size)
    renamed = table.with_name(f"made{size}.csv")
    table.rename(renamed)
    table.with_suffix(".yaml").rename(renamed.with_suffix(".yaml"))
    return renamed


def made(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


@contextmanager
def two_workers(root: Path) -> Iterator[str]:
    """Run a scheduler and two workers on 127.0.0.1; yield the address."""
    here, dask = "127.0.0.1", [sys.executable, "-m", "dask"]
    known = {**os.environ, "PYTHONPATH": str(root / "src")}
    with ExitStack() as stack:

        def started(*arguments: str, until: str) -> str:
            process = stack.enter_context(
                subprocess.Popen(
                    [*dask, *arguments], stderr=subprocess.PIPE, text=True, env=known, cwd=root
                )
            )
            stack.callback(process.kill)
            assert process.stderr
            for line in process.stderr:
                if match := re.search(until, line):
                    return match[1]
            raise SystemExit("Dask does not start")

        where = ("--host", here, "--no-dashboard")
        address = started("scheduler", *where, "--port", "0", until=r"Scheduler at:\s+(\S+)")
        for _ in range(2):
            options = ("--nthreads", "1", "--no-nanny", *where)
            started("worker", address, *options, until=r"(Registered to)")
        yield address


def middle(costs: list[Cost]) -> Cost:
    return {name: median(one[name] for one in costs) for name in costs[0]}


def slope(found: dict[str, Any], sizes: list[int], of: str) -> tuple[float, float]:
    """Return start and cost of one more area, from the smallest and the largest run."""
    small, large = (found[f"warm {size}"][of] for size in (sizes[0], sizes[-1]))
    one_more = (large - small) / (sizes[-1] - sizes[0])
    return small - one_more * (sizes[0] + 1), one_more


def tables(found: dict[str, Any], sizes: list[int]) -> str:
    """Return the tables in Markdown."""
    (start, warm), (_, counted) = (
        slope(found, sizes, "pages_cpu"),
        slope(found, sizes, "statistics_cpu"),
    )
    base, drawn = found["floor"]["cpu_page"], found["floor by matplotlib"]["cpu_page"]
    slow = found["plain"]["cpu_page"]
    ways = {
        "habit: `papermill`, `jupyter nbconvert`": found["habit"]["cpu_page"],
        "plain papermill, pages rendered in one process": slow,
        "`minato report --areas`, one page more": warm,
        "floor: cells and page in one process": base,
        "of it, the cells": found["floor"]["cells"],
        "floor if matplotlib draws": drawn,
    }
    lines = [
        "| way | processor seconds a page | plain / way | way / floor |",
        "|---|---:|---:|---:|",
    ]
    for name, value in ways.items():
        lines.append(f"| {name} | {value:.3f} | {slow / value:.1f} | {value / base:.2f} |")
    lines += [
        "",
        "| areas | statistics, s | pages, s (one process) | processor, s | memory, MB | worker, MB |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for size in sizes:
        one = found[f"warm {size}"]
        cells = [one[key] for key in ("statistics", "pages", "cpu")]
        memory = f"{one['memory']:.0f} | {one['memory_of_workers']:.0f}"
        lines.append(f"| {size:,} | {' | '.join(f'{value:.1f}' for value in cells)} | {memory} |")
    lines += [
        "",
        f"Start {start:.1f} s of one processor; each further area {warm:.3f} s for its page and "
        f"{counted:.3f} s for its statistics.",
    ]
    if "dask" in found:
        size = sizes[1] if len(sizes) > 1 else sizes[0]
        lines.append(
            f"Through Dask, two workers on this machine: {size} areas in {found['dask']['pages']:.1f} s, "
            "the start of the workers' processes included."
        )
    return "\n".join(lines)


def write(docs: Path, found: dict[str, Any], sizes: list[int], repeats: int, load: str) -> None:
    """Write ``performance-areas.md`` and its figure."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    mpl.rcParams["svg.hashsalt"] = "performance-areas"
    figure = Figure(figsize=(8, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    start, one_more = slope(found, sizes, "cpu")
    ends = [sizes[0], sizes[-1]]
    left.plot(ends, [start + one_more * (size + 1) for size in ends], color="#4477aa")
    left.plot(sizes, [found[f"warm {size}"]["cpu"] for size in sizes], "o", color="#4477aa")
    left.set(ylim=(0, None), xlabel="areas", ylabel="processor seconds")
    right.plot(sizes, [found[f"warm {size}"]["memory"] for size in sizes], "o-", label="command")
    workers = [found[f"warm {size}"]["memory_of_workers"] for size in sizes]
    right.plot(sizes, workers, "s--", label="largest worker")
    right.set(ylim=(0, None), xlabel="areas", ylabel="memory, MB")
    right.legend(frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.set_major_formatter("{x:,.0f}")
    figure.savefig(docs / "performance-areas.svg", metadata={"Date": None})
    statistics, (first, warm) = found["statistics"], slope(found, sizes, "cpu")
    country = first + warm * (COUNTRY + 1)
    slow = found["plain"]["cpu_page"] * COUNTRY
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    text = f"""# Performance with many areas

Generated by `python benchmarks/areas_speed.py --write`; do not edit. Medians of up to {repeats} interleaved
runs, {machine}, Python {platform.python_version()}, load of the machine {load}.
Made-up municipalities of all sizes; those with few persons have pages without figures.

{tables(found, sizes)}

![Processor seconds and memory by number of areas](performance-areas.svg)

- **plain**: papermill with an ordinary kernel for each area. Same bytes as `minato report --areas`, compared
  in this run.
- **`minato report --areas`**: one process imports the libraries; its forks make up to 40 pages each. Cells
  run in the fork without a kernel's sockets, and figures are written as SVG without matplotlib's artists.
- **floor**: everything loaded, one process, no fork, nothing stored.
- Statistics of {COUNTRY:,} areas in one call: {statistics["call"]:.1f} s, {statistics["memory"]:.0f} MB.
- **The whole country**, {COUNTRY:,} municipalities, from these numbers: about {country:.0f} s of one
  processor, {country / 2 / 60:.1f} minutes on two; in the plain way {slow / 3600:.1f} hours of one processor.
- Memory of the command grows by the arrays of the statistics. "Worker" is the largest of its processes as the
  system counts it, what that process held before it became another program included: an upper bound.
"""
    (docs / "performance-areas.md").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of many areas, side by side")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--areas", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--dask", action="store_true", help="also through Dask, two workers here")
    parser.add_argument("--write", action="store_true", help="write docs/performance-areas.md")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        name, table, *more = given.step
        print(json.dumps(STEPS[name](Path.cwd(), Path(table), *more)))
        return
    load = f"{os.getloadavg()[0]:.1f}"
    with tempfile.TemporaryDirectory(prefix="minato-areas-speed-") as name:
        found = measure(copy(Path(name)), sorted(given.areas), given.repeats, given.dask)
    load += f" before, {os.getloadavg()[0]:.1f} at the end"
    print(tables(found, sorted(given.areas)))
    print(f"load {load}")
    if given.write:
        write(REPOSITORY / "docs", found, sorted(given.areas), given.repeats, load)


if __name__ == "__main__":
    main()
