"""A received file on its way into a draft: kept unaltered, read, every label confirmed.

In: a file from outside. Out: the cells of the tables it continues, and what was understood of it, on the
terminal and in ``build/confirmation-<year>.csv``. Answers to what is unclear stand in
``data/drafts/<year>/mapping.yaml``. Of a file that is not public both stand in ``data/not-public/``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from minato_analysis import data, days, received
from minato_analysis.drafts.draft import folder_of
from minato_analysis.files import NOT_PUBLIC, write_text
from minato_analysis.received import confirmation, store
from minato_analysis.received.answers import read_answers
from minato_analysis.received.refusal import ANSWERS

Tables = dict[str, list[list[str]]]


def take(
    root: Path,
    file: Path,
    *,
    year: int,
    series_id: str,
    source_id: str,
    public: bool,
    tell: Callable[[str], object],
) -> tuple[Tables, str]:
    """Return the cells of the tables a received file has for a year, by 図表 number, and the file's key.

    Parameters
    ----------
    root : Path
        The project folder.
    file : Path
        Untrusted. It is kept below ``data/received/`` as it is.
    year : int
    series_id : str
        Series whose tables are continued.
    source_id : str
        Name of the document the file is of.
    public : bool
        False keeps the file out of version control.
    tell : callable
        Takes what a person should read: the confirmation and the notes.

    Raises
    ------
    DataError
        ``E6-UNCLEAR``: something of the file is not certain; all of it at once.
    ReceivedError
        The file cannot be read at all.
    """
    if not source_id:
        raise data.DataError(
            "E6-SOURCE --from: 受け取った資料の名前を --source で書いてください（例: moj-2027-03）。"
        )
    entry = store.keep(file, root, source=source_id, received=days.today(), public=public)
    tell(f"受け取ったままを保存しました / kept: data/received/{entry.file}（{entry.sha256[:12]}…）")
    answers = folder_of(root, year, public=public) / ANSWERS
    found = received.read(
        file,
        data.descriptor(root),
        root,
        year,
        read_answers(answers) if answers.is_file() else None,
        source=series_id,
    )
    apart = [one for one in found.confirmation if one.certainty != confirmation.SAME]
    same = len(found.confirmation) - len(apart)
    tell(f"見出し{len(found.confirmation)}個のうち{same}個は、続ける表と同じです。")
    if apart:
        tell(confirmation.text(apart))
    for note in found.notes:
        tell(f"注意 {note}")
    listed = root / ("build" if public else f"data/{NOT_PUBLIC}") / f"confirmation-{year}.csv"
    write_text(listed, found.confirmation_csv())
    tell(f"対応の確認表 / confirmation: {listed.relative_to(root).as_posix()}")
    if found.refused:
        raise data.DataError(
            "\n".join(found.refused) + f"\n\nE6-UNCLEAR {entry.file}: はっきりしない所が"
            f"{len(found.refused)}件あります。受け取った資料を確かめるか、"
            f"{answers.relative_to(root).as_posix()} に答えを書いてから、もう一度実行してください。"
        )
    return found.tables, entry.key
