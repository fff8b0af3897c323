"""Speed of the report: the plain habit, the plain engine, the warm engine and the floor, in one run.

    python benchmarks/report_speed.py [--repeats 3] [--write]

All ways execute the notebooks of the newest edition and turn them into HTML, in a copy of the project,
each as commands of their own, so that every import counts. Compared, interleaved, medians of wall seconds:

* habit: ``papermill`` and ``jupyter nbconvert`` for each notebook, one after the other;
* plain, warm: the engines of this project, pages rendered in the same process;
* floor: forks of a process with the libraries loaded run the cells directly, without Jupyter; the same
  pages are rendered. What is slower than this is overhead, what is in it is the cells' own work.

``× 2`` means two notebooks at once. Plain and warm must give the same bytes, or the run stops. Also timed:
``minato report`` from nothing and with nothing changed. ``--write`` puts table and figure into ``docs/``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
PARTS = ("data", "notebooks", "src", "pyproject.toml", "requirements.lock", "requirements-lab.lock")
Ways = dict[str, Callable[[], object]]


def bare_copy(target: Path) -> Path:
    """Copy the sources of the editions, nothing generated."""
    for part in PARTS:
        source = REPOSITORY / part
        copy: Any = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, target / part)
    shutil.rmtree(target / "data/tidy", ignore_errors=True)
    for file in REPOSITORY.glob("reports/*/edition.yaml"):
        (target / file.relative_to(REPOSITORY)).parent.mkdir(parents=True)
        shutil.copy2(file, target / file.relative_to(REPOSITORY))
    return target


def command(root: Path, *arguments: str, **environment: str) -> str:
    """Run a command of this environment in `root`; return what it prints."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("MINATO_")}
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
    return done.stdout


def habit(root: Path, edition: str) -> None:
    """Run two commands for each notebook."""
    from minato_analysis import editions  # noqa: PLC0415

    folder = root / "build/habit"
    folder.mkdir(parents=True, exist_ok=True)
    parameters = json.dumps(editions.load(root, edition).parameters())  # JSON is YAML
    for notebook in notebooks(root):
        executed = str(folder / notebook.name)
        command(
            root, "-m", "papermill", str(notebook), executed, "-y", parameters, "--cwd", str(root)
        )
        command(root, "-m", "jupyter", "nbconvert", "--to", "html", executed)


def notebooks(root: Path) -> list[Path]:
    """Return the notebooks; documents, which read the facts of the others, last."""
    return sorted(root.glob("notebooks/*.ipynb"))


def in_process(way: str, edition: str, at_once: int) -> None:
    """Be the process of one way: execute all notebooks of the current folder, render all pages."""
    from minato_analysis import editions  # noqa: PLC0415

    root = Path.cwd()
    chosen = editions.load(root, edition)
    facts = root / "build" / edition / "pages/facts.json"
    if way == "floor":
        cells = floor(root, chosen.parameters(), at_once)
        folder = root / "build" / edition / "notebooks"
    else:
        from minato_analysis.execution.run import prepare, run  # noqa: PLC0415

        os.environ["MINATO_ENGINE"] = way
        prepare(root)
        folder = root / "build" / way
        data = [one.relative_to(root).as_posix() for one in (root / "data").rglob("*")]
        inputs = [*data, f"build/{edition}/analysis_facts.json"]
        with ThreadPoolExecutor(at_once) as pool:
            for _ in pool.map(
                lambda one: run(
                    one, folder / one.name, chosen.parameters(), root=root, inputs=inputs
                ),
                notebooks(root),
            ):
                pass
        cells = []
    from minato_analysis.reporting import pages  # noqa: PLC0415

    for one in notebooks(root):
        pages.notebook_page(folder / one.name, chosen, facts, root)
    print(json.dumps(cells))


def floor(root: Path, parameters: dict[str, Any], at_once: int) -> list[tuple[float, str]]:
    """Fork for each notebook and run its cells; return seconds and first line of every cell."""
    import importlib  # noqa: PLC0415

    from minato_analysis.execution import kernel, warm  # noqa: PLC0415

    os.environ.update({**kernel.FIXED_ENVIRONMENT, "MINATO_ROOT": str(root)})
    for name in warm.modules():
        importlib.import_module(name)
    waiting, running, cells = notebooks(root), {}, []
    while waiting or running:
        while waiting and len(running) < at_once:
            notebook = waiting.pop(0)
            read, write = os.pipe()
            if not (pid := os.fork()):
                os.write(write, json.dumps(run_cells(notebook, parameters)).encode())
                os._exit(0)
            os.close(write)
            running[pid] = read
        pid, status = os.wait()
        if status:
            raise SystemExit("a notebook failed in the floor")
        with open(running.pop(pid), encoding="utf-8") as pipe:
            cells += json.load(pipe)
    return cells


def run_cells(notebook: Path, parameters: dict[str, Any]) -> list[tuple[float, str]]:
    """Run the cells of a notebook in this process, their outputs formatted and thrown away."""
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415
    from IPython.utils.capture import capture_output  # noqa: PLC0415

    shell, taken = InteractiveShell.instance(), []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or not source.strip():
            continue
        start = time.perf_counter()
        with capture_output():
            shell.run_cell(source).raise_error()
        if "parameters" in cell["metadata"].get("tags", []):
            shell.user_ns.update(
                {one: parameters[one] for one in parameters if one in shell.user_ns}
            )
        taken.append((time.perf_counter() - start, f"{notebook.stem}: {source.splitlines()[0]}"))
    return taken


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def from_nothing(root: Path, **environment: str) -> None:
    """Build the whole edition where nothing is built."""
    for name in ("build", ".pytask", "data/tidy"):
        shutil.rmtree(root / name, ignore_errors=True)
    (root / "pytask.lock").unlink(missing_ok=True)
    command(root, "-m", "minato_analysis", "report", **environment)


