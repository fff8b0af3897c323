"""The audit report's tables: what the edition is made from, every printed number, how to repeat the verdict.

In: the facts and executed notebooks of the edition, the printed cells, the hashes of its sources. Out: tables
in Japanese. A number that a second reckoning contradicts stops the build (:class:`Contradicted`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd
import yaml

from minato_analysis import data
from minato_analysis.audit import formulas
from minato_analysis.audit.recompute import Second, recompute
from minato_analysis.audit.tamper_kinds import KINDS, NO_EFFECT, UNUSED
from minato_analysis.claims import checks
from minato_analysis.data import study
from minato_analysis.data.study import Study
from minato_analysis.numbers import facts
from minato_analysis.numbers.facts import Fact
from minato_analysis.numbers.tables import Marked, Table
from minato_analysis.project import editions, program, publisher
from minato_analysis.published import cells, places, printed, words
from minato_analysis.published.tolerance import tolerances
from minato_analysis.reporting.words import WORDS

SAME = 1e-9
"""Relative difference up to which two reckonings are the same number (facts keep twelve digits)."""


IN_TABLES = "表・一覧のみ"
"""Place of a number to which no text refers: tables of its notebook's page, and ``facts.json``."""


CURRENT = "最新"
"""State of a number that no correction of the edition has touched."""

RERUN = "再実行で照合"
SUBJECT = WORDS["ja"]["subject"]


class Contradicted(ValueError):
    """A number that its own formula and cells contradict."""


@dataclass(frozen=True)
class Printed:
    """One published number: its fact, the second reckoning, the pages whose text refers to it."""

    second: Second
    pages: tuple[str, ...]

    @property
    def fact(self) -> Fact:
        """The fact."""
        return self.second.fact


def reckon(of: Study) -> list[Printed]:
    """Compute every printed number again from its cells, where its formula alone says how.

    Facts: ``audit.numbers.total|in_prose|recomputed|rerun``, ``audit.tamper.kinds``.

    Raises
    ------
    Contradicted
        ``E5-RECOMPUTE``: a number is not what its formula gives for the cells it names.
    """
    notebooks = _executed(of)
    recorded = facts.merge(map(facts.read_notebook, notebooks))
    printed_cells = cells.all_cells(of.folder)
    seconds = [recompute(one, printed_cells, of.parameters.confidence) for one in recorded]
    wrong = [one for one in seconds if one.agrees is False]
    if wrong:
        raise Contradicted("\n".join(_contradiction(one) for one in wrong))
    pages = places.places(notebooks, study.names(of.folder, of.parameters))
    shown = [Printed(one, tuple(pages.get(one.fact.id, ()))) for one in seconds]
    shown.sort(key=lambda one: one.fact.id)
    tables = sorted({address.split("!")[0] for address in printed_cells})
    again = sum(one.second.agrees is True for one in shown)
    for name, value, formula in (
        ("numbers.total", len(shown), "facts recorded by the other notebooks"),
        ("numbers.in_prose", sum(bool(one.pages) for one in shown), "facts a text refers to"),
        ("numbers.recomputed", again, "facts whose formula alone gives the same print again"),
        ("numbers.rerun", len(shown) - again, "facts checked by a rerun only"),
        ("tamper.kinds", len(KINDS), "kinds of change in the tamper test"),
    ):
        of.facts.record(
            f"audit.{name}",
            value,
            unit="number",
            digits=0,
            from_=tables,
            formula=f"count of {formula}",
        )
    return shown


def _executed(of: Study) -> list[Path]:
    """Return the executed notebooks of the edition but this one."""
    folder = of.folder / "build" / of.parameters.edition / "notebooks"
    names = [one.name for one in program.notebooks(of.folder, "*.ipynb")]
    return [folder / name for name in names if name != f"{of.notebook}.ipynb"]


def _contradiction(one: Second) -> str:
    return (
        f"E5-RECOMPUTE {one.fact.id}: 掲載値 {one.fact.display}（{one.fact.value!r}）ですが、"
        f"計算式「{one.fact.formula}」を元のセルに当てはめると {one.value!r} です。"
        f"{one.fact.notebook} の計算式か、from_ に渡したセルを直してください。"
    )


