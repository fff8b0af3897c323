"""Received files kept as they came, and the register of them.

In: a received file, its source and the day it was received. Out: a copy under ``data/received/<source>/``,
byte for byte, and a row in ``data/received/register.csv``. A file that is not public is kept under
``data/received/not-public/``, which version control ignores; its keyed checksum is registered all the same,
so that it can be proved later what was received (see :mod:`minato_analysis.project.checksums`).

The register decides whether a source is public. One that was received as public can be received again as not
public: its files move. The other way round is refused.

The copy is complete before it has its name, and is registered after that: an interruption leaves the register
as it was, and the same command can be run again. Two processes must not write at once; the caller holds
the project's lock.

Codes: ``E6-NAME``, ``E6-CLOSED``, ``E6-STORE-OTHER``, ``E6-STORE-FOLDER``, ``E6-STORE-REGISTER``,
``E6-STORE-CHANGED``, ``E6-STORE-MISSING``, ``E6-STORE-UNKNOWN``; those of
:func:`minato_analysis.received.limits.read_bytes`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from minato_analysis import data
from minato_analysis.cleaning.text import label
from minato_analysis.project.checksums import checksum, make_key, of
from minato_analysis.project.files import NOT_PUBLIC, write_all, write_text
from minato_analysis.received import confirmation
from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.escape import escape, unescape
from minato_analysis.received.limits import LIMITS, Limits, read_bytes
from minato_analysis.received.names import file_name, source_name
from minato_analysis.received.refusal import LONGEST_LABEL

FOLDER: Final = "data/received"
REGISTER: Final = f"{FOLDER}/register.csv"
RECORD: Final = ".reading.csv"
"""Ending of the file beside a received one that says what it was read as."""
_YES, _NO = "yes", "no"


@dataclass(frozen=True)
class Entry:
    """One row of the register.

    Parameters
    ----------
    file : str
        Path below ``data/received/``.
    sha256 : str
        Hexadecimal; ``hmac-sha256:…`` where it is not public.
    bytes : int
        0 where it is not public: the size of a table tells of its digits.
    received : str
        Day it was received, ``YYYY-MM-DD``.
    source : str
        The delivery it belongs to, e.g. ``moj-2027-03``.
    public : bool
        Whether the file may be published and is under version control.
    note : str
    """

    file: str
    sha256: str
    bytes: int
    received: str
    source: str
    public: bool
    note: str = ""

    @property
    def key(self) -> str:
        """Source and name, wherever it is kept."""
        return self.file.removeprefix(f"{NOT_PUBLIC}/")


_COLUMNS: Final = tuple(one.name for one in fields(Entry))


def keep(
    file: Path,
    folder: Path,
    *,
    source: str,
    received: date,
    public: bool = True,
    note: str = "",
    limits: Limits = LIMITS,
) -> Entry:
    """Copy a received file into the project and register it.

    Parameters
    ----------
    file : Path
        Where it is now; it is left there.
    folder : Path
        The project folder.
    source : str
        Name of the delivery.
    received : date
        Day it was received.
    public : bool
        False keeps it out of version control.
    note : str
    limits : Limits, optional

    Returns
    -------
    Entry
        The row of the register; the present one where the same bytes are kept already.

    Raises
    ------
    ReceivedError
        A name that is refused, another file of that name, a source that is kept as not public, or a file
        that is too large.
    """
    name = file_name(file.name)
    inside = "/".join(([] if public else [NOT_PUBLIC]) + [source_name(source), name])
    content = read_bytes(file, limits)
    known = register(folder)
    place = _place(folder, inside)
    if public and is_public(folder, source) is False:
        raise ReceivedError(
            "E6-CLOSED",
            source,
            "この名前の資料は、公表されないものとして受け取っています。まず送り主の条件を確かめ、"
            "同じ条件なら --not-public を付け、公表される別の資料なら別の名前を付けてください。",
        )
    if not public and source in _documents(folder) and is_public(folder, source):
        raise ReceivedError(
            "E6-CLOSED",
            source,
            "この名前の資料は、公表されるものとしてもうデータに入っています（data/published/）。"
            "まず送り主の条件を確かめ、公表されない別の資料なら別の名前を付けてください。",
        )
    if not public:
        make_key(folder)
        known = _closed(folder, known, source)
    entry = _entry_of(inside, content, folder, public=public, received=received, note=note)
    _check_free(place, content, folder)
    before = next((one for one in known if one.file == inside), None)
    if before is not None and before.sha256 != entry.sha256:
        # Registered here before and not under version control: the file itself may be elsewhere.
        raise _other(inside, before.bytes, len(content))
    if not place.exists():
        write_all({place: content})
    if before is not None:
        return before
    write_text(folder / REGISTER, _dumps([*known, entry]))
    return entry


def record(folder: Path, entry: Entry, text: str) -> None:
    """Keep beside a received file what it was read as, once a person has confirmed it."""
    place = folder / FOLDER / entry.file
    write_text(place.with_name(place.name + RECORD), text)


def answered(folder: Path) -> dict[str, Any]:
    """Return the answers that were given for files before, as ``mapping.yaml`` says them.

    They stand in what each file was confirmed as: lines around a table without bearing on it (``words``), and
    labels that mean the same as one of ours (``labels``). A later file needs no answer to the same question.
    """
    words: dict[str, str] = {}
    labels: dict[str, dict[str, dict[str, str]]] = {}
    for entry in register(folder):
        place = folder / FOLDER / (entry.file + RECORD)
        text = place.read_text(encoding="utf-8") if place.is_file() else ""
        for line in csv.reader(io.StringIO(text)):
            _, printed, table, row, column, meaning, certainty = map(unescape, line)
            reason = f"{meaning}（{entry.key} への答え）"
            if certainty != confirmation.ANSWERED or len(label(printed)) > LONGEST_LABEL:
                continue
            if ours := row or column:
                answer = {"to": ours, "kind": "exact", "reason": reason}
                labels.setdefault(table, {})[printed] = answer
            else:
                words[printed] = reason
    return {"words": words, "labels": labels}


def is_public(folder: Path, source: str) -> bool | None:
    """Return whether a source is public by the register or the descriptor; None where neither knows it."""
    kept = [one.public for one in register(folder) if one.source == source]
    documents = _documents(folder)
    if not documents.get(source, True) or not all(kept):
        return False
    return True if kept or source in documents else None


def _documents(folder: Path) -> dict[str, bool]:
    """Return the sources of the descriptor, and whether they are public."""
    if not (folder / data.DESCRIPTOR).is_file():
        return {}
    package = data.descriptor(folder)
    closed = data.closed_sources(package)
    return {one: one not in closed for one in {*package["source_documents"], *closed}}


def _entry_of(
    inside: str, content: bytes, folder: Path, *, public: bool, received: date, note: str
) -> Entry:
    sha = of(content, folder, public=public).removeprefix("sha256:")
    size, source = len(content) if public else 0, inside.split("/")[-2]
    return Entry(inside, sha, size, received.isoformat(), source, public, note)


def _closed(folder: Path, known: list[Entry], source: str) -> list[Entry]:
    """Move what was received of a source as public to where it is not; return the register.

    Copies come first, then the register, then the files go: begun again, it completes what was begun.
    """
    moved = {}
    for one in known:
        if one.source == source and one.public:
            content = (folder / FOLDER / one.file).read_bytes()
            inside = f"{NOT_PUBLIC}/{one.file}"
            day = date.fromisoformat(one.received)
            write_all({_place(folder, inside): content})
            moved[one] = _entry_of(
                inside, content, folder, public=False, received=day, note=one.note
            )
    if moved:
        known = [moved.get(one, one) for one in known]
        write_text(folder / REGISTER, _dumps(known))
    before = folder / FOLDER / source
    for file in before.glob("*") if before.is_dir() else ():
        kept = folder / FOLDER / NOT_PUBLIC / source / file.name
        half = file.name.startswith(".") and file.suffix == ".tmp"
        half |= file.name.endswith(RECORD)  # made again where the file is now
        if half or (kept.is_file() and kept.read_bytes() == file.read_bytes()):
            file.unlink()
    if before.is_dir() and not any(before.iterdir()):
        before.rmdir()
    return known


def register(folder: Path) -> list[Entry]:
    """Return the rows of the register; none where nothing was received yet.

    Raises
    ------
    ReceivedError
        ``E6-STORE-REGISTER``: the register is damaged.
    """
    file = folder / REGISTER
    if not file.is_file():
        return []
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, strict=True))
        return [_entry({key: unescape(value) for key, value in row.items()}) for row in rows]
    except (
        UnicodeDecodeError,
        csv.Error,
        KeyError,
        TypeError,
        AttributeError,
        ValueError,
    ) as error:
        raise ReceivedError(
            "E6-STORE-REGISTER",
            REGISTER,
            f"受領の台帳が1行以上読めません（{type(error).__name__}）。"
            "まず最近の変更を確かめ、元に戻してください（git checkout）。",
        ) from None


def problems(folder: Path) -> list[str]:
    """Return a sentence for every file that is not what the register says, or is not in it.

    A file that is not public may be absent: it is not under version control.
    """
    found = []
    entries = {one.file: one for one in register(folder)}
    for name, entry in entries.items():
        place = folder / FOLDER / name
        if not place.is_file():
            if entry.public:
                found.append(
                    f"E6-STORE-MISSING {FOLDER}/{name}: 台帳にあるファイル（{entry.bytes:,}バイト）が"
                    "ありません。まず消していないかを確かめ、元に戻してください（git checkout）。"
                )
        elif checksum(place, folder).removeprefix("sha256:") != entry.sha256:
            size = f"（{entry.bytes:,}バイト）" if entry.public else ""
            found.append(
                f"E6-STORE-CHANGED {FOLDER}/{name}: 中身（{place.stat().st_size:,}バイト）が、"
                f"受領したとき{size}と違います。受領したファイルは変えません。"
                "まず誰が開いて保存したかを確かめ、元のファイルに戻してください。"
            )
    kept = sorted(
        one.relative_to(folder / FOLDER).as_posix()
        for one in (folder / FOLDER).rglob("*")
        if one.is_file() and one != folder / REGISTER and not one.name.endswith(".tmp")
    )
    return found + [
        f"E6-STORE-UNKNOWN {FOLDER}/{name}: 台帳（{REGISTER}）にないファイルです。"
        "まずいつ、どこから受け取ったかを確かめ、もう一度 minato new-year --from で読み込んでください。"
        for name in kept
        if name.removesuffix(RECORD) not in entries
    ]


def _place(folder: Path, inside: str) -> Path:
    """Return where a file is kept; no link may lead out of the folder of received files."""
    base = folder / FOLDER
    place = base / inside
    if not place.resolve().is_relative_to(base.resolve()):
        raise ReceivedError(
            "E6-STORE-FOLDER",
            f"{FOLDER}/{inside}",
            "置き場所がリンクになっていて、data/received の外の1か所を指します（外には置きません）。"
            "まずフォルダのリンクを確かめ、ふつうのフォルダに直してください。",
        )
    return place


def _check_free(place: Path, content: bytes, folder: Path) -> None:
    """Refuse another file of the same name, in capitals or not, in either part of the store."""
    base = folder / FOLDER
    for other in (place.parent, *_twins(place, base)):
        for one in other.glob("*") if other.is_dir() else ():
            if one.name.casefold() != place.name.casefold():
                continue
            same = one == place and one.read_bytes() == content
            if not same:
                raise _other(one.relative_to(base).as_posix(), one.stat().st_size, len(content))


def _other(inside: str, before: int, now: int) -> ReceivedError:
    size = f"（{before:,}バイト）" if before else ""
    return ReceivedError(
        "E6-STORE-OTHER",
        f"{FOLDER}/{inside}",
        f"同じ名前のファイル{size}を前に受け取っています（今回は{now:,}バイト）。"
        "受領したファイルは上書きしません。まずどちらが新しいかを確かめ、"
        "別の出典の名前か、別のファイル名で読み込んでください。",
    )


def _twins(place: Path, base: Path) -> list[Path]:
    """Return the folder of the same source on the other side of the line between public and not."""
    source = place.parent.name
    return [one for one in (base / source, base / NOT_PUBLIC / source) if one != place.parent]


def _entry(row: dict[str, str]) -> Entry:
    if row["public"] not in (_YES, _NO):
        raise ValueError(row["public"])
    return Entry(
        row["file"],
        row["sha256"],
        int(row["bytes"]),
        date.fromisoformat(row["received"]).isoformat(),
        row["source"],
        row["public"] == _YES,
        row["note"],
    )


def _dumps(entries: list[Entry]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in sorted(entries, key=lambda entry: (entry.received, entry.file)):
        cells = [
            _YES if cell is True else _NO if cell is False else str(cell) for cell in astuple(one)
        ]
        writer.writerow([escape(cell) for cell in cells])
    return out.getvalue()