def measure(root: Path, edition: str, repeats: int) -> tuple[dict[str, float], list[Any]]:
    """Return the median seconds of every way, and the cells that take the floor's time."""
    cells: list[Any] = []

    def own(way: str, at_once: int) -> Callable[[], object]:
        arguments = (__file__, "--way", way, "--edition", edition, "--at-once", str(at_once))
        return lambda: cells.extend(json.loads(command(root, *arguments).splitlines()[-1]))

    ways: Ways = {
        "habit: papermill, jupyter nbconvert": lambda: habit(root, edition),
        "plain engine": own("plain", 1),
        "warm engine": own("warm", 1),
        "floor": own("floor", 1),
        "plain engine × 2": own("plain", 2),
        "warm engine × 2": own("warm", 2),
        "floor × 2": own("floor", 2),
        "`minato report`, plain": lambda: from_nothing(root, MINATO_ENGINE="plain"),
        "`minato report`": lambda: from_nothing(root),
        "`minato report`, nothing changed": lambda: command(
            root, "-m", "minato_analysis", "report"
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(repeats):
        for name, work in ways.items():
            taken[name].append(seconds(work))
            print(f"{number + 1}  {taken[name][-1]:7.2f} s  {name}", file=sys.stderr)
            for one in notebooks(root) if name == "warm engine" else []:
                plain, warm = (root / "build" / way / one.name for way in ("plain", "warm"))
                if plain.read_bytes() != warm.read_bytes():
                    raise SystemExit(
                        f"{one.name} differs between the engines: no comparison of speed"
                    )
    return {name: median(values) for name, values in taken.items()}, cells


def table(taken: dict[str, float]) -> str:
    """Return the table in Markdown: seconds, and ratios to the habit and to the floor."""
    slowest, *_ = taken.values()
    lines = ["| way | seconds | habit / way | way / floor |", "|---|---:|---:|---:|"]
    for name, value in taken.items():
        base = None if "`" in name else taken["floor × 2" if "× 2" in name else "floor"]
        ratio = f"{value / base:.2f}" if base else ""
        lines.append(f"| {name} | {value:.2f} | {slowest / value:.1f} | {ratio} |")
    return "\n".join(lines)


def slow_cells(cells: list[Any], count: int = 5) -> str:
    """Return the cells that take most of the floor, in Markdown."""
    every: dict[str, list[float]] = {}
    for value, name in cells:
        every.setdefault(name, []).append(value)
    medians = sorted(((median(values), name) for name, values in every.items()), reverse=True)
    total = sum(value for value, _ in medians)
    lines = ["| cell | seconds | of all cells |", "|---|---:|---:|"]
    lines += [f"| `{name}` | {one:.2f} | {one / total:.0%} |" for one, name in medians[:count]]
    return "\n".join([*lines, f"| all cells | {total:.2f} | 100% |"])


def write(docs: Path, taken: dict[str, float], cells: list[Any], repeats: int) -> None:
    """Write ``performance.md`` and its figure."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    docs.mkdir(exist_ok=True)
    mpl.rcParams["svg.hashsalt"] = "performance"
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(list(taken), list(taken.values()), color="#4477aa")
    axes.bar_label(bars, fmt="%.1f", padding=3)
    axes.invert_yaxis()
    axes.set_xlabel("seconds")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(docs / "performance.svg", metadata={"Date": None})
    text = f"""# Performance

Generated by `python benchmarks/report_speed.py --write`; do not edit. Medians of {repeats} interleaved runs,
{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}.

{table(taken)}

![Seconds of every way](performance.svg)

- **habit**: a `papermill` and a `jupyter nbconvert` command for each notebook, one after the other.
- **plain engine**: an ordinary new kernel for each notebook, pages rendered in the same process.
- **warm engine**: a parent process imports the libraries once; every notebook gets a fresh fork of it.
  Same bytes as the plain engine, compared in this run. `minato report` uses it where the system can fork;
  `MINATO_ENGINE=plain` chooses the other.
- **floor**: forks run the cells directly, without Jupyter, and the same pages are rendered.
- **× 2**: two notebooks at once. `minato report` includes reading and checking the data.

Where the floor's time goes (one notebook at a time and two at once together, medians):

{slow_cells(cells)}
"""
    (docs / "performance.md").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the report, side by side")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--edition", help=argparse.SUPPRESS)
    parser.add_argument("--at-once", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        in_process(given.way, given.edition, given.at_once)
        return
    from minato_analysis import editions  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="minato-speed-") as name:
        root = bare_copy(Path(name))
        command(root, "-m", "minato_analysis", "report")
        taken, cells = measure(root, editions.names(root)[-1], given.repeats)
    print(table(taken), slow_cells(cells), sep="\n\n")
    if given.write:
        write(REPOSITORY / "docs", taken, cells, given.repeats)


if __name__ == "__main__":
    main()
