"""Which of several printed values of one quantity counts at a date.

In: observations of all documents. Out: for every quantity the value of the newest document up to the date.
A value that replaces another one gets the status ``revised``; the old one is kept. A revision is accepted
with a reason (``data/known_discrepancies.yaml``)::

    - revision: plan-draft-2024-12/2-10!再犯者数!令和4(2022)年
      expect: {reoffenders: [516, 517]}
      reason: 提供元が再集計した（2027年3月10日の回答）。

The address begins with the series, not with the document; ``expect`` holds the old and the new value by
measure, ``-`` for a value that is withheld or not known yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

QUANTITY = (
    "series_id",
    "table",
    "area_code",
    "station",
    "offence",
    "age_band",
    "year",
    "measure",
)
"""What is the same quantity in two documents of one series."""
_NOBODY = ("zero", "not_applicable")
_NO_VALUE = ("-", "－", "…", "x", "X")
"""Signs a recorded reason may write for a value that is not there."""


class RedefinedError(ValueError):
    """A later document prints a quantity under another definition: not a revision, another series."""


def current(rows: pd.DataFrame, as_of: str | None = None) -> pd.DataFrame:
    """Return the rows that count, in their order, revised ones marked.

    Parameters
    ----------
    rows : pandas.DataFrame
        Observations of all documents.
    as_of : str, optional
        Date ``YYYY-MM-DD``; documents dated later do not count. A document dated by month only counts
        from the first day of the month.

    Raises
    ------
    RedefinedError
        ``E0-REDEFINED``: a later document gives the quantity another definition.
    """
    known = rows if as_of is None else rows[rows["as_of"] <= as_of]
    keys = list(QUANTITY)
    if (known["source_id"] == known["series_id"]).all() and not known.duplicated(keys).any():
        return known
    last = known.groupby(keys, dropna=False)["as_of"].transform("max")
    counts = known[known["as_of"] == last]
    _same_definition(known, keys)
    replaced = revised(known)
    # A value that was withheld before and is known now is new, not revised.
    replaced = replaced[replaced["earlier"].notna()]
    changed = counts.index.isin(replaced.index) & (counts["status"] == "ok")
    return counts.assign(status=counts["status"].mask(changed, "revised"))


def revised(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the newest rows of quantities whose value differs from that of an earlier document.

    A value that was not out yet (status ``missing``) and came later is no revision. Neither is a 0 where a
    dash was printed, or the reverse: both say that there was nobody, and one source prints both.

    Returns
    -------
    pandas.DataFrame
        The rows, with the replaced value as ``earlier``, its document as ``earlier_source_id`` and its
        date as ``earlier_as_of``.
    """
    keys = list(QUANTITY)
    ordered = rows.sort_values("as_of", kind="stable")
    before = ordered.groupby(keys, dropna=False)[["value", "source_id", "as_of", "status"]].shift()
    told = ordered.assign(
        earlier=before["value"],
        earlier_source_id=before["source_id"],
        earlier_as_of=before["as_of"],
    )
    newest = told[~told.duplicated(keys, keep="last")]
    later = newest["earlier_as_of"].notna() & (newest["earlier_as_of"] < newest["as_of"])
    differs = later & ~(newest["value"].eq(newest["earlier"]))
    both_missing = newest["value"].isna() & newest["earlier"].isna()
    came_out = before["status"].reindex(newest.index) == "missing"
    nobody = newest["status"].isin(_NOBODY) & before["status"].reindex(newest.index).isin(_NOBODY)
    return newest[differs & ~both_missing & ~came_out & ~nobody].sort_index()


class UnexplainedRevision(ValueError):
    """Past values changed without a recorded reason; the message is one sentence for each."""


