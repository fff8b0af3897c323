"""Begin the draft of a new year: every table with its labels, only the numbers missing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from minato_analysis import data
from minato_analysis.drafts import draft, shape
from minato_analysis.project.files import write_all


def scaffold(
    folder: Path,
    year: int,
    series_id: str,
    filled: Mapping[str, Sequence[Sequence[str]]] | None = None,
    *,
    received: str = "",
    public: bool = True,
) -> list[Path]:
    """Write the draft of a year; return its tables.

    Parameters
    ----------
    folder : Path
        The project folder.
    year : int
        Calendar year whose values are to come.
    series_id : str
        Source whose series the year continues.
    filled : mapping, optional
        Cells of tables that were read from a received file, by 図表 number. Without it the tables that
        do not have the year yet are written with empty cells.
    received : str
        Source and name of that file.
    public : bool
        False puts the draft where version control ignores it.

    Raises
    ------
    DataError
        ``E6-DRAFT``: there is a draft of the year already, or nothing to continue.
    """
    for one in (draft.folder_of(folder, year, public=open_) for open_ in (True, False)):
        if (one / draft.FILE).exists():
            raise data.DataError(
                f"E6-DRAFT {one.relative_to(folder).as_posix()}: {year}年の下書きはもうあります。"
                "続けて書き込むか、やり直すならフォルダごと消してから実行してください。"
            )
    target = draft.folder_of(folder, year, public=public)
    package = data.descriptor(folder)
    bases = draft.continued(package, series_id)
    if not bases:
        raise data.DataError(
            f"E6-DRAFT {series_id}: 続ける表が data/datapackage.json にありません。"
            "edition.yaml の source_id を確かめてください。"
        )
    known = {data.table_id(one) for one in bases}
    if left := sorted(set(filled or ()) - known):
        raise data.DataError(
            f"E6-DRAFT {'、'.join(left)}: 受け取った資料から読めましたが、下書きにできる表ではありません。"
            f"下書きにするのは年を加える表（{'、'.join(sorted(known))}）だけです。"
            "その表を除いたファイルで読み直し、除いた表は data/published/ に手で加えて"
            " minato seal を実行してください。"
        )
    made = {
        target / Path(one["path"]).name: cells
        for one in bases
        if (cells := _cells(one, year, folder, filled)) is not None
    }
    if not made:
        raise data.DataError(f"E6-DRAFT {year}年: どの表にも{year}年の値がもうあります。")
    described = {"year": year, "series_id": series_id} | (
        {"received": received} if received else {}
    )
    about = yaml.safe_dump(described, sort_keys=False, allow_unicode=True)
    # The description comes last: without it the folder is not a draft yet.
    write_all({file: _csv(cells) for file, cells in made.items()} | {target / draft.FILE: about})
    return list(made)


def _cells(
    base: Mapping[str, Any],
    year: int,
    folder: Path,
    filled: Mapping[str, Sequence[Sequence[str]]] | None,
) -> Sequence[Sequence[str]] | None:
    if filled is not None:
        return filled.get(data.table_id(base))
    cells = data.read_cells(base, folder)
    if year in shape.years(cells, base["reading"]):
        return None
    return shape.year_table(cells, base["reading"], year)


def _csv(cells: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(cells)
    return stream.getvalue()
