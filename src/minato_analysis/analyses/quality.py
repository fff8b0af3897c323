"""Notebook 01: are the published tables consistent, and what is not published?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from minato_analysis import checks, data
from minato_analysis.study import Study
from minato_analysis.tables import Table, from_frame

COUNT = ("number", 0)
KIND = {
    "equal": "和が等しい",
    "percent": "印刷された割合＝計算した割合",
    "at_most": "内数が総数以下",
}


def record_identities(study: Study) -> list[checks.Result]:
    """Evaluate every identity and record how many there are and how many hold.

    Facts: ``data.values.total``, ``data.values.in_identities``, ``data.tables.total``,
    ``data.identities.total|held|broken|kinds``.
    """
    results = checks.evaluate(study.rows, *checks.load(study.folder))
    rows = study.rows
    tables = sorted(set(rows["source_id"] + "/" + rows["table"]))
    inside = _protected(results)
    covered = sum(one in inside for one in _addresses(rows))
    for name, value, formula in (
        ("data.values.total", len(rows), "printed values read from the published tables"),
        ("data.values.in_identities", covered, "printed values that stand in an identity"),
        ("data.tables.total", len(tables), "published tables"),
        ("data.identities.total", len(results), "identities evaluated, one for each key"),
        ("data.identities.held", sum(one.holds for one in results), "identities that hold"),
        ("data.identities.broken", sum(not one.holds for one in results), "identities that fail"),
        ("data.identities.kinds", len({one.identity for one in results}), "identities declared"),
    ):
        study.facts.record(
            name, value, unit="number", digits=0, from_=tables, formula=f"count of {formula}"
        )
    return results


def identities(results: Sequence[checks.Result]) -> Table:
    """Table: every declared identity with how often it was tested and how often it holds."""
    found = checks.table(results)
    found["kind"] = [KIND[one.kind] for one in results]
    grouped = found.groupby(["identity", "title", "kind"], sort=False)["holds"]
    shown = grouped.agg(tested="size", held="sum").reset_index()
    shown["broken"] = shown["tested"] - shown["held"]
    shown = shown.set_index("identity")
    shown.index.name = "番号"
    shown.columns = pd.Index(["内容", "種類", "照合した数", "成り立つ", "食い違う"])
    counts = dict.fromkeys(["照合した数", "成り立つ", "食い違う"], COUNT)
    return from_frame(shown, "表どうしの照合", counts, id="identities")


def coverage(study: Study, results: Sequence[checks.Result]) -> Table:
    """Table: values, years and protection by identities of each published table."""
    inside = _protected(results)
    titles = {
        (one["source_id"], data.table_id(one)): one["title"]
        for one in data.published(data.descriptor(study.folder))
    }
    lines = []
    for (source, table), rows in study.rows.groupby(["source_id", "table"], sort=False):
        years = rows["year"].dropna()
        lines.append(
            {
                "表": titles[(str(source), str(table))],
                "最初の年": str(int(years.min())),
                "最後の年": str(int(years.max())),
                "値の数": len(rows),
                "照合にかかる値": sum(one in inside for one in _addresses(rows)),
                "見つからない値": int((rows["status"] == "missing").sum()),
            }
        )
    shown = pd.DataFrame(lines).set_index("表")
    counts = dict.fromkeys(["値の数", "照合にかかる値", "見つからない値"], COUNT)
    return from_frame(shown, "表ごとの値の数と照合の範囲", counts, id="coverage")


def definitions(study: Study) -> Table:
    """Table: what each definition counts, side by side."""
    used = set(study.rows["definition"])
    known = {name: one for name, one in data.definitions(study.folder).items() if name in used}
    shown = pd.DataFrame(known).T[
        ["title", "population", "age", "offences", "reoffender", "year_basis"]
    ]
    shown = shown.set_index("title")
    shown.index.name = "定義"
    shown.columns = pd.Index(["対象となる人", "年齢", "罪種", "再犯者の意味", "年の基準"])
    return from_frame(shown, "値の定義", id="definitions")


def missing(study: Study) -> Table:
    """Table: charts whose numbers are not printed, and what exists elsewhere."""
    found = data.descriptor(study.folder)["missing"]
    study.facts.record(
        "data.charts_without_numbers.total",
        len(found),
        unit="number",
        digits=0,
        from_=[f"{study.parameters.source_id}/{one['figure']}" for one in found],
        formula="count of charts listed as known-missing in the data package",
    )
    shown = pd.DataFrame(
        {
            "内容": [one["title"] for one in found],
            "ほかにあるもの": [one["elsewhere"] for one in found],
        },
        index=pd.Index([f"図表{one['figure']}" for one in found], name="図表"),
    )
    return from_frame(shown, "数値が印刷されていない図", id="missing-charts")


def _protected(results: Sequence[checks.Result]) -> set[tuple[str, float]]:
    """Return address and value of every cell that stands in an identity.

    The value tells the two numbers of one cell apart, e.g. persons and reoffenders in ``28 (15)``.
    """
    return {
        (cell.address, float(cell.value))
        for one in results
        for cell in (*one.left_cells, *one.right_cells)
    }


def _addresses(rows: pd.DataFrame) -> list[tuple[str, float]]:
    return [
        (f"{one.source_id}/{one.table}!{one.row}!{one.column}", float(one.value))
        for one in rows.itertuples(index=False)
    ]
