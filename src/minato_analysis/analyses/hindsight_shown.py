"""Notebook 04 and the council report: earlier projections against what came, in Japanese.

In: what :mod:`~minato_analysis.analyses.hindsight` scored, or its recorded facts. Out: remarks, whose words
follow the results, a figure and tables; where there is nothing to compare yet, a remark that says so and
nothing else.
"""

from __future__ import annotations

import pandas as pd

from minato_analysis.analyses import law_changes, sources
from minato_analysis.analyses.hindsight import MANY, SCORES, Hindsight
from minato_analysis.analyses.outlook import Base
from minato_analysis.analyses.outlook_shown import PERCENT, model_names
from minato_analysis.analyses.trends_shown import NOTE_AREA, target_level, year_label
from minato_analysis.data.study import Study
from minato_analysis.figures import Caption, Fan, Figure, ShareSeries, projection_fan
from minato_analysis.numbers.facts import display
from minato_analysis.numbers.remarks import Remark
from minato_analysis.numbers.tables import Table, from_frame
from minato_analysis.project import projections

ID = "{area}.hindsight"
TITLE = "昨年の見込みは当たったか"
FIRST = "これが最初の版なので、確かめられる見込みはまだありません。"
NOTHING_YET = "前の版の後に新しい年の値が公表されていないので、当たったかどうかはまだ分かりません。"
NEXT = "{{ next_label }}の値が公表されたら、次の版のこの場所で、この版の見込みと並べて確かめます。"
FEW = (
    "見込みの数が少ないうちは、一度当たったことも、一度外れたことも、"
    "見込みのしかたがよいか悪いかをほとんど示しません。"
)

OVERLAP = "同じ年を何度も見込んでいるので、件数ほど多くのことが分かるわけではありません。"
FEW_IN_SHORT = "件数が少ないうちは、当たりも外れも、見込みのよしあしをほとんど示しません。"


def said(study: Study) -> Remark:
    """Return, for notebook 04, what came of the projections and how they scored, in words."""
    if not _value(study, "forecasts"):
        return Remark("hindsight", (_nothing(study) + NEXT,))
    latest = (
        f"前の版の主な見込みは、{{{{ last_label }}}}に公表される割合を、中央の値{_fact('latest.median')}、"
        f"80%の範囲（起こり得る値の{_fact('latest.nominal80')}）{_fact('latest.low80')}から{_fact('latest.high80')}まで、"
        f"95%区間{_fact('latest.low95')}から{_fact('latest.high95')}までと見込んでいました。"
        f"公表された値は{_fact('latest.value')}で、{_inside(study)}。"
        f"検挙人員は{_fact('latest.assumed')}と置いていましたが、実際は{_fact('latest.persons')}でした。"
    )
    scored = (
        "区間の点数（区間スコア）は、区間の広さに、外れたときは外れた分の罰を加えたもので、小さいほどよい値です。"
        f"95%区間では、広さ{_fact('latest.width')}に、外れた分{_fact('latest.missed')}の"
        f"{_fact('latest.factor')}倍を加えた{_fact('latest.score')}です。"
        "広い区間は外れにくい代わりに点数が大きく、狭い区間は外れたときに点数が大きくなります。"
    )
    against = (
        f"「前の版の最後の値（{_fact('latest.unchanged')}）から変わらない」とするだけの見込みは、実際の値から"
        f"{_fact('latest.unchanged.error')}離れていました。主な見込みの中央の値は{_fact('latest.error')}です。"
        f"{_compared(study)}"
    )
    count = (
        f"これまでに確かめた見込みは{_fact('forecasts')}件で、そのうち95%区間に入った値は{_fact('inside95')}件、"
        f"80%の範囲に入った値は{_fact('inside80')}件です。{FEW if _few(study) else OVERLAP}"
    )
    return Remark("hindsight", (latest, scored, against, count))


