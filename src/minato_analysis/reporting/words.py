"""The words of the shell around a page, by language: skip link, header strip, footer, figure parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from minato_analysis.cleaning.years import era_of

WORDS: Mapping[str, Mapping[str, str]] = {
    "ja": {
        "skip": "本文へ移動",
        "skip_levers": "つまみへ移動",
        "nav": "この版のページ",
        "subject": "{area}の再犯者の割合",
        "heading": "{subject}　{title}（{edition}）",
        "unofficial": "{unit}の資料ではありません。",
        "publisher": "発行",
        "contact": "連絡先",
        "licence": "利用条件",
        "plan": "計画の所在",
        "repository": "置き場所",
        "built": "作成日",
        "newest": "最新のデータ",
        "object": "対象の文書",
        "verification": "検証の状況",
        "corrected": "{date}に訂正：",
        "corrected_why": "",  # the reasons are Japanese themselves
        "corrected_before": "これより前の訂正{count}件は、入口のページに",
        "made": "{edition}　{title}（{built}作成）",
        "origin": (
            "本文の数値は、公表された表から計算し、計算式と元のセルを添えて facts.json に記録しています。"
        ),
        "figure": "図{number}",
        "table": "表{number}",
        "no_part": "（この版にない図表）",
        "sheet": "（{sheet}枚目）",
        "separator": "　",
        "parts": "図と表の一覧",
        "svg": "図をSVGでダウンロード",
        "png": "図をPNG（2倍）でダウンロード",
        "csv": "表をCSVでダウンロード",
        "of": "（{label}）",
        "table_origin": "数値の出どころ",
        "accessibility": "読みやすさの試験",
        "cite": "引用のしかた",
        "refs": "この図表の数値のたどり方",
        "lang": "ja",
        "large": "このページを大きな文字で印刷する（押してから印刷）",
    },
    "en": {
        "skip": "Skip to content",
        "skip_levers": "Skip to the sliders",
        "nav": "Pages of this edition",
        "subject": "Share of reoffenders, {area}",
        "heading": "{subject}: {title} ({edition})",
        "unofficial": "Not an official document of the municipality.",
        "publisher": "Publisher",
        "contact": "Contact",
        "licence": "Terms of use",
        "plan": "The plan",
        "repository": "Repository",
        "built": "Date",
        "newest": "Newest data",
        "object": "Document analysed",
        "verification": "Verification",
        "corrected": "Corrected on {date}: ",
        "corrected_why": "reasons on the front page (in Japanese)",
        "corrected_before": "; {count} earlier",
        "made": "{title} ({edition}), {built}.",
        "origin": ("Formula and printed cells of each number in the text: facts.json."),
        "figure": "Figure {number}",
        "table": "Table {number}",
        "no_part": "(not in this edition)",
        "sheet": " (sheet {sheet})",
        "separator": ", ",
        "parts": "Figures and tables",
        "svg": "Download the figure as SVG",
        "png": "Download the figure as PNG (double size)",
        "csv": "Download the table as CSV",
        "of": " ({label})",
        "table_origin": "Origin of the numbers",
        "accessibility": "Accessibility (in Japanese)",
        "cite": "Cite as",
        "refs": "Records of the numbers",
        "lang": "en",
        "large": "Print this page in large type (follow this link, then print)",
    },
}
"""Language of a page → its words. A language has all keys or the page is not rendered."""

BESIDES: Mapping[str, str] = {
    "index": "公表数値の分析",
    "printed_tables": "印刷された表",
    "accessibility": "読みやすさの試験",
}
"""Pages of an edition that are no notebook, with their titles."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_ja(iso: str) -> str:
    """Return a date in the Japanese calendar, as editions print theirs.

    >>> date_ja("2026-11-09")
    '令和8(2026)年11月9日'
    """
    day = date.fromisoformat(iso)
    era, number = era_of(day.year)
    return f"{era}{number}({day.year})年{day.month}月{day.day}日"


def date_en(printed: str) -> str:
    """Return a date printed in the Japanese calendar in English; any other text as it is.

    >>> date_en("令和8(2026)年11月23日"), date_en("March 2027")
    ('23 November 2026', 'March 2027')
    """
    found = re.search(r"\((\d{4})\)年(\d{1,2})月(\d{1,2})日", printed)
    if found is None:
        return printed
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}"
