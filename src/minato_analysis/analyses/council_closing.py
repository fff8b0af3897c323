"""The council report, last page: the plan's sentences, and the numbers that are not published.

In: the study and the verdicts of :mod:`~minato_analysis.analyses.statements_shown`. Out: short tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from minato_analysis import data
from minato_analysis.claims.evaluate import Result
from minato_analysis.data.study import Study
from minato_analysis.numbers.tables import Table

_FILES = re.compile(r"（[\w/-]+\.csv）|[\w/-]+\.csv に")
"""Names of files, which say nothing on paper."""


def important(results: Sequence[Result]) -> Table:
    """Table: the statements to look at first, with the wording that would agree."""
    rows = tuple(
        (one.id, one.statement.paraphrase, one.verdict.partition("（")[0], one.suggestion)
        for one in results
        if one.statement.important
    )
    head = ("番号", "素案の記述（要旨）", "判定", "数値に合う書き方")
    return Table("council-statements", "はじめに見ていただきたい記述", head, rows)


def requests(study: Study) -> Table | None:
    """Table: charts whose numbers are not printed; none where there are none."""
    rows = tuple(
        (f"図表{one['figure']}", one["title"], _FILES.sub("", one["elsewhere"]))
        for one in data.descriptor(study.folder)["missing"]
    )
    head = ("図表", "内容", "ほかで分かること")
    if not rows:
        return None
    return Table(
        "council-requests",
        "数値の公表をお願いしたい図（公表されれば、確かめられることが増えます）",
        head,
        rows,
    )