def box(study: Study) -> Remark:
    """Return the box of the council report; reads the facts notebook 04 recorded."""
    if not _value(study, "forecasts"):
        return Remark("council-hindsight", (_nothing(study) + NEXT,), title=TITLE)
    error, unchanged = (_value(study, name) for name in ("latest.error", "latest.unchanged.error"))
    still = f"「{_fact('latest.unchanged')}のまま変わらない」とした場合"
    nearer = (
        f"{still}と、離れ方は同じです"
        if round(error, 1) == round(unchanged, 1)
        else f"{still}より近い見込みでした"
        if error < unchanged
        else f"{still}の方が近い値でした"
    )
    inside = "この幅に入りました" if _value(study, "latest.inside95") else "この幅から外れました"
    latest = (
        f"前の版では、{{{{ last_label }}}}の割合を{_fact('latest.low95')}から{_fact('latest.high95')}まで、"
        f"中央を{_fact('latest.median')}と見込んでいました。公表された値は{_fact('latest.value')}で、{inside}。"
        f"{nearer}。"
    )
    count = (
        f"これまでに確かめた{_fact('forecasts')}件のうち、幅に入ったのは{_fact('inside95')}件です。"
        f"{FEW_IN_SHORT if _few(study) else ''}"
    )
    return Remark("council-hindsight", (latest, count), title=TITLE)


def fan(study: Study, base: Base, found: Hindsight) -> Figure | None:
    """Figure: the fan of the newest edition that can be judged, and the values up to now."""
    if found.of_default.empty:
        return None
    archive, _ = found.latest
    model = next(one for one in archive.models if one.name == archive.default)
    years = [one.year for one in model.years]
    median = [projections.quantile(one, 0.5) for one in model.years]
    (low80, high80), (low95, high95) = (
        zip(*(projections.interval(one, level) for one in model.years), strict=True)
        for level in (0.80, 0.95)
    )
    table, place = base.area.table, study.area.name_ja
    inside = "入った" if found.of_default.iloc[-1]["inside95"] else "入らなかった"
    caption = Caption(
        id="hindsight-fan",
        title=f"公表された値{_fact('latest.value')}は、前の版の95%区間に{inside}",
        subtitle=(
            f"検挙人員に占める再犯者の割合、{place}内の警察署、"
            "{{ last_label }}までの値と、前の版が記録した見込み（主な見込み）"
        ),
        alt_title=f"再犯者の割合の値と前の版の見込み、{place}内の警察署、{year_label(years[-1])}まで",
        desc=(
            f"前の版の見込みの中央の値と二つの帯に、今までの値と区間を重ねた図。{{{{ last_label }}}}は、"
            f"見込みの95%区間が{_fact('latest.low95')}から{_fact('latest.high95')}まで、"
            f"公表された値が{_fact('latest.value')}。"
        ),
        notes=(
            "単位：%。帯とその中の線が前の版の見込み。値の縦の線は95%信頼区間（ウィルソン法）。",
            NOTE_AREA,
            f"資料：前の版の projections.json、{sources.cited(study, [base.area.rows])}から作成。",
            *law_changes.notes(study, [*table.index, *years], base.area.rows),
        ),
        table=each(study, found),
    )
    return projection_fan(
        caption,
        ShareSeries(
            place,
            "area",
            [int(year) for year in table.index],
            *(table[name] for name in ("share", "low", "high")),
        ),
        Fan(
            years,
            median,
            low80,
            high80,
            low95,
            high95,
            "見込みの中央の値",
            "80%の範囲",
            "95%の範囲",
        ),
        target=target_level(study),
        changes=law_changes.lines(study, base.area.rows),
    )