@dataclass(frozen=True)
class Revision:
    """One past value a later document prints otherwise."""

    quantity: str
    """Address within the series: ``<series>/<table>!<row>!<column>``."""
    measure: str
    old: str
    new: str
    earlier: str
    """Document that printed the old value."""
    later: str
    """Document that printed the new value."""
    reason: str = ""

    @property
    def place(self) -> str:
        """Table, row and column, as a person says them."""
        table, _, cell = self.quantity.partition("/")[2].partition("!")
        return f"図表{table} {cell.replace('!', ' ')}"

    def sentence(self, files: Mapping[str, str]) -> str:
        """Return what changed, what to look at first and how to accept it."""
        table, _, cell = self.quantity.partition("/")[2].partition("!")
        return (
            f"E2-601 {files[f'{self.later}/{table}']} {cell.replace('!', ' ')}: {self.earlier}の"
            f" {self.old} が {self.new} に変わっています。"
            "まず転記を確かめてください。資料が訂正されたのなら、"
            "data/known_discrepancies.yaml に理由を書くと受け入れられます: "
            f"- {{revision: {self.quantity}, expect: {{{self.measure}: [{self.old}, {self.new}]}},"
            " reason: …}"
        )


def evaluate(
    rows: pd.DataFrame, known: Iterable[Mapping[str, Any]] = (), *, strict: bool = True
) -> list[Revision]:
    """Return every revised value, with its reason where one is recorded.

    Parameters
    ----------
    rows : pandas.DataFrame
        Observations of all documents.
    known : iterable of mapping
        Entries of ``data/known_discrepancies.yaml``; those without ``revision`` are left alone.
    strict : bool
        Whether every recorded revision must be there.

    Raises
    ------
    UnexplainedRevision
        ``E2-EXPECT``: a recorded revision is not there as recorded.
    """
    reasons = {
        (one["revision"], measure, *map(_digits, values)): one["reason"]
        for one in known
        if "revision" in one
        for measure, values in one["expect"].items()
    }
    found = []
    for row in revised(rows).to_dict("records"):
        quantity = f"{row['series_id']}/{row['table']}!{row['row']}!{row['column']}"
        key = (quantity, row["measure"], _digits(row["earlier"]), _digits(row["value"]))
        found.append(
            Revision(
                *key,
                earlier=row["earlier_source_id"],
                later=row["source_id"],
                reason=reasons.pop(key, ""),
            )
        )
    if reasons and strict:
        address, measure, old, new = next(iter(reasons))
        raise UnexplainedRevision(
            f"E2-EXPECT data/known_discrepancies.yaml {address} {measure}: 記録された訂正"
            f"（{old} から {new}）は今はありません。値が変わったのなら、この項目を直すか削除してください。"
        )
    return found


def enforce(revisions: Sequence[Revision], files: Mapping[str, str]) -> None:
    """Raise on revisions without a recorded reason.

    Parameters
    ----------
    revisions : sequence of Revision
    files : mapping
        File of a table by its address prefix ``<source>/<table>``, for the message.
    """
    open_ones = [one.sentence(files) for one in revisions if not one.reason]
    if open_ones:
        raise UnexplainedRevision("\n".join(open_ones))


def _digits(value: Any) -> str:
    import pandas as pd  # noqa: PLC0415 - 0.4 s, and `--help` needs none

    if pd.isna(value) or str(value) in _NO_VALUE:
        return "-"
    return f"{float(value):.12g}"


def _same_definition(rows: pd.DataFrame, keys: list[str]) -> None:
    spread = rows.groupby(keys, dropna=False)["definition"].transform("nunique")
    documents = rows.groupby(keys, dropna=False)["as_of"].transform("nunique")
    wrong = rows[(spread > 1) & (documents > 1)]
    if len(wrong):
        one = wrong.iloc[-1]
        raise RedefinedError(
            f"E0-REDEFINED {one.source_id}/{one.table}!{one.row}!{one.column}: "
            f"前の資料と定義が違います（{'、'.join(sorted(set(wrong['definition'])))}）。"
            "定義が変わった値は訂正ではありません。data/datapackage.json の reading で別の系列にするか、"
            "定義の名前をそろえてください。"
        )
