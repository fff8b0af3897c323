"""Before facts are published: nothing small of a source that is not public may follow from them."""

from __future__ import annotations

from pathlib import Path

from minato_analysis import data
from minato_analysis.claims import checks
from minato_analysis.data import revisions
from minato_analysis.numbers import facts
from minato_analysis.reporting.derivable import counts_of, given_away
from minato_analysis.reporting.errors import ReportError


def refuse(root: Path, text: str) -> None:
    """Refuse a text of ``facts.json`` that gives small numbers away.

    Raises
    ------
    ReportError
        ``E3-SMALL-NUMBER``: small numbers that differences and sums of the facts give away.
    """
    closed = data.closed_sources(data.descriptor(root))
    history = data.history(root)
    results = checks.evaluate(revisions.current(history), *checks.load(root))
    found = given_away(facts.loads(text), counts_of(history), results, closed)
    if found:
        raise ReportError(
            "E3-SMALL-NUMBER",
            "facts.json",
            f"公表しない小さな数（10人未満）が{len(found)}個、公表される数値の差や和から分かります"
            f"（非公表の資料: {'、'.join(sorted(closed))}）。"
            "まず次の数値のどちらかを記録しないか、年や署をまとめてください。\n" + "\n".join(found),
        )
