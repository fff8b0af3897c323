"""Notebook 01: the tables of :mod:`minato_analysis.analyses.quality`, in Japanese."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import quality
from minato_analysis.analyses.quality import Plausibility
from minato_analysis.claims import checks, mutation, plausibility
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.data.revisions import Revision
from minato_analysis.data.study import Study
from minato_analysis.numbers.tables import Table, from_frame

COUNT = ("number", 0)
PERCENT = ("percent", 1)
KIND = {
    "equal": "和が等しい",
    "percent": "印刷された割合＝計算した割合",
    "at_most": "内数が総数以下",
}
SLIP = {
    "substituted": "一つの数字の打ち間違い",
    "transposed": "隣り合う数字の入れ替わり",
    "dropped": "数字の脱落",
    "doubled": "数字の重複",
    "swapped": "隣の欄との取り違え",
}
STEP = {
    "mutants": "試した誤り",
    "format": "形式で止まる",
    "identities": "照合で止まる",
    "plausibility": "変化で止まる",
    "missed": "見逃す",
}
STOPPED = "見つかる割合"


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
    inside = quality.in_identities(results)
    titles = {
        (one["source_id"], data.table_id(one)): one["title"]
        for one in data.published(data.descriptor(study.folder))
    }
    lines = []
    for (source, table), rows in study.rows.groupby(["source_id", "table"], sort=False):
        years = rows["year"].dropna()
        touching = {
            one.identity
            for one in results
            for group in one.groups
            for cell in group
            if cell.address.startswith(f"{source}/{table}!")
        }
        lines.append(
            {
                "表": titles[(str(source), str(table))],
                "最初の年": str(int(years.min())),
                "最後の年": str(int(years.max())),
                "値の数": len(rows),
                "照合の種類": len(touching),
                "照合にかかる値": sum(one in inside for one in quality.observed(rows)),
                "見つからない値": int((rows["status"] == "missing").sum()),
            }
        )
    shown = pd.DataFrame(lines).set_index("表")
    counts = dict.fromkeys(["値の数", "照合の種類", "照合にかかる値", "見つからない値"], COUNT)
    return from_frame(shown, "表ごとの値の数と照合の範囲", counts, id="coverage")


def rules(found: Plausibility) -> Table | None:
    """Table: every plausibility rule with its allowance, what was measured, and what it flags.

    Rules for tables the data do not have are left out; none where that leaves none.
    """
    if not found.changes:
        return None
    lines = []
    for rule in found.rules.rules:
        mine = [one for one in found.changes if one.rule == rule["id"]]
        if not mine:
            continue
        lines.append(
            {
                "番号": rule["id"],
                "内容": rule["title"],
                "比べ方": plausibility.KIND_JA[rule["kind"]],
                "調べた数": len(mine),
                "許す幅": 100 * float(rule.get("spread", 0)),
                "実測の幅": 100 * plausibility.measured_spread(mine),
                "偶然を超える": sum(one.level != "ok" for one in mine),
            }
        )
    shown = pd.DataFrame(lines).set_index("番号")
    formats = dict.fromkeys(["調べた数", "偶然を超える"], COUNT)
    formats |= dict.fromkeys(["許す幅", "実測の幅"], PERCENT)
    notes = (
        "許す幅：偶然のほかに毎年ふつうに動く大きさ（標準偏差、対数の目盛り）。前もって決めて"
        "data/plausibility.yaml に書いたもの。",
        "実測の幅：同じ表の変化から外れ値に左右されない方法（中央値）で測ったもの。許す幅の根拠で、"
        "判定には使わない。",
    )
    return from_frame(shown, "年ごとの変化の調べ方", formats, id="plausibility-rules", notes=notes)


def findings(found: Plausibility) -> Table | None:
    """Table: every change beyond chance with its values, probability and recorded reason; none if none."""
    if not found.findings:
        return None
    columns = ["内容", "印刷された値", "偶然で起こる確率", "理由"]
    lines = [
        (
            f"{one.title}（{format_year(Year(one.year, 'calendar'))}）",
            plausibility.listed(one.printed),
            plausibility.probability(one.jump.p_value),
            one.reason,
        )
        for one in found.findings
    ]
    return Table(
        "plausibility-findings",
        "偶然では説明しにくい変化",
        ("番号", *columns),
        tuple((one.rule, *line) for one, line in zip(found.findings, lines, strict=True)),
        notes=("印刷された値：割合は、内数／総数。",),
    )


def revised(study: Study, found: Sequence[Revision]) -> Table | None:
    """Table: every past value a later document changed, old and new; none without one."""
    if not found:
        return None
    package = data.descriptor(study.folder)
    names = {id: one["title"] for id, one in package["source_documents"].items()}
    return Table(
        "revised-values",
        "あとの資料で変わった値",
        ("値", "前の値", "新しい値", "新しい値の資料", "理由"),
        tuple(
            (one.place, one.old, one.new, names.get(one.later, one.later), one.reason)
            for one in found
        ),
    )


def slips_by_table(study: Study, found: pd.DataFrame) -> Table:
    """Table: slips of transcription by table: which step stops them, how many are missed."""
    titles = {
        data.table_id(one): one["title"] for one in data.published(data.descriptor(study.folder))
    }
    grouped = found.groupby("table", sort=False)[[*STEP]].sum()
    grouped.loc["計"] = grouped.sum()
    shown = _with_share(grouped)
    shown.index = pd.Index([titles.get(str(one), str(one)) for one in shown.index], name="表")
    return from_frame(
        shown, "表ごとに、誤りのどれだけが見つかるか", _formats(), id="slips-by-table"
    )


def slips_by_kind(found: pd.DataFrame) -> Table:
    """Table: slips of transcription by kind."""
    grouped = found.groupby("kind")[[*STEP]].sum().loc[list(mutation.KINDS)]
    shown = _with_share(grouped)
    shown.index = pd.Index([SLIP[str(one)] for one in shown.index], name="誤りの種類")
    return from_frame(
        shown, "誤りの種類ごとに、どれだけが見つかるか", _formats(), id="slips-by-kind"
    )


def loose_cells(study: Study, found: pd.DataFrame) -> Table | None:
    """Table: the cells of which another value need not break an identity, by name; none without one."""
    if found["exact"].all():
        return None
    keys = ["source_id", "table", "row", "column"]
    years = study.rows.drop_duplicates(keys)[[*keys, "year"]]
    loose = (
        found[~found["exact"]]
        .groupby(keys, sort=False)[["mutants", "missed", "identities_on"]]
        .agg({"mutants": "sum", "missed": "sum", "identities_on": "max"})
        .reset_index()
        .merge(years, on=keys, validate="one_to_one")
    )
    printed = [format_year(Year(int(year), "calendar")) for year in loose["year"]]
    # Of row and column label, the one that is not the year names the series.
    loose["series"] = [
        column if row == year else row
        for row, column, year in zip(loose["row"], loose["column"], printed, strict=True)
    ]
    lines = []
    for (table, series), rows in loose.groupby(["table", "series"], sort=False):
        lines.append(
            {
                "値": f"図表{table} {series}",
                "年": spans(rows["year"]),
                "値の数": len(rows),
                "照合": "割合の丸めの範囲" if rows["identities_on"].min() else "なし",
                STEP["mutants"]: rows["mutants"].sum(),
                STEP["missed"]: rows["missed"].sum(),
                STOPPED: mutation.stopped(rows),
            }
        )
    shown = pd.DataFrame(lines).set_index("値")
    formats = {one: form for one, form in _formats().items() if one in shown.columns}
    return from_frame(
        shown,
        "別の値に変わっても照合が崩れるとは限らない値",
        {**formats, "値の数": COUNT},
        id="loose-cells",
        notes=(
            "照合「なし」：どの関係にも現れない。「割合の丸めの範囲」：印刷された割合が変わらない"
            "小さな誤りは止まらない。",
        ),
    )


def definitions(study: Study) -> Table:
    """Table: what each definition counts, side by side."""
    known = {name: one for name, one, _ in _used_definitions(study)}
    shown = pd.DataFrame(known).T[["title", "population", "age", "offences", "reoffender"]]
    shown = shown.set_index("title")
    shown.index.name = "定義"
    shown.columns = pd.Index(["対象となる人", "年齢", "罪種", "再犯者の意味"])
    return from_frame(shown, "値の定義", id="definitions")


def reach(study: Study) -> Table:
    """Table: for which areas and years each definition has values."""
    areas = data.areas(study.folder)
    lines = []
    for _, one, rows in _used_definitions(study):
        known = rows[rows["value"].notna() & rows["year"].notna()]
        codes = sorted(set(rows["area_code"]) & set(areas))
        lines.append(
            {
                "定義": one["title"],
                "年の基準": one["year_basis"],
                "地域": "、".join(areas[code].name_ja for code in codes),
                "値のある年": spans(known["year"]),
            }
        )
    shown = pd.DataFrame(lines).set_index("定義")
    return from_frame(shown, "定義ごとの地域と年", id="definitions-reach")


def _used_definitions(study: Study) -> list[tuple[str, dict[str, str], pd.DataFrame]]:
    return [
        (name, one, rows)
        for name, one in data.definitions(study.folder).items()
        if not (rows := study.rows[study.rows["definition"] == name]).empty
    ]


def second_prints(rows: pd.DataFrame) -> Table:
    """Table: values found in another publication, by area and measure."""
    names = {
        "recognised_cases": "刑法犯認知件数",
        "persons_arrested": "刑法犯検挙人員",
        "probation_officers": "保護司の現員数",
        "probation_officer_quota": "保護司の定数",
        "probation_officer_fill_share": "保護司の充足率",
    }
    lines = []
    for measure, mine in rows.groupby("measure", sort=False):
        for _, area in mine.groupby("area_code"):
            place = area["row"].str.split("/").str[1].iloc[0]
            lines.append(
                {"値": f"{place} {names[str(measure)]}", "年": spans(area["year"]), "数": len(area)}
            )
    shown = pd.DataFrame(lines).set_index("値")
    return from_frame(shown, "ほかの資料でも確かめた値", {"数": COUNT}, id="second-prints")


def spans(years: Iterable[int]) -> str:
    """Return years as spans.

    >>> spans([2000, 2001, 2003, 2006, 2007, 2008])
    '2000〜2001、2003、2006〜2008年'
    """
    parts: list[list[int]] = []
    for year in sorted({int(one) for one in years}):
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    spelt = [str(one[0]) if len(one) == 1 else f"{one[0]}〜{one[-1]}" for one in parts]
    return "、".join(spelt) + "年"


def _with_share(grouped: pd.DataFrame) -> pd.DataFrame:
    shown = grouped.rename(columns=STEP)
    shown[STOPPED] = 100 * (1 - grouped["missed"] / grouped["mutants"])
    return shown


def _formats() -> dict[str, tuple[str, int]]:
    return {**dict.fromkeys(STEP.values(), COUNT), STOPPED: PERCENT}
