"""A received file on its way into a draft: kept unaltered, read, every label confirmed.

In: a file from outside. Out: the cells of the tables it continues, and what was understood of it, on the
terminal and in ``build/confirmation-<year>.csv`` (and as a page). A person confirms that once; it is then
kept beside the file. Answers to what is unclear stand in ``data/drafts/<year>/mapping.yaml``; those given for
earlier files hold on, and are shown with the rest. Of a file that is not public both stand in
``data/not-public/``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from minato_analysis import data, received
from minato_analysis.drafts.draft import folder_of
from minato_analysis.project import days
from minato_analysis.project.files import NOT_PUBLIC, write_all
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
    confirmed: bool = False,
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
    confirmed : bool
        A person has looked at what the file is read as. It counts only where just that was shown before.

    Raises
    ------
    DataError
        ``E6-UNCLEAR``: something of the file is not certain; all of it at once. ``E6-CONFIRM``: all is
        certain, and nobody has confirmed it yet.
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
        before=store.answered(root),
    )
    apart = [one for one in found.confirmation if one.certainty != confirmation.SAME]
    same = len(found.confirmation) - len(apart)
    tell(f"見出し{len(found.confirmation)}個のうち{same}個は、続ける表と同じです。")
    if apart:
        tell(confirmation.text(apart))
    for note in found.notes:
        tell(f"注意 {note}")
    if found.understood:
        tell("表をこう読みました（＊は書かれていないもので、続ける表のとおりとします）。")
        tell(confirmation.summary(found.understood))
    listed = root / ("build" if public else f"data/{NOT_PUBLIC}") / f"confirmation-{year}.csv"
    text = found.confirmation_csv()
    shown = listed.is_file() and listed.read_text(encoding="utf-8") == text
    write_all({listed: text, listed.with_suffix(".html"): found.confirmation_page()})
    where = listed.relative_to(root).as_posix()
    tell(f"読み取りの確認表 / confirmation: {where}（.html も）")
    if found.refused:
        raise data.DataError(
            "\n".join(found.refused) + f"\n\nE6-UNCLEAR {entry.file}: はっきりしない所が"
            f"{len(found.refused)}件あります。受け取った資料を確かめるか、"
            f"{answers.relative_to(root).as_posix()} に答えを書いてから、もう一度実行してください。"
        )
    if not (confirmed and shown):
        raise data.DataError(
            f"E6-CONFIRM {entry.file}: 値にする前に、読み取った内容を一度確かめてください（{where}）。"
            "図表、期間、地域、単位、年と、値のもとのセルがそのとおりなら、同じ命令の最後に --confirmed を"
            "付けてもう一度実行してください。違うところがあれば、"
            f"{answers.relative_to(root).as_posix()} に答えを書いて直せます。"
        )
    store.record(root, entry, text)
    return found.tables, entry.key
