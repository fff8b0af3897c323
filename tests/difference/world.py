"""A miniature world: a made-up town with one table, published in editions that can be compared.

Everything an edition consists of is written as real files, so that the tests read them as the commands do.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from minato_analysis import data
from minato_analysis.data import study
from minato_analysis.difference import compare
from minato_analysis.difference.compare import Options
from minato_analysis.difference.result import Difference
from minato_analysis.numbers import facts
from minato_analysis.numbers.facts import Fact, FactBook
from minato_analysis.project import editions
from minato_analysis.project.checksums import checksum, make_key
from minato_analysis.published import manifest
from minato_analysis.published.manifest import DIFFERENCES
from minato_analysis.reporting.exporter import index_page
from minato_analysis.reporting.page import Doors, Page

TOWN, SERIES = "99001", "made-up"
YEARS = {2019: (60, 40), 2020: (58, 42), 2021: (62, 40), 2022: (57, 43)}
"""First-time and repeat offenders by year."""

CELL = f"{SERIES}/1-1!再犯者!令和4(2022)年"
NOTEBOOK = "02_town"
ROWS = {
    "検挙人員": {"measure": "persons_arrested", "unit": "persons"},
    "初犯者": {"measure": "first_time", "unit": "persons"},
    "再犯者": {"measure": "reoffenders", "unit": "persons"},
}
SENTENCES = {
    "series": {"town.persons": {"label": "検挙人員", "facts": "{area}.persons.*"}},
    "sentences": [
        {
            "id": "S1",
            "page": NOTEBOOK,
            "text": '割合は{{ fact("{area}.share.{last}") }}で、目標を上回る',
            "test": [
                {
                    "exceeds": {
                        "of": {"facts": "{area}.share.{last}", "label": "割合"},
                        "than": {"facts": "target.share", "label": "目標"},
                    },
                    "as": "above",
                }
            ],
        }
    ],
}


def town(root: Path) -> Path:
    """Make a project folder with the town's table and no edition, and return it."""
    (root / "data/published" / SERIES).mkdir(parents=True)
    (root / "notebooks").mkdir()
    write(root, "data/areas.csv", AREAS)
    declare(root, "data/definitions.yaml", {"town": dict.fromkeys(DEFINED, "架空")})
    for name in ("breaks", "categories", "identities", "known_discrepancies", "statements"):
        declare(root, f"data/{name}.yaml", [])
    declare(
        root, "data/plausibility.yaml", {"levels": {"warning": 0.001, "error": 1e-6}, "rules": []}
    )
    declare(root, "data/sentences.yaml", SENTENCES)
    package = {"missing": [], "source_documents": {}, "resources": [], "licenses": []}
    write(root, data.DESCRIPTOR, json.dumps(package))
    pages = {NOTEBOOK: {"kind": "technical", "door": "analysis", "label": "架空市", "note": "試験"}}
    declare(root, "notebooks/pages.yaml", pages)
    write(root, f"notebooks/{NOTEBOOK}.ipynb", json.dumps({"cells": []}))
    for name in (*manifest.LOCKS, "environment.yml", "data/README.md"):
        write(root, name, "numpy==2.0.0\n")
    write(root, "data/tidy/identities.csv", "holds\n")
    write(root, "pyproject.toml", "")
    deliver(root, SERIES, "2023-12", YEARS)
    return root


AREAS = """code,key,name_ja,name_en,kind,parent_code
99001,town,架空市,Made-up Town,municipality,99000
99000,pref,架空県,Made-up Prefecture,prefecture,00000
00000,nation,全国,Japan,nation,
"""
DEFINED = ("title", "population", "age", "offences", "reoffender", "year_basis")


