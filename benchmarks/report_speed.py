"""Speed of the report: the plain habit, both engines, one and two tasks at once, the floor, in one run.

    python benchmarks/report_speed.py [--repeats 3] [--write]

Every way makes the newest edition from nothing, in a copy of the project, as commands of its own, so that
every import counts. Compared, interleaved, medians of wall seconds:

* habit: ``papermill`` and ``jupyter nbconvert`` for each notebook, one after the other; nothing else of what
  a report is, no checks of the data, no records;
* ``minato report`` with ordinary kernels and with warm ones, one and two tasks at once;
* floor: the same report by a program written for it alone. Forks of one process with the libraries loaded
  run the cells directly, without Jupyter, pytask or a look at what has changed. What is slower than this is
  overhead, what is in it is the work itself.

Ordinary and warm kernels must give the same bytes, or the run stops. Also timed: ``minato report`` with
nothing changed and with one notebook changed, ``minato --help``. ``--write`` puts table and figure into
``docs/``. The load of the machine at the beginning is printed and written: other work makes ratios noisy.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
PARTS = ("data", "notebooks", "src", "pyproject.toml", "requirements.lock", "requirements-lab.lock")
MADE = ("build", ".pytask", "data/tidy", "pytask.lock")
AUDIT = "audit_report"
CHANGED = "07_measures.ipynb"

Ways = dict[str, Callable[[], object]]
Cells = list[tuple[float, str]]


def bare_copy(target: Path) -> Path:
    """Copy the sources of the editions, nothing generated."""
    for part in PARTS:
        source = REPOSITORY / part
        copy: Any = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, target / part)
    for file in REPOSITORY.glob("reports/*/edition.yaml"):
        (target / file.relative_to(REPOSITORY)).parent.mkdir(parents=True)
        shutil.copy2(file, target / file.relative_to(REPOSITORY))
    return clean(target)


def clean(root: Path) -> Path:
    """Remove everything made; what Python compiled stays, as it does where the package is installed."""
    for name in MADE:
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return root


def command(root: Path, *arguments: str, **environment: str) -> str:
    """Run a command of this environment in `root`; return what it prints."""
    left_out = "MINATO_", "PYTHONDONTWRITEBYTECODE"
    known = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
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


def report(root: Path, **environment: str) -> None:
    """Make the edition where nothing is made."""
    clean(root)
    command(root, "-m", "minato_analysis", "report", **environment)


def habit(root: Path, edition: str) -> None:
    """Run two commands for each notebook; what they read is there from the last report."""
    from minato_analysis.project import editions  # noqa: PLC0415

    folder = root / "habit"
    folder.mkdir(exist_ok=True)
    parameters = json.dumps(editions.load(root, edition).parameters())  # JSON is YAML
    for notebook in sorted(root.glob("notebooks/*.ipynb")):
        executed = str(folder / notebook.name)
        given = "-y", parameters, "--cwd", str(root)
        command(root, "-m", "papermill", str(notebook), executed, *given)
        command(root, "-m", "jupyter", "nbconvert", "--to", "html", executed)


def floor(root: Path, edition: str, at_once: int) -> Cells:
    """Make everything a report consists of; return seconds and first line of every cell.

    Facts, pages and records are made from the notebooks of the last report.
    """
    import importlib  # noqa: PLC0415

    from minato_analysis.execution import environment, parents  # noqa: PLC0415
    from minato_analysis.project import editions  # noqa: PLC0415

    os.environ.update({**environment.FIXED_ENVIRONMENT, "MINATO_ROOT": str(root)})
    gc.disable()  # while importing, as the parent of the warm kernels does
    for name in parents.modules():
        module, _, function = name.partition(":")
        imported = importlib.import_module(module)
        if function:
            getattr(imported, function)()
    gc.freeze()
    gc.enable()
    from minato_analysis.claims import mutation  # noqa: PLC0415
    from minato_analysis.claims.evaluate import text as statements  # noqa: PLC0415
    from minato_analysis.numbers import facts  # noqa: PLC0415
    from minato_analysis.project.files import write_all  # noqa: PLC0415
    from minato_analysis.published import manifest, records  # noqa: PLC0415
    from minato_analysis.reporting import pages  # noqa: PLC0415
    from minato_analysis.tasks import sentences, sources, tidy  # noqa: PLC0415

    made, chosen = root / "build" / edition, editions.load(root, edition)
    executed = sorted((made / "notebooks").glob("*.ipynb"))
    all_facts = made / "pages/facts.json"
    notebooks = sorted(root.glob("notebooks/*.ipynb"))

    def cells(chosen_ones: Iterable[Path]) -> list[Callable[[], Cells]]:
        return [lambda one=one: run_cells(one, chosen.parameters()) for one in chosen_ones]

    write_all(tidy.texts(root))
    analyses = cells(one for one in notebooks if one.name[0].isdigit())
    taken = forked([*analyses, lambda: len(mutation.text(root))], at_once)
    documents = cells(one for one in notebooks if not one.name[0].isdigit() and one.stem != AUDIT)
    others = [
        lambda: len(statements(root)),
        lambda: len(pages.front_page(chosen, root)),
    ]
    taken += forked([*documents, *others], at_once)
    taken += forked(cells(one for one in notebooks if one.stem == AUDIT), at_once)
    facts.dumps(facts.merge(map(facts.read_notebook, executed)))
    rendered = [
        lambda one=one: len(pages.notebook_page(one, chosen, all_facts, root)) for one in executed
    ]
    told = lambda: len(sentences.told(root, edition, all_facts, executed))  # noqa: E731
    forked([told, *rendered], at_once)
    package = sources.of_modules("tasks.task_pipeline")
    products = [one for one in (made / "pages").iterdir() if one.suffix != ".json"]
    texts = records.make(
        root, chosen.model_dump(), package=package, uses={}, generated=[], products=products
    )
    write_all({made / "floor" / manifest.FILE: texts[0], made / "floor" / manifest.CRATE: texts[1]})
    return [cell for one in taken if isinstance(one, list) for cell in one]


def forked(work: Sequence[Callable[[], Any]], at_once: int) -> list[Any]:
    """Return what each call returns, made by a fork for each."""
    waiting, running, results = list(work), {}, []
    while waiting or running:
        while waiting and len(running) < at_once:
            call = waiting.pop(0)
            read, write = os.pipe()
            if not (pid := os.fork()):
                os.write(write, json.dumps(call()).encode())
                os._exit(0)
            os.close(write)
            running[pid] = read
        pid, status = os.wait()
        if status:
            raise SystemExit("a part of the floor failed")
        with open(running.pop(pid), encoding="utf-8") as pipe:
            results.append(json.load(pipe))
    return results


def run_cells(notebook: Path, parameters: dict[str, Any]) -> Cells:
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


def with_one_changed(root: Path) -> None:
    """Make the edition after a change in the prose of one notebook."""
    notebook = root / "notebooks" / CHANGED
    text = notebook.read_text(encoding="utf-8")
    form = json.loads(text)
    cell = next(one for one in form["cells"] if one["cell_type"] == "markdown")
    cell["source"] = [*cell["source"], "\n\nもう一文。"]
    notebook.write_text(json.dumps(form, ensure_ascii=False, indent=1), encoding="utf-8")
    command(root, "-m", "minato_analysis", "report")
    notebook.write_text(text, encoding="utf-8")


def measure(root: Path, edition: str, repeats: int) -> tuple[dict[str, float], Cells]:
    """Return the median seconds of every way, and the cells that take the floor's time."""
    cells: Cells = []

    def own(at_once: int) -> Callable[[], object]:
        arguments = (__file__, "--floor", edition, "--at-once", str(at_once))
        return lambda: cells.extend(json.loads(command(root, *arguments).splitlines()[-1]))

    ways: Ways = {
        "habit: papermill, jupyter nbconvert": lambda: habit(root, edition),
        "`minato report`, ordinary kernels": lambda: report(
            root, MINATO_ENGINE="plain", MINATO_AT_ONCE="1"
        ),
        "`minato report`, ordinary kernels × 2": lambda: report(
            root, MINATO_ENGINE="plain", MINATO_AT_ONCE="2"
        ),
        "`minato report`, warm kernels": lambda: report(root, MINATO_AT_ONCE="1"),
        "floor": own(1),
        "`minato report`, warm kernels × 2": lambda: report(root, MINATO_AT_ONCE="2"),
        "floor × 2": own(2),
        "one notebook changed": lambda: with_one_changed(root),
        "its prose changed back": lambda: command(root, "-m", "minato_analysis", "report"),
        "nothing changed": lambda: command(root, "-m", "minato_analysis", "report"),
        "`minato --help`": lambda: command(root, "-m", "minato_analysis", "--help"),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    plain: dict[str, bytes] = {}
    for number in range(repeats):
        for name, work in ways.items():
            taken[name].append(seconds(work))
            print(f"{number + 1}  {taken[name][-1]:7.2f} s  {name}", file=sys.stderr)
            if "kernels" in name:
                plain = plain or contents(root, edition)
                if contents(root, edition) != plain:
                    raise SystemExit(f"{name}: other bytes; no comparison of speed")
    return {name: median(values) for name, values in taken.items()}, cells


def contents(root: Path, edition: str) -> dict[str, bytes]:
    """Return all executed notebooks and pages."""
    files = [*root.glob(f"build/{edition}/notebooks/*"), *root.glob(f"reports/{edition}/*")]
    return {one.name: one.read_bytes() for one in files}


def table(taken: dict[str, float]) -> str:
    """Return the table in Markdown: seconds, and ratios to the habit and to the floor."""
    slowest, *_ = taken.values()
    lines = ["| way | seconds | habit / way | way / floor |", "|---|---:|---:|---:|"]
    for name, value in taken.items():
        base = taken["floor × 2" if "× 2" in name else "floor"]
        whole = "kernels" in name or "floor" in name
        ratio = f"{value / base:.2f}" if whole else ""
        lines.append(f"| {name} | {value:.2f} | {slowest / value:.1f} | {ratio} |")
    return "\n".join(lines)


def slow_cells(cells: Cells, count: int = 6) -> str:
    """Return the cells that take most of the floor, in Markdown."""
    every: dict[str, list[float]] = {}
    for value, name in cells:
        every.setdefault(name, []).append(value)
    medians = sorted(((median(values), name) for name, values in every.items()), reverse=True)
    total = sum(value for value, _ in medians)
    lines = ["| cell | seconds | of all cells |", "|---|---:|---:|"]
    lines += [f"| `{name}` | {one:.2f} | {one / total:.0%} |" for one, name in medians[:count]]
    return "\n".join([*lines, f"| all cells | {total:.2f} | 100% |"])


def write(docs: Path, taken: dict[str, float], cells: Cells, repeats: int, load: float) -> None:
    """Write ``performance.md`` and its figure."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    docs.mkdir(exist_ok=True)
    mpl.rcParams["svg.hashsalt"] = "performance"
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(
        [name.replace("`", "") for name in taken], list(taken.values()), color="#4477aa"
    )
    axes.bar_label(bars, fmt="%.1f", padding=3)
    axes.invert_yaxis()
    axes.set_xlabel("seconds")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(docs / "performance.svg", metadata={"Date": None})
    text = f"""# Performance

Generated by `python benchmarks/report_speed.py --write`; do not edit. Medians of {repeats} interleaved runs,
{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}; load of
the machine at the beginning {load:.1f}.

{table(taken)}

![Seconds of every way](performance.svg)

Every way makes the edition from nothing, but for the last four lines.

- **habit**: a `papermill` and a `jupyter nbconvert` command for each notebook, one after the other, and
  nothing else of what a report is.
- **ordinary kernels**: a new kernel for each notebook (`MINATO_ENGINE=plain`), the reference. Where the
  system cannot fork, `minato report` uses them by itself.
- **warm kernels**: a parent process imports the libraries once; every notebook, page and check gets a fresh
  fork of it. Same bytes as with ordinary kernels, compared in this run.
- **× 2**: two tasks at once. `minato report` runs as many as there are processors; `MINATO_AT_ONCE` sets
  the number.
- **floor**: the same report by a program written for it alone: forks run the cells directly, without
  Jupyter, pytask and a look at what has changed.

Where the time of the cells goes (one and two at once together, medians):

{slow_cells(cells)}

Many areas in one run: [performance-areas.md](performance-areas.md). More machines: [cluster.md](cluster.md).
"""
    (docs / "performance.md").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the report, side by side")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--floor", metavar="EDITION", help=argparse.SUPPRESS)
    parser.add_argument("--at-once", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.floor:
        print(json.dumps(floor(Path.cwd(), given.floor, given.at_once)))
        return
    from minato_analysis.project import editions  # noqa: PLC0415

    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="minato-speed-") as name:
        root = bare_copy(Path(name))
        report(root)
        taken, cells = measure(root, editions.names(root)[-1], given.repeats)
    print(f"load at the beginning {load:.1f}", table(taken), slow_cells(cells), sep="\n\n")
    if given.write:
        write(REPOSITORY / "docs", taken, cells, given.repeats, load)


if __name__ == "__main__":
    main()
