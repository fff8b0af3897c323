"""The audit's words: verdicts, stages, what may have caused a finding and what to do next."""

from __future__ import annotations

from minato_analysis.published.verdict import Verdict

VERDICTS = {0: "確認済み", 1: "不一致あり", 2: "確認を完了できませんでした"}
KEYS = {0: "confirmed", 1: "different", 2: "incomplete"}

ALIKE = {
    "identical": "同一",
    "no-effect": "影響なしの変更あり",
    "display": "公表の桁で同じ、表示だけの差",
    "tolerance": "宣言した許容差の中の差",
    "preparing": "準備中の版",
}
"""In what a confirmed edition is the same or not (:attr:`~.verdict.Verdict.alike`)."""

MODES = {
    "quick": "簡易（実行せず、版の記録と今のファイルを照合）",
    "full": "完全（公表表から別の場所で作り直し、公表されているものと照合）",
}

ENCLOSED = {
    True: "あり（bwrap。通信はできず、書き込めるのは写しだけ）",
    False: "なし（bwrap がないか、使えない計算機です）",
}
"""Whether the rebuild could touch anything but its own copy."""

STAGES = {
    "edition": "版の名前",
    "source": "公表表と宣言",
    "parameters": "パラメータ",
    "code": "計算の手順",
    "environment": "ライブラリの版",
    "data": "整理した値",
    "facts": "数値の一覧",
    "page": "報告書のページ",
    "product": "報告書のページと数値の一覧",
    "crate": "RO-Crate",
    "manifest": "版の記録",
    "ledger": "台帳",
}

WRITTEN = ("source", "parameters", "code", "environment")
"""Stages whose effect on what is published shows only when it is built again."""

UNKNOWN_REACH = {
    "quick": "実行しないと分かりません（`minato verify` で分かります）。",
    "full": "作り直せなかったため分かりません。",
}

LEVELS = {
    "L1": "数値（公表の桁）",
    "L2": "データ（CSV、図の座標）",
    "L3": "文章",
    "L4": "バイト列",
}

CAUSES: dict[str, tuple[str, ...]] = {
    "E0-PROGRAM": ("別の minato で作られた版",),
    "E5-CELL": ("転記の直し、または書き換え", "表計算ソフトで開いて保存したための書式の変化"),
    "E5-CHECKSUM": ("表か記述子の一方だけが変わった", "訂正のあと `minato seal` をしていない"),
    "E5-DESCRIPTOR": ("記述子の書き換え", "新しい年の表を加えたが、まだ作り直していない"),
    "E5-DECLARATION": ("定義、恒等式、記述点検などの宣言の変更",),
    "E5-PARAMETER": ("対象の年や地域の変更", "別の版の edition.yaml の取り違え"),
    "E5-CODE": ("プログラムの更新後に版を作り直していない", "書き換え"),
    "E5-NOTEBOOK": ("ノートブックの更新後に版を作り直していない", "書き換え"),
    "E5-LOCK": ("ライブラリの更新後に版を作り直していない", "書き換え"),
    "E5-PIN": ("environment.yml を直接書き換えた",),
    "E5-TIDY": ("生成されるファイルを直接書き換えた", "公表表の読み方が変わった"),
    "E5-FACT": ("生成されるファイルを直接書き換えた", "計算の手順か公表表が変わった"),
    "E5-SHADOW": ("ほかの計算を差し込むために置かれた", "作業中のファイルの置き忘れ"),
    "E5-TRANSCRIPTION": (
        "転記の突き合わせのあとで、表か記録の一方が書き換えられた",
        "訂正のあと、原文ともう一度突き合わせていない",
    ),
    "E5-EVIDENCE": ("受け取った資料や、突き合わせの記録の書き換え",),
    "E5-EDITION": ("フォルダの取り違え、または別の版の上書き",),
    "E5-MANIFEST": ("記録の書き換え",),
    "E5-CRATE": ("記録の書き換え",),
    "E5-LEDGER": ("公表後の差し替え", "台帳の書き換え"),
    "E5-ENVIRONMENT": (
        "確かめる計算機のライブラリの書き換え（公表した人のせいではない）",
        "壊れた導入",
    ),
    "E5-SIGNATURE": ("署名のあとで台帳に行を足し、まだ署名していない", "台帳の書き換え"),
    "E5-MISSING": ("ファイルの削除", "取得（clone、展開）の失敗"),
    "E5-LINK": ("同じファイルを二か所から使うためのリンク", "あとから中身を差し替えるための細工"),
    "E5-REFUSED": ("公表表か宣言の書き換え", "作り直しのあとでの、点検の追加"),
    "E5-ADDED": ("版を作ったあとでのファイルの追加",),
    "E5-BUILD": (
        "この環境にライブラリがない、または版が違う",
        "版管理に入っていないファイルが要る（注に出ていないか）",
        "ディスクの空きや権限の不足",
    ),
    "E5-NO-MANIFEST": ("版がまだ作られていない", "版の名前の誤り"),
}
_PAGE_CAUSES = ("公表後にページを直接書き換えた", "作り直しの途中で止まった")