def sources(of: Study) -> Table:
    """Table: the five things the edition is made from, each with its hash."""
    folder, parameters = of.folder, of.parameters
    told = json.loads(
        (folder / "build" / parameters.edition / "sources.json").read_text(encoding="utf-8")
    )
    package = data.descriptor(folder)
    rows = [
        ("資料", f"{one['publisher']}「{one['title']}」（{one['date']}）", one.get("note", ""), id)
        for id, one in package["source_documents"].items()
    ]
    what = {
        "source": ("データ", "公表表の写し、記述子、定義、照合と点検の宣言"),
        "code": ("計算の手順", "ノートブックと、それが使うプログラム"),
        "parameters": ("パラメータ", _values(of)),
        "environment": ("環境", "使うライブラリの版とその検査値（requirements.lock ほか）"),
    }
    rows += [
        (name, about, f"{told[stage]['files']}ファイル", told[stage]["hash"])
        for stage, (name, about) in what.items()
    ]
    return Table(
        "sources",
        "この版を作ったもの",
        ("区分", "内容", "範囲・注記", "識別（SHA-256、資料は記号）"),
        tuple(rows),
        notes=(
            "識別は、ファイルごとのハッシュ値を並べた一覧の、さらにハッシュ値です。"
            "一覧は manifest.json にあり、ハッシュを計算する一般の道具でも計算できます。",
        ),
    )


def _values(of: Study) -> str:
    return "、".join(f"{name}={value}" for name, value in of.parameters.model_dump().items())


def commands(of: Study) -> Table:
    """Table: the commands with which a reader repeats the verdict."""
    edition = of.parameters.edition
    rows = (
        (
            f"make verify EDITION={edition}",
            "準備し（初回のみ、ライブラリの取得に通信が要る）、別の場所で作り直し、公表物と照合する。"
            "受け取ったファイルは書き換えない",
        ),
        (f".venv/bin/minato verify {edition} --quick", "版の記録と今のファイルを照合する"),
        (f".venv/bin/minato verify {edition} --tamper-test", "判定が破れを見つけるかを試す"),
        (".venv/bin/minato explain 記録名", "数値から印刷されたセルまでたどる"),
        (".venv/bin/minato explain 図表番号!年", "印刷されたセルから掲載箇所までたどる"),
    )
    return Table("commands", "判定を繰り返すためのコマンド", ("コマンド", "すること"), rows)


def verdicts() -> Table:
    """Table: the three verdicts and their exit codes."""
    meaning = {
        0: "比べた値がすべて合う（同じか、宣言した許容差の内）",
        1: "違いの証拠がある。最初に食い違った段階、影響の範囲、考えられる原因、次のコマンドを示す",
        2: "環境の不足などで終えられなかった。合うとも違うとも言わない",
    }
    rows = tuple(
        (str(code), words.VERDICTS[code], words.KEYS[code], meaning[code]) for code in meaning
    )
    return Table("verdicts", "判定とその意味", ("終了コード", "判定", "英語の記号", "意味"), rows)


def levels() -> Table:
    """Table: the levels at which two editions are compared."""
    meaning = {
        "L1": "数値は公表の桁で、人数や件数はそのまま比べる",
        "L2": "CSVはバイト列で、図は線や点の座標で比べる",
        "L3": "見出しごとの文章、図の説明文、計算のコードを比べる",
        "L4": "ファイルのバイト列。ここだけの違いは「表示環境の差（数値は一致）」とする",
    }
    rows = tuple((level, words.LEVELS[level], told) for level, told in meaning.items())
    return Table("levels", "比べる水準", ("水準", "対象", "比べ方"), rows)


