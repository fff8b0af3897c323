"""The texts of a new area's project: its README, edition, descriptor, and lists that are still empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.data.study import unit
from minato_analysis.init_area.request import Request
from minato_analysis.reporting.asking import PLAN, PLAN_EN

README = """\
# {area}：再犯者の割合の再分析

{area}（標準地域コード {code}）の再犯防止推進計画の数値を、だれでも同じ手順で計算し直すためのフォルダです。
{note}ここにあるのはデータと版だけです。プログラムとノートブックは、入っている `minato` のものを使います。
どの `minato` で作ったかは `minato.yaml` にあり、違う `minato` では止まって、どうすればよいかが示されます。

## 次にすること

1. `data/published/{source}/` の表に、資料に印刷された数値を書きます。表計算ソフトで開いて「CSV UTF-8」で
   保存できます。公表されていない値は、資料の記号（－、…、x）をそのまま書きます。手元にない表は、空のままに
   してください。その表が要る節には、ないと表示されます。
2. `minato seal` … すべての欄を書いた表を、データに加えます。
3. `minato check` … 表どうしの食い違いや、打ち間違いとみられる値を示します。
4. `minato report` … ページを作ります（`reports/{edition}/index.html`）。

`minato` は、そのフォルダで `make report` を一度実行すると `.venv/bin/minato` にできます。
新しい `minato` に移すときは、このフォルダで `minato update` を実行します。
標準のノートブックに代えるもの、加えるものは、`notebooks/` に置きます
（`minato new-notebook 08_my_question`）。

## この地域に合わせて直すところ

| ファイル | 直すこと |
|---|---|
| `reports/{edition}/edition.yaml` | 年、資料の題、版の日付 |
| `data/datapackage.json` | 表の題、提供元（`primary_source`）、数値の印刷されていない図（`missing`） |
| `data/definitions.yaml` | 何を数えた値か。注が違えば、違うとおりに |
| `data/statements.yaml` | 点検する計画の記述（書くまで、そのページはないと表示されます） |

目標の値は `data/published/{source}/prose.csv` に書きます。警察署の名前や年が表の見出しと違うときは、見出しの
行と列を足すか消し、署は `data/datapackage.json` の `reading` も直してください。

## In English

The folder holds the data and editions of one municipality ({code}); the installed `minato` named in
`minato.yaml` makes the pages (`minato update` takes the folder to a newer one). Fill in the tables in
`data/published/{source}/`, then run `minato seal`, `minato check` and `minato report` here. A
table you do not have stays empty: the pages say that it is missing.
"""

MADE_UP = "**この地域は実在しません。** 数値も架空のものです。"

STATEMENTS = """\
# The sentences of the plan, in our words, each with the reading that is tested against the printed tables.
# What the keys mean: src/minato_analysis/claims/read.py; operands: operands.py; words: predicates.py and
# document.py. No sentence of the plan is copied. `lines` are lines of the plan's text.
#
# None is written yet. One looks like this:
#
#   - id: C001
#     section: 第2章2(4)
#     lines: 1
#     paraphrase: 検挙された人に占める再犯者の割合は、毎年上がっている
#     reading: どの年も、前の年より高い
#     population: 区域内の警察署が検挙した人
#     period: 表のすべての年
#     test: [{{strictly_increasing: {{of: share}}}}]
#     suggestion: 上がった年と下がった年があることを書くと合います。

source: {source}
sources: [{source}, national-penal-code, national-special-law, national-arrests-by-group]

series:
  persons: {{label: 検挙人員, cells: {{table: 2-10, measure: persons_arrested}}}}
  first_time: {{label: 初犯者, cells: {{table: 2-10, measure: first_time}}}}
  reoffenders: {{label: 再犯者, cells: {{table: 2-10, measure: reoffenders}}}}
  share: {{label: 再犯者の割合, share: {{of: reoffenders, in: persons}}}}
  prefecture.share:
    label: 都道府県の再犯者の割合（刑法犯）
    share:
      of: {{cells: {{table: 2-8, measure: reoffenders}}}}
      in: {{cells: {{table: 2-8, measure: persons_arrested}}}}

document: {{}}

statements: []
"""


def readme(wanted: Request) -> str:
    """Return ``README.md``: what the folder is and what to do next."""
    return README.format(
        area=wanted.area.name_ja,
        code=wanted.area.code,
        source=wanted.source_id,
        edition=wanted.edition,
        note=MADE_UP if wanted.made_up else "",
    )


def edition(wanted: Request, parameters: Mapping[str, Any]) -> str:
    """Return ``edition.yaml``."""
    today = wanted.today
    year = format_year(Year(today.year, "calendar", None))
    about = {
        "edition": parameters["edition"],
        "title": f"{wanted.edition}年度版" + ("（架空の地域）" if wanted.made_up else ""),
        "subject": _marked(wanted.document, wanted),
        "subject_en": f"Recidivism-prevention plan of {wanted.area.name_en}"
        + (" (a place that does not exist)" if wanted.made_up else ""),
        "built": f"{year}{today.month}月{today.day}日",
    }
    values = about | {name: one for name, one in parameters.items() if name not in about}
    head = "# The one input of this edition. Dates are set by hand, so that a rebuild gives the same bytes.\n"
    return head + yaml.safe_dump(values, allow_unicode=True, sort_keys=False)


def package(wanted: Request) -> dict[str, Any]:
    """Return what the descriptor says of the whole."""
    area = wanted.area
    return {
        "name": f"area-{area.code}",
        "title": _marked(f"{wanted.document}の再分析に使う公表数値", wanted),
        "title_en": f"Published figures for the re-analysis of the plan of {area.name_en}",
        "version": wanted.edition,
        "sources": [{"title": wanted.document}],
        "source_documents": {
            wanted.source_id: {
                "title": _marked(wanted.document, wanted),
                "short": PLAN,
                "short_en": PLAN_EN,
                "date": wanted.today.isoformat(),
                "publisher": area.name_ja,
            }
        },
    }


def statements(wanted: Request) -> str:
    """Return ``statements.yaml`` without a statement."""
    return STATEMENTS.format(source=wanted.source_id)


def measures_links(text: str, wanted: Request) -> str:
    """Return ``measures_links.yaml`` without a link, its explanation kept."""
    empty = f"source_id: {wanted.source_id}\n\nnumbers: {{}}\n\nlinks: {{}}\n\nnone: {{}}\n"
    return f"{comments(text)}\n{empty}"


def comments(text: str) -> str:
    """Return the comment a YAML file begins with.

    >>> comments("# one\\n# two\\n\\na: 1\\n")
    '# one\\n# two\\n'
    """
    lines = text.splitlines(keepends=True)
    length = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[:length])


def stations(wanted: Request) -> str:
    """Return a line that names the stations of the tables."""
    return f"{unit(wanted.area.name_ja)}内の警察署: {'、'.join(wanted.stations)}"


def _marked(text: str, wanted: Request) -> str:
    return f"{text}（架空）" if wanted.made_up else text
