"""Generated files of the repository: ``data/README.md``, ``environment.yml``, ``CITATION.cff``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from minato_analysis.project.publisher import FILE

CONDA_PYTHON = "3.12"
"""Python of the conda environment; the locks hold for 3.11 to 3.14 alike."""

_PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: *; *(?P<marker>[^\\]*[^ \\]))?"
)


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """Return version and environment marker of every package in a lock file, hashes left out.

    >>> pins("numpy==2.4.6 \\\\\\n  --hash=sha256:00\\npywin==1 ; sys_platform == 'win32' \\\\\\n")
    {'numpy': ('2.4.6', ''), 'pywin': ('1', "sys_platform == 'win32'")}
    """
    matches = (_PIN.match(line) for line in lock.splitlines())
    return {one["name"]: (one["version"], one["marker"] or "") for one in matches if one}


def conda_environment(locks: Iterable[str]) -> str:
    """Return ``environment.yml``: Python from conda, every package with the pin of the lock files.

    A package that one lock needs everywhere and another only on some platforms is needed everywhere.

    Raises
    ------
    ValueError
        Two locks pin different versions of one package.
    """
    every: dict[str, tuple[str, set[str]]] = {}
    for lock in locks:
        for name, (version, marker) in pins(lock).items():
            known, markers = every.setdefault(name, (version, set()))
            if known != version:
                raise ValueError(f"{name}: {known} and {version} in two lock files")
            markers.add(marker)
    lines = [
        "# Generated from requirements.lock and requirements-lab.lock by `make report`; do not edit.",
        "# The packages come as wheels with the pins of the lock, so that every way of installing",
        "# gives the same versions and with them the same bytes.",
        "name: minato-analysis",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python={CONDA_PYTHON}",
        "  - pip",
        "  - pip:",
        *(f'      - "{name}=={every[name][0]}{_marker(every[name][1])}"' for name in sorted(every)),
    ]
    return "\n".join(lines) + "\n"


def citation(project: Mapping[str, Any], publisher: Mapping[str, Any]) -> str:
    """Return ``CITATION.cff`` (Citation File Format 1.2), with nothing in it that nobody has said.

    Parameters
    ----------
    project : mapping
        The table ``[project]`` of ``pyproject.toml``.
    publisher : mapping
        The contents of ``publisher.yaml``. Without a publisher the authors are named as in ``LICENSE``.

    Examples
    --------
    >>> about = {"name": "a", "version": "1", "license": "MIT", "description": "B"}
    >>> print(citation(about, {"publisher": "", "doi": ""}).splitlines()[-1])
    version: "1"
    """
    fields = {
        "title": project["name"],
        "abstract": project["description"],
        "license": project["license"],
        "version": project["version"],
        "doi": publisher.get("doi"),
        "repository-code": publisher.get("repository"),
    }
    author = publisher.get("publisher") or f"The {project['name']} authors"
    lines = [
        f"# Generated from pyproject.toml and {FILE} by `make report`; do not edit.",
        "cff-version: 1.2.0",
        "type: software",
        "message: If you use the pages or the program, please cite the edition and this file.",
        "authors:",
        f"  - name: {json.dumps(author, ensure_ascii=False)}",
        *(
            f"{key}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in sorted(fields.items())
            if value
        ),
    ]
    return "\n".join(lines) + "\n"


def _marker(markers: set[str]) -> str:
    if "" in markers:
        return ""
    return " ; " + " or ".join(f"({one})" if len(markers) > 1 else one for one in sorted(markers))


def data_readme(package: Mapping[str, Any], definitions: Mapping[str, Mapping[str, str]]) -> str:
    """Return ``data/README.md``: every table, its source, its definition; the charts without numbers."""
    lines = [
        "# データ / Data",
        "",
        "このファイルは `datapackage.json` と `definitions.yaml` から作られます（`make report`）。",
        "Generated from `datapackage.json` and `definitions.yaml`; do not edit.",
        "",
        f"{package['description']}",
        "",
        "## 公表された表 / Published tables",
        "",
        "| ファイル | 表題 | Title | 出典（節） | 時点 | 定義 |",
        "|---|---|---|---|---|---|",
    ]
    for one in package["resources"]:
        if one.get("generated"):
            continue
        source = "、".join(source["title"] for source in one["sources"])
        section = f"（{one['section']}）" if one.get("section") else ""
        lines.append(
            f"| [`{one['path']}`]({one['path']}) | {one['title']} | {one['title_en']} "
            f"| {source}{section} | {one['date']} | {', '.join(f'`{name}`' for name in one['definition'])} |"
        )
    lines += [
        "",
        "## 整理した値 / Tidy observations",
        "",
        "`tidy/observations.csv`: 印刷された値1つが1行。`tidy/identities.csv`: 表どうしの恒等式とその結果。",
        "",
        "| 列 | 意味 |",
        "|---|---|",
    ]
    observations = next(one for one in package["resources"] if one["name"] == "observations")
    lines += [
        f"| `{field['name']}` | {field['title']} |" for field in observations["schema"]["fields"]
    ]
    lines += [
        "",
        "## 定義 / Definitions",
        "",
        "定義の違う2つの値は、違いを示さずに比べません。",
        "",
        "| 定義 | 表題 | 対象 | 年齢 | 罪種 | 再犯者 | 年の基準 |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{name}` | {one['title']} | {one['population']} | {one['age']} | {one['offences']} "
        f"| {one['reoffender']} | {one['year_basis']} |"
        for name, one in definitions.items()
    ]
    lines += [
        "",
        "## 数値が公表されていない図 / Charts whose numbers are not printed",
        "",
        "| 図表 | 内容 | Content | ほかにあるもの | What exists elsewhere |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {one['figure']} | {one['title']} | {one['title_en']} "
        f"| {one['elsewhere']} | {one['elsewhere_en']} |"
        for one in package["missing"]
    ]
    lines += [
        "",
        "## 利用条件 / Terms",
        "",
        *(f"- {one['title']}" for one in package["licenses"]),
        "",
    ]
    return "\n".join(lines)