NEXT: dict[str, str] = {
    "E0-PROGRAM": "git log -p -- minato.yaml",
    "E5-CELL": "git diff -- {file}",
    "E5-CHECKSUM": "git diff -- data/",
    "E5-DESCRIPTOR": "git diff -- {file}",
    "E5-DECLARATION": "git diff -- {file}",
    "E5-PARAMETER": "git diff -- {file}",
    "E5-CODE": "git diff -- {file}",
    "E5-NOTEBOOK": "git diff -- {file}",
    "E5-LOCK": "git diff -- {file}",
    "E5-FACT": "minato explain {part}",
    "E5-PAGE-NUMBER": "minato explain {part}",
    "E5-SHADOW": "git log -- {file}",
    "E5-TRANSCRIPTION": "git log -p -- {file}",
    "E5-LEDGER": "git log -p -- reports/LEDGER.csv",
    "E5-SIGNATURE": "minato ledger verify",
    "E5-ENVIRONMENT": "rm -r .venv && make verify EDITION={edition}",
    "E5-BUILD": "make verify EDITION={edition}",
    "E5-NO-MANIFEST": "git status --short",
    "E5-LINK": "ls -l {file}",
    "E5-REFUSED": "git diff -- data/",
}


def headline(verdict: Verdict) -> str:
    """Return the first line of a verdict.

    >>> headline(Verdict("2024", "quick", ()))
    '判定 0  確認済み（同一）  [confirmed: identical]'
    """
    code = verdict.exit_code
    alike = verdict.alike
    told = f"（{'、'.join(ALIKE[one] for one in alike)}）" if alike else ""
    key = ": ".join(filter(None, (KEYS[code], ", ".join(alike))))
    return f"判定 {code}  {VERDICTS[code]}{told}  [{key}]"


def causes(code: str) -> tuple[str, ...]:
    """Return likely causes of a finding, the likeliest first."""
    return CAUSES.get(code, _PAGE_CAUSES)


def next_commands(verdict: Verdict) -> list[str]:
    """Return the commands to run next, the first one first."""
    first = verdict.first
    if first is None:
        return [] if verdict.mode == "full" else [f"minato verify {verdict.edition}"]
    file, _, part = first.place.partition(" ")
    pattern = NEXT.get(first.code, "git diff -- {file}")
    found = [pattern.format(file=file, part=part or first.place, edition=verdict.edition)]
    if verdict.mode == "quick" and first.severity == "different":
        found.append(f"minato verify {verdict.edition}")
    if (
        first.stage in ("source", "parameters", "code", "environment", "data")
        and verdict.exit_code == 1
    ):
        found += older_code(verdict)
    return found


def older_code(verdict: Verdict) -> list[str]:
    """Return how to audit an edition with the files it was made from, when those here have moved on."""
    commit = verdict.identity.get("commit", "").split(" ")[0]
    if not commit:
        return []
    place = f"../edition-{verdict.edition}"
    return [
        f"git worktree add {place} {commit} && cd {place} && make verify EDITION={verdict.edition}"
    ]


UNCHECKED = {
    "quick": ("数値が公表表と計算の手順から出てくること（`minato verify` で確かめます）。",),
    "full": (),
    "both": (
        "公表表そのものの正しさ（印刷された値を出発点にしています）。",
        "公表表と印刷物の一致（転記の突き合わせの記録 transcription.json と表が合うことまで）。",
        "公表表、転記の記録、計算の手順、ページ、記録、台帳を矛盾なく書き換えて作り直した改ざん。",
        "計算方法や言葉の選び方が適切であること。",
    ),
    "preparing": ("この版が公表後に差し替えられていないこと（台帳にまだ載っていません）。",),
}


def unchecked(verdict: Verdict) -> list[str]:
    """Return what this verdict does not cover."""
    preparing = any(one.code == "N5-IN-PREPARATION" for one in verdict.findings)
    return [
        *UNCHECKED[verdict.mode],
        *UNCHECKED["both"],
        *(UNCHECKED["preparing"] if preparing else ()),
    ]
