"""A second person's certificate: the machine's verdict, and the questions only a person can answer.

In: a verdict, a name, answers. Out: the text of ``codecheck.yml`` (after CODECHECK's configuration 1.0, see
https://codecheck.org.uk/spec/config/1.0/) and of a page to be printed and signed. The three words of the
World Bank's reproducible research are mapped: complete, stable, consistent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import yaml

from minato_analysis.published import words
from minato_analysis.published.verdict import Verdict

QUESTIONS = (
    "元の資料（印刷された表）を自分で見て、写しの値をいくつか見比べましたか。",
    "表や図の見出しと注は、元の資料の意味のとおりですか。",
    "「増えた」「減った」などの言葉は、数値と区間から言えることだけですか。",
    "使った方法と前提は、目的に合っていますか。",
    "個人が分かる値や、公表してはならない資料はありませんか。",
    "あなたは、この版を作った人ではありませんか。",
)
"""What no machine can answer."""

ANSWERS = ("はい", "いいえ", "確かめていない")


def world_bank(verdict: Verdict) -> dict[str, bool]:
    """Return the World Bank's three words for a full verdict."""
    counts = verdict.levels.values()
    return {
        "complete（作り直すのに要るものがそろっている）": bool(verdict.levels),
        "stable（作り直すと同じ結果になる）": bool(verdict.levels)
        and not any(one.different for one in counts),
        "consistent（公表された数値が、作り直した数値と一致する）": verdict.exit_code == 0,
    }


def codecheck(
    verdict: Verdict, about: Mapping[str, str], by: str, on: str, answers: Sequence[str]
) -> str:
    """Return ``codecheck.yml``.

    Parameters
    ----------
    verdict : Verdict
        Of the full audit.
    about : mapping of str to str
        The parameters of the manifest: title, subject.
    by, on : str
        Who certifies, and the ISO date.
    answers : sequence of str
        To :data:`QUESTIONS`.
    """
    facts = verdict.levels.get("L1")
    told = f"{words.headline(verdict)}; L1 {facts.compared if facts else 0} values compared"
    form = {
        "version": "https://codecheck.org.uk/spec/config/1.0/",
        "paper": {"title": f"{about.get('title', '')} {about.get('subject', '')}".strip()},
        "manifest": [
            {"file": f"reports/{verdict.edition}/{name}", "comment": comment}
            for name, comment in (
                ("facts.json", "every published number"),
                ("index.html", "the pages"),
                ("manifest.json", f"sha256:{verdict.identity.get('manifest', '')}"),
            )
        ],
        "codechecker": [{"name": by}],
        "check_time": f"{on}T00:00:00",
        "summary": told,
        "questions": dict(zip(QUESTIONS, answers, strict=True)),
    }
    return yaml.safe_dump(form, allow_unicode=True, sort_keys=False)


def page(
    verdict: Verdict, by: str, on: str, answers: Sequence[str], strip: str, about: Mapping[str, str]
) -> str:
    """Return the certificate as a page of A4, without scripts or anything from elsewhere."""
    asked = zip(QUESTIONS, answers, strict=True)
    questions = "".join(
        f"<tr><td>{escape(one)}</td><td>{escape(said)}</td></tr>" for one, said in asked
    )
    judged = "".join(
        f"<tr><td>{escape(one)}</td><td>{'はい' if yes else 'いいえ'}</td></tr>"
        for one, yes in world_bank(verdict).items()
    )
    unchecked = "".join(f"<li>{escape(one)}</li>" for one in words.unchecked(verdict))
    return f"""<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>確認書 版 {escape(verdict.edition)}</title>
<style>@page {{ size: A4; margin: 20mm }} body {{ font: 11pt/1.7 sans-serif; max-width: 170mm }}
table {{ border-collapse: collapse; width: 100% }} td {{ border: 1px solid #666; padding: 2mm }}
td + td {{ width: 32mm }} pre {{ font-size: 7.5pt; white-space: pre-wrap }} h2 {{ font-size: 12pt }}
</style></head>
<body><h1>確認書</h1>
<p>{escape(about.get("title", ""))}　{escape(about.get("subject", ""))}　版 {escape(verdict.edition)}</p>
<h2>計算機の判定</h2><p>{escape(words.headline(verdict))}</p>
<p>確かめたプログラム: {escape(verdict.identity.get("checker", ""))}</p>
<table>{judged}</table>
<h2>人の確認</h2><table>{questions}</table>
<h2>この確認が及ばないこと</h2><ul>{unchecked}</ul>
<h2>確かめた版</h2><pre>{escape(strip)}</pre>
<p>{escape(on)}　確認者 {escape(by)}　署名 ＿＿＿＿＿＿＿＿＿＿＿＿</p></body></html>
"""