def write(root: Path, name: str, text: str) -> None:
    """Write a file below the project."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def declare(root: Path, name: str, value: Any) -> None:
    """Write a declaration."""
    write(root, name, yaml.safe_dump(value, allow_unicode=True, sort_keys=False))


def edit(root: Path, name: str, change: Any) -> None:
    """Let `change` alter a declaration in place."""
    value = yaml.safe_load((root / name).read_text(encoding="utf-8"))
    declare(root, name, change(value) or value)


def deliver(
    root: Path,
    source: str,
    as_of: str,
    values: Mapping[int, tuple[int, int]],
    **about: Any,
) -> None:
    """Add a document with these years, or print it again with others, and tidy everything."""
    path = f"{'not-public' if about.get('not_public') else 'published'}/{source}/t1-1.csv"
    make_key(root)
    table = [
        ["", *(f"{year}年" for year in values)],
        ["検挙人員", *(f"{sum(pair):,}" for pair in values.values())],
        ["初犯者", *(f"{pair[0]:,}" for pair in values.values())],
        ["再犯者", *(f"{pair[1]:,}" for pair in values.values())],
    ]
    (root / "data" / path).parent.mkdir(parents=True, exist_ok=True)
    with (root / "data" / path).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(table)
    package = data.descriptor(root)
    package["resources"] = [one for one in package["resources"] if one["source_id"] != source]
    common = {"area_code": TOWN, "offence": "penal_code", "definition": "town"}
    package["resources"].append(
        {
            "name": f"{source}-1-1",
            "path": path,
            "figure": "1-1",
            "source_id": source,
            "series_id": SERIES,
            "date": as_of,
            "hash": checksum(root / "data" / path, root),
            "reading": {
                "kind": "wide",
                "header_rows": 1,
                "label_columns": 1,
                "rows": ROWS,
                "columns": "year",
                "common": common | about.pop("common", {}),
            },
            **about,
        }
    )
    write(root, data.DESCRIPTOR, json.dumps(package, ensure_ascii=False))
    tidy(root)


def tidy(root: Path) -> None:
    """Read every table into observations."""
    for file, text in data.tidy(data.read_published(root), root).items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def publish(
    root: Path,
    name: str,
    as_of: str,
    last: int = 2022,
    *,
    numbers: Mapping[str, tuple[float, str, int]] | None = None,
    statements: Iterable[Mapping[str, str]] = (),
    parameters: Mapping[str, Any] | None = None,
    style: str = "",
) -> None:
    """Publish an edition: parameters, facts, statements, pages, manifest.

    `numbers` are facts besides those of the table, or in their place: value, unit, digits by id.
    """
    values = {
        "edition": name,
        "title": f"{name}年度版",
        "subject": "架空計画",
        "built": "令和6(2024)年1月5日",
        "area_code": TOWN,
        "source_id": SERIES,
        "as_of": as_of,
        "first_year": 2019,
        "last_year": last,
        "groups_first_year": 2019,
        "target_year": 2030,
        "confidence": 0.95,
        **(parameters or {}),
    }
    folder = f"reports/{name}"
    declare(root, f"{folder}/edition.yaml", {key: str(one) for key, one in values.items()})
    edition = editions.load(root, name)
    recorded = list(_facts(root, edition, dict(numbers or {})))
    write(root, f"{folder}/facts.json", facts.dumps(recorded))
    rows = [{"reading": "", "suggestion": "", "cells": [], **one} for one in statements]
    write(root, f"{folder}/statements.json", json.dumps(rows, ensure_ascii=False))
    write(root, f"{folder}/{NOTEBOOK}.html", _page(edition, recorded, style))
    frame = Page(
        "index", "入口", "lay", edition.title, edition.built, str(last), "架空計画", "なし"
    )
    write(root, f"{folder}/index.html", index_page(frame, Doors((), ())))
    seal(root, name)


def compared(root: Path, before: str, after: str, options: Options) -> Difference:
    """Compare two editions; what is taken from a commit lies beside the project."""
    return compare.difference(root, before, after, options, root.parent / "scratch")


def seal(root: Path, name: str) -> None:
    """Write the manifest of an edition as its files stand."""
    folder = root / "reports" / name
    form = yaml.safe_load((folder / "edition.yaml").read_text(encoding="utf-8"))
    package = sorted((root / "src").rglob("*.py"))
    content = manifest.contents(
        root,
        {
            **manifest.written_files(root, form),
            "data": manifest.data_files(root),
            "product": [
                file
                for file in sorted(folder.rglob("*"))
                if file.is_file()
                and file.name not in (manifest.FILE, "edition.yaml")
                and not file.name.startswith(DIFFERENCES)
            ],
        },
    )
    uses = {NOTEBOOK: [file.relative_to(root).as_posix() for file in package]}
    write(root, f"reports/{name}/{manifest.FILE}", manifest.dumps(form, content, uses))


def _facts(
    root: Path, edition: editions.Edition, numbers: dict[str, tuple[float, str, int]]
) -> Iterable[Fact]:
    names = study.names(root, edition)
    rows = data.observations(root, edition.as_of)
    book = FactBook(NOTEBOOK)
    for measure, word in (
        ("persons_arrested", "persons"),
        ("first_time", "first_time"),
        ("reoffenders", "reoffenders"),
    ):
        series = data.series(rows, measure=measure)
        for year in range(edition.first_year, edition.last_year + 1):
            numbers.setdefault(f"{{area}}.{word}.{year}", (series[year], "persons", 0))
    again, persons = (data.series(rows, measure=one) for one in ("reoffenders", "persons_arrested"))
    for year in range(edition.first_year, edition.last_year + 1):
        share = 100 * again[year] / persons[year]
        numbers.setdefault(f"{{area}}.share.{year}", (share, "percent", 1))
    numbers.setdefault("target.share", (40.0, "percent", 1))
    for id, (value, unit, digits) in numbers.items():
        own = id.format_map(names)
        book.record(own, value, unit=unit, digits=digits, from_=CELL, formula="as printed")
    return book


def _page(edition: editions.Edition, recorded: Iterable[Fact], style: str) -> str:
    told = "".join(f"<p>{one.id}は{one.__html__()}です。</p>\n" for one in recorded)
    return (
        f'<html lang="ja"><head><title>{edition.title}</title><style>{style}</style></head>'
        f"<body><main><h1>架空市</h1>\n{told}</main></body></html>\n"
    )


def git(root: Path, *arguments: str) -> str:
    """Run git in a project with no settings of the user's."""
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
        cwd=root, capture_output=True, text=True, check=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    )  # fmt: skip
    return done.stdout.strip()
