"""One side of a comparison: a published edition with its facts, statements, records and observations.

In: a project folder and the name of an edition in it. Out: a :class:`Side`. An edition that is damaged,
or whose numbers are not those its manifest records, is refused: a comparison would be about other numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from minato_analysis import data
from minato_analysis.claims import evaluate
from minato_analysis.cleaning import tables
from minato_analysis.data import needs, revisions, study
from minato_analysis.numbers import facts
from minato_analysis.numbers.facts import Fact, FactBook
from minato_analysis.project import editions
from minato_analysis.published import manifest
from minato_analysis.published.errors import DifferenceError


@dataclass(frozen=True, eq=False)
class Side:
    """One edition.

    Attributes
    ----------
    root : Path
        Folder with the files the edition was made from.
    name : str
        Name of the edition.
    edition : Edition
        Its parameters.
    names : mapping
        What ``{area}``, ``{last}`` … stand for in its fact ids (see ``study.names``).
    facts : mapping
        Facts by id; without those whose number is not known.
    statements : list of dict
        ``statements.json``.
    manifest : Manifest
    manifest_sha256 : str
    rows : pandas.DataFrame
        Observations as they were known at the edition's date.
    """

    root: Path
    name: str
    edition: editions.Edition
    names: Mapping[str, str]
    facts: Mapping[str, Fact]
    statements: list[dict[str, Any]]
    manifest: manifest.Manifest
    manifest_sha256: str
    rows: pd.DataFrame

    @property
    def folder(self) -> Path:
        """The edition's folder."""
        return self.root / "reports" / self.name

    @property
    def book(self) -> FactBook:
        """The facts as a registry, for texts with references."""
        return FactBook("", dict(self.facts))


def known(root: Path, name: str) -> None:
    """Refuse an edition that is not there.

    Raises
    ------
    DifferenceError
        ``E7-EDITION``, with the names that are.
    """
    there = editions.names(root)
    if name not in there:
        raise DifferenceError(
            f"E7-EDITION reports/{name}/: この名前の版がありません（ある版: {'、'.join(there) or 'なし'}）。"
            "名前を確かめるか、`minato report <版>` で作ってください。"
        )


def load(root: Path, name: str) -> Side:
    """Read one edition.

    Raises
    ------
    DifferenceError
        ``E7-EDITION``, ``E7-FILE``, ``E7-MANIFEST``, ``E7-CHANGED``, ``E7-FACTS``, ``E7-STATEMENTS``.
    EditionError, DataError
        Parameters or data that cannot be read.
    """
    known(root, name)
    folder = root / "reports" / name
    record_text = _read(folder / manifest.FILE)
    try:
        record = manifest.loads(record_text.decode())
    except (manifest.ManifestError, UnicodeDecodeError) as error:
        raise DifferenceError(
            f"E7-MANIFEST reports/{name}/{manifest.FILE}: 版の記録を読めません（{error}）。"
            f"`minato report {name}` で作り直せます。"
        ) from None
    texts = {
        one: _recorded(folder, record, one)
        for one in ("facts.json", "statements.json", editions.FILE)
    }
    try:
        book = facts.loads(texts["facts.json"].decode())
    except (ValueError, TypeError, KeyError) as error:
        raise DifferenceError(_broken("E7-FACTS", name, "facts.json", error)) from None
    try:
        judged = evaluate.loads(texts["statements.json"].decode())
        _ = [(one["id"], one["verdict"], one["computed"]) for one in judged]
    except (ValueError, TypeError, KeyError) as error:
        raise DifferenceError(_broken("E7-STATEMENTS", name, "statements.json", error)) from None
    edition = _edition(texts[editions.FILE].decode(), name, record)
    return Side(
        root=root,
        name=name,
        edition=edition,
        names=study.names(root, edition),
        facts={id: one for id, one in book.facts.items() if one.known},
        statements=judged,
        manifest=record,
        manifest_sha256=manifest.sha256(record_text),
        rows=_observations(root, edition.as_of),
    )


def _edition(text: str, name: str, record: manifest.Manifest) -> editions.Edition:
    """Return the parameters; an edition from before `as_of` saw all there was on its date."""
    where = f"reports/{name}/{editions.FILE}"
    values = yaml.load(text, Loader=yaml.BaseLoader)
    if not isinstance(values, dict):
        raise DifferenceError(f"E7-EDITION {where}: 「名前: 値」の形で書かれていません。")
    return editions.validate(
        editions.Edition, {"as_of": record.date, **values}, where, strict=False
    )


def _observations(root: Path, as_of: str) -> pd.DataFrame:
    """Return what was known at a date from the documents the edition had.

    Observations from before they told series and date are completed from the descriptor.
    """
    dates = {one["source_id"]: one["date"] for one in data.published(data.descriptor(root))}
    text = (root / data.OBSERVATIONS).read_text(encoding="utf-8")
    reader = csv.DictReader(io.StringIO(text))
    lacking = set(tables.COLUMNS) - set(reader.fieldnames or ())
    if not lacking:
        rows = data.history(root)
        return revisions.current(rows[rows["source_id"].isin(dates)], as_of)
    if not lacking <= {"series_id", "as_of"}:
        raise DifferenceError(
            f"E7-OBSERVATIONS {data.OBSERVATIONS}: 列 {'、'.join(sorted(lacking))} がありません。"
            "`minato report` で作り直せます。"
        )
    out = io.StringIO()
    writer = csv.DictWriter(out, tables.COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in reader:
        source = one["source_id"]
        writer.writerow({"series_id": source, "as_of": dates[source], **one})
    return revisions.current(data.loads(out.getvalue()), as_of)


def needs_met(side: Side) -> frozenset[str]:
    """Return what sections of pages the edition's data allow, all where older data do not tell."""
    try:
        return needs.met(side.root, side.edition.parameters())
    except KeyError:
        return frozenset(needs.NEEDS)


def _recorded(folder: Path, record: manifest.Manifest, file: str) -> bytes:
    path = f"reports/{folder.name}/{file}"
    content = _read(folder / file)
    if record.files.get(path) not in (None, manifest.sha256(content)):
        raise DifferenceError(
            f"E7-CHANGED {path}: 版の記録（{manifest.FILE}）にある内容と違います。"
            f"`minato verify --quick {folder.name}` で違いを確かめ、"
            f"`minato report {folder.name}` で作り直してください。"
        )
    return content


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        name = file.parent.name
        raise DifferenceError(
            f"E7-FILE reports/{name}/{file.name}: ファイルがありません。"
            f"まだ作られていない版なら `minato report {name}` を実行してください。"
        ) from None


def _broken(code: str, name: str, file: str, error: Exception) -> str:
    return (
        f"{code} reports/{name}/{file}: 読めません（{type(error).__name__}: {error}）。"
        f"`minato report {name}` で作り直せます。"
    )