def numbers(of: Study, shown: Sequence[Printed]) -> Table:
    """Table: every printed number with its formula, cells, second value, state and citation.

    Each row has the id ``n-<fact>``, which every number on every page links to; each cell links to the place
    where the printed table stands on :data:`~minato_analysis.published.printed.PAGE`.
    """
    labels = yaml.safe_load(
        program.at(of.folder, "notebooks/pages.yaml").read_text(encoding="utf-8")
    )
    said, printed_cells = formulas.load(of.folder), printed.by_address(of.folder)
    edition = editions.load(of.folder, of.parameters.edition)
    cited = publisher.load(of.folder).cited(
        SUBJECT.format(area=of.area.name_ja), edition.title, edition.built
    )
    own = [Printed(Second(one, None), (of.notebook,)) for one in of.facts]
    rows: list[tuple[str, ...]] = [
        (
            _named(one.fact.id),
            one.fact.display,
            "、".join(labels.get(page, {}).get("label", page) for page in one.pages) or IN_TABLES,
            _formula(one.fact, said, printed_cells),
            _second(one.second),
            edition.changed.get(one.fact.id, CURRENT),
            _citation(one.fact.id, one.fact.display, cited) if one.pages else "-",
        )
        for one in (*shown, *own)
    ]
    rows += [
        (_named(id), "-", "-", "-", "-", state, "-") for id, state in edition.withdrawn.items()
    ]
    head = (
        "記録名",
        "掲載値",
        "引用するページ",
        "計算式と、元の印刷されたセル",
        "別の計算（差）",
        "状態",
        "引用のしかた",
    )
    notes = (
        "「別の計算」は、印刷されたセルに計算式だけを当てはめた値です（分数の計算と標準正規分布だけを使う）。"
        "「再実行で照合」は、統計モデルなど、計算式だけでは計算し直せない値です。",
        "セルのリンクは、印刷された表の、そのセルを開きます。"
        "ファイルとセルの一つ一つは minato explain 記録名 でも見られます。",
        "文章にない数値を引くときは、ほかの行の引用の、値と記録名を入れ替えてください。",
        "状態は、この版を作ったときのものです。次の版が出ているかは、版の一覧（reports/index.html）で分かります。",
    )
    return Table("numbers", "掲載した数値", head, tuple(rows), notes=notes, download=False)


def origins(of: Study, shown: Sequence[Printed]) -> Table:
    """Table: the printed tables each page's numbers come from; each row has the id ``t-<page>``."""
    labels = yaml.safe_load(
        program.at(of.folder, "notebooks/pages.yaml").read_text(encoding="utf-8")
    )
    known = printed.by_address(of.folder)
    rows = []
    for page, about in labels.items():
        used = [one.fact for one in shown if page == one.fact.notebook or page in one.pages]
        tables = dict.fromkeys(
            address.split("!")[0] for one in used for address in one.observations
        )
        text, links = printed.listed(sorted(tables), known, most=len(tables))
        name = Marked(about["label"], f'<span id="t-{page}">{escape(about["label"])}</span>')
        rows.append((name, _executed_link(of, page), str(len(used)), Marked(text, links)))
    head = ("ページ", "計算したノートブック", "記録した、又は引用する数値", "元の印刷された表")
    notes = (
        "ノートブックのリンクは、実行ずみのノートブック（文章、コード、結果）です。"
        "JupyterLab、VS Code、リポジトリの画面で読めます。",
    )
    return Table("origins", "ページごとの、元の印刷された表", head, tuple(rows), notes=notes)


def _executed_link(of: Study, page: str) -> Marked | str:
    """Return the name of a page's notebook, as a link to the executed one the edition keeps."""
    path = f"notebooks/{page}.ipynb"  # the same path in the project and beside the pages
    return path if page == of.notebook else Marked(path, f'<a href="{path}">{path}</a>')


def _named(id: str) -> Marked:
    return Marked(id, f'<code id="n-{id}">{id}</code>')


def _formula(fact: Fact, said: formulas.Wordings, known: Mapping[str, printed.Place]) -> Marked:
    """Return the formula in Japanese, the record's English where it cannot be said, and the cells."""
    japanese = said.japanese(fact.formula)
    told = escape(japanese) if japanese else f'<span lang="en">{escape(fact.formula)}</span>'
    text, links = printed.listed(fact.observations, known)
    made = f"計算 {fact.notebook}"
    return Marked(
        f"{japanese or fact.formula} ← {text}（{made}）", f"{told} ← {links}（{escape(made)}）"
    )