def each(study: Study, found: Hindsight) -> Table:
    """Table: every forecast of the default model and what came, a row for each."""
    rows = found.of_default
    shown = pd.DataFrame(
        {
            "見込んだ年": [year_label(year) for year in rows["year"]],
            "中央の値": rows["median"].to_numpy(),
            "80%区間": _ranges(rows["low80"], rows["high80"]),
            "95%区間": _ranges(rows["low95"], rows["high95"]),
            "公表された値": rows["observed"].to_numpy(),
            "結果": [
                "両方に入った" if near else "95%区間に入った" if wide else "外れた"
                for near, wide in zip(rows["inside80"], rows["inside95"], strict=True)
            ],
        },
        index=pd.Index(
            [year_label(year) for year in rows["last_year"]], name="見込みに使った最後の年"
        ),
    )
    return from_frame(
        shown,
        f"これまでの版の見込みと、{study.area.name_ja}の公表された値（主な見込み）",
        dict.fromkeys(("中央の値", "公表された値"), PERCENT),
        id="hindsight-each",
    )


def models(study: Study, found: Hindsight) -> Table | None:
    """Table: mean scores by model, the value that does not change beside them."""
    if found.of_default.empty:
        return None
    names = model_names(study)
    table = found.means
    shown = pd.DataFrame(
        {
            "見込みの数": table["forecasts"],
            "80%区間に入った数": table["inside80"],
            "95%区間に入った数": table["inside95"],
            "CRPS": table["crps"],
            "区間スコア（80%）": table["interval80"],
            "区間スコア（95%）": table["interval95"],
            "中央の値との差": table["error"],
        }
    )
    shown.index = pd.Index([names.get(str(one), str(one)) for one in table.index], name="モデル")
    unchanged = float(found.of_default["unchanged"].mean())
    shown.loc["前の版の最後の値（幅なし）"] = {
        "見込みの数": float(len(found.of_default)),
        "CRPS": unchanged,
        "中央の値との差": unchanged,
    }
    scores = dict.fromkeys(list(shown.columns[-len(SCORES) :]), ("number", 2))
    return from_frame(
        shown,
        "これまでの版の見込みの成績（モデル別）",
        {**dict.fromkeys(shown.columns[: -len(SCORES)], ("number", 0)), **scores},
        id="hindsight-models",
        notes=(
            "注：CRPS、区間スコア、中央の値との差（単位：ポイント）は、平均で、小さいほどよい。幅のない見込みのCRPSは"
            "差そのものになる。「…」は、区間がないもの。",
        ),
    )


def _fact(name: str) -> str:
    return f'{{{{ fact("{ID}.{name}") }}}}'


def _value(study: Study, name: str) -> float:
    return study.facts.get(f"{study.area.key}.hindsight.{name}").value


def _nothing(study: Study) -> str:
    return NOTHING_YET if _value(study, "editions") else FIRST


def _inside(study: Study) -> str:
    if _value(study, "latest.inside80"):
        return "どちらにも入りました"
    if _value(study, "latest.inside95"):
        return "95%区間には入り、80%の範囲からは外れました"
    return "95%区間から外れました。いつもと違うことが起きたとみて、原因を調べる場合に当たります"


def _compared(study: Study) -> str:
    """Return how the distribution of the default compares with that around the last value."""
    own, naive = (_value(study, f"{model}.crps") for model in ("default", "last_value"))
    facts = (
        "幅も含めた当たり方（CRPS、小さいほどよい）は、これまでの平均で、主な見込みが"
        f"{_fact('default.crps')}、「直近の値のまま」が{_fact('last_value.crps')}です。"
    )
    if round(own, 2) == round(naive, 2):
        return facts
    if own < naive:
        return f"{facts}主な見込みの方が小さくなっています。"
    behind = "主な見込みは「直近の値のまま」に及びません。"
    return facts + (behind if _few(study) else f"<strong>{behind}</strong>")


def _few(study: Study) -> bool:
    return _value(study, "forecasts") < MANY


def _ranges(low: pd.Series, high: pd.Series) -> list[str]:
    return [
        f"{display(start, *PERCENT)}〜{display(end, *PERCENT)}"
        for start, end in zip(low, high, strict=True)
    ]