def _citation(id: str, display: str, cited: str) -> Marked:
    text = f"{display}（{cited}、audit_report.html#n-{id}）"
    return Marked(text, f"<details><summary>引用</summary>{escape(text)}</details>")


def _second(one: Second) -> str:
    if one.value is None or one.difference is None:
        return RERUN
    near = abs(one.difference) <= SAME * max(1.0, abs(one.fact.value))
    shown = facts.display(one.value, one.fact.unit, one.fact.digits)
    return f"一致 {shown}（{'0' if near else f'{one.difference:.1e}'}）"


def exceptions(of: Study) -> Table:
    """Table: recorded discrepancies and declared tolerances."""
    known = yaml.safe_load(
        (of.folder / "data/known_discrepancies.yaml").read_text(encoding="utf-8")
    )
    declared = tolerances(of.folder)
    rows = [("理由を記録した食い違い", _subject(one), str(one["reason"])) for one in known or []]
    rows += [("宣言した許容差", pattern, f"{tolerance:g}") for pattern, tolerance in declared]
    empty = [
        ("理由を記録した食い違い", "なし", "-"),
        ("宣言した許容差", "なし", "公表の桁で比べる"),
    ]
    for kind, *rest in empty:
        if not any(row[0] == kind for row in rows):
            rows.append((kind, rest[0], rest[1]))
    return Table("exceptions", "例外として扱ったもの", ("区分", "対象", "内容"), tuple(rows))


def _subject(entry: Mapping[str, object]) -> str:
    """Return what an entry is about: its keys but the reason and what it expects."""
    told: list[str] = []
    for name, value in entry.items():
        if name not in ("reason", "expect"):
            told += map(str, value.values() if isinstance(value, Mapping) else [value])
    return "、".join(told)


def statements(of: Study) -> Table:
    """Table: how many statements of the document have which verdict, where they were checked."""
    counted = {id: one for id, one in of.facts.all().items() if id.startswith("statements.")}
    names = {
        "total": "点検した記述",
        "agree": "一致",
        "qualified": "要限定",
        "disagree": "不一致",
        "unprinted": "検証不能（数値未掲載）",
        "quoted": "外部引用",
        "update": "更新要・体裁",
    }
    rows = tuple(
        (name, counted[f"statements.{key}"].display)
        for key, name in names.items()
        if f"statements.{key}" in counted
    )
    return Table("statements", "計画の記述の点検", ("判定", "数"), rows or (("点検した記述", "…"),))


def tampering() -> Table:
    """Table: the kinds of change of the tamper test and the code each must be given."""
    told = {NO_EFFECT: "影響なしと判定", UNUSED: "影響なしと判定"}
    rows = tuple(
        (
            str(number),
            one.title,
            told.get(one.code, one.code),
            "作り直して照合" if one.full else "記録と照合",
        )
        for number, one in enumerate(KINDS, 1)
    )
    head = ("番号", "変える所", "付くべき符号", "方法")
    return Table("tampering", "判定が見つけるべき変更", head, rows)


def specimen(of: Study) -> None:
    """Print a failing verdict, as the command printed it for a copy with one changed cell."""
    print((of.folder / "notebooks/audit_specimen.txt").read_text(encoding="utf-8"), end="")


def identities(of: Study) -> Table:
    """Table: the identities between tables that were evaluated, and how many hold."""
    results = pd.DataFrame(checks.known(of.folder, of.parameters.as_of))
    grouped = results.groupby(["identity", "title"], sort=False)["holds"]
    rows = tuple(
        (str(number), str(title), f"{len(held)}", f"{(held == 'True').sum()}")
        for (number, title), held in grouped
    )
    head = ("番号", "内容", "照合した数", "成り立つ")
    return Table("identities", "表どうしの照合", head, rows)


def signature() -> Table:
    """Table: room for the auditor's own record."""
    items = (
        "確認した人（所属、氏名）",
        "確認した日",
        "実行したコマンドと終了コード",
        "版の記録（manifest.json）のSHA-256の先頭",
        "計算機（OS、処理装置、Pythonの版）",
        "気づいたこと",
        "署名",
    )
    return Table("signature", "確認の記録", ("項目", "記入欄"), tuple((one, "　") for one in items))
