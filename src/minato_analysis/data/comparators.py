"""The comparator slot: outside values of one offence, compared only where the definition is the same.

In: every ``data/published/comparators/*.csv`` (columns :data:`COLUMNS`, described in the folder's
``README.md`` and ``schema.json``), one line a value of one area and year: counts, or a share as
printed. Out: validated :class:`Comparator` rows, sorted into those that may be compared with a
series (the same ``definition``) and those that are refused, and the fields in which the
definitions of the latter differ.

Nothing is guessed: a line that is not certain stops the build with ``E0-COMPARATOR``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from minato_analysis import data
from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.numbers import Value, parse_number
from minato_analysis.cleaning.years import parse_year

FOLDER = "data/published/comparators"
COLUMNS = (
    "area_code",
    "offence",
    "year",
    "persons",
    "reoffenders",
    "share",
    "definition",
    "source",
    "known_from",
)
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.csv")
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_AREA_CODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True)
class Comparator:
    """One outside value with its place.

    Attributes
    ----------
    file : str
        Path below the project folder.
    line : int
        Line of the file, the header being 1.
    area_code, offence : str
    year : int
        Calendar year.
    persons, reoffenders : int or None
        Both or neither.
    share : float
        Percent: from the counts where they are known, else as printed.
    half_step : float
        Half a unit of the last printed digit of `share`, in points; 0 with counts.
    definition, source : str
    known_from : str
        Date ``YYYY-MM-DD`` at which the value became known.
    """

    file: str
    line: int
    area_code: str
    offence: str
    year: int
    persons: int | None
    reoffenders: int | None
    share: float
    half_step: float
    definition: str
    source: str
    known_from: str

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What is the same value, however often it is given."""
        return self.area_code, self.offence, self.year, self.definition

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of the cells used, in the form of facts."""
        columns = ("share",) if self.persons is None else ("persons", "reoffenders")
        start = f"comparators/{Path(self.file).stem}!{self.area_code} {self.offence} {self.year}"
        return tuple(f"{start}!{column}" for column in columns)


@dataclass(frozen=True)
class Sorted:
    """Comparators of one offence by what may be done with them.

    Attributes
    ----------
    same : dict of str to tuple of Comparator
        By area code: the definition is that of the series, compared like for like.
    other : dict of (str, str) to tuple of Comparator
        By area code and definition: another definition, refused.
    """

    same: dict[str, tuple[Comparator, ...]]
    other: dict[tuple[str, str], tuple[Comparator, ...]]


@dataclass(frozen=True)
class FieldPair:
    """One field of two definitions."""

    field: str
    own: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether the two texts are not the same."""
        return self.own != self.other


def read(folder: Path, as_of: str = "9999") -> list[Comparator]:
    """Return the comparators of the project, in order of file and line; none is no error.

    Parameters
    ----------
    folder : Path
        The project folder.
    as_of : str, optional
        Date ``YYYY-MM-DD``; lines known later do not count. A value given again with a later date is a
        revision: the newest counts.

    Raises
    ------
    DataError
        ``E0-COMPARATOR`` with file, line and column of the first cell that is not certain: an
        unknown column, area or definition, counts that do not fit each other or the share, a value
        without source, or one value given twice.
    """
    areas, definitions = data.areas(folder), data.definitions(folder)
    found: list[Comparator] = []
    for file in sorted((folder / FOLDER).glob("*.csv")):
        name = f"{FOLDER}/{file.name}"
        if not _FILE_NAME.fullmatch(file.name):
            raise refused(name, None, "ファイル名に使えるのは半角の小文字、数字、- だけです。")
        with file.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream))
        header = tuple(lines[0]) if lines else ()
        if header != COLUMNS:
            raise refused(
                name,
                1,
                f"列は {','.join(COLUMNS)} の順でなければなりませんが、{','.join(header)} です。",
            )
        for line, cells in enumerate(lines[1:], start=2):
            if any(cells):
                found.append(_comparator(cells, name, line, areas, definitions))
    _each_once(found)
    newest = {one.key: one for one in sorted(found, key=_known_from) if one.known_from <= as_of}
    return [one for one in found if newest.get(one.key) is one]


def _known_from(one: Comparator) -> str:
    return one.known_from


def sort_out(rows: Iterable[Comparator], *, offence: str, definition: str) -> Sorted:
    """Sort the comparators of one offence into comparable and refused ones.

    Parameters
    ----------
    rows : iterable of Comparator
    offence : str
    definition : str
        Definition of the series they would be compared with. Only the same name is the same
        definition: texts that look alike are for a person to judge, not for the program.
    """
    same: dict[str, tuple[Comparator, ...]] = {}
    other: dict[tuple[str, str], tuple[Comparator, ...]] = {}
    for one in sorted(rows, key=lambda row: (row.area_code, row.definition, row.year)):
        if one.offence != offence:
            continue
        if one.definition == definition:
            same[one.area_code] = (*same.get(one.area_code, ()), one)
        else:
            key = (one.area_code, one.definition)
            other[key] = (*other.get(key, ()), one)
    return Sorted(same, other)


def difference(own: Mapping[str, str], other: Mapping[str, str]) -> list[FieldPair]:
    """Return every field of two definitions side by side, those of `own` first.

    Examples
    --------
    >>> [pair.differs for pair in difference({"age": "all"}, {"age": "20+"})]
    [True]
    """
    return [FieldPair(name, own.get(name, ""), other.get(name, "")) for name in {**own, **other}]


def _comparator(
    cells: Sequence[str],
    file: str,
    line: int,
    areas: Mapping[str, data.Area],
    definitions: Mapping[str, Mapping[str, str]],
) -> Comparator:
    if len(cells) != len(COLUMNS):
        raise refused(file, line, f"{len(COLUMNS)}列あるはずの行に{len(cells)}列あります。")
    row = {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=True)}
    if not _AREA_CODE.fullmatch(row["area_code"]) or row["area_code"] not in areas:
        raise refused(
            file,
            line,
            f"area_code「{row['area_code']}」は data/areas.csv にありません"
            "（先頭の0が失われていないかを、まず確かめてください）。",
        )
    if row["definition"] not in definitions:
        raise refused(
            file,
            line,
            f"definition「{row['definition']}」は data/definitions.yaml にありません。"
            "数え方を確かめ、項目を加えてから名前を書いてください。",
        )
    for name in ("offence", "source"):
        if not row[name]:
            raise refused(file, line, f"{name} が空です。")
    if not _DATE.fullmatch(row["known_from"]):
        raise refused(
            file,
            line,
            f"known_from「{row['known_from']}」は、値が知られた日（YYYY-MM-DD）として読めません。",
        )
    try:
        year = parse_year(row["year"])
        persons, reoffenders = (_value(row[name], "人") for name in ("persons", "reoffenders"))
        printed = _value(row["share"], "%")
    except CleaningError as error:
        raise refused(file, line, str(error)) from None
    if year.kind != "calendar":
        raise refused(file, line, f"year「{row['year']}」は年度です。暦年の値だけを読みます。")
    if (persons is None) != (reoffenders is None):
        raise refused(file, line, "persons と reoffenders は、両方書くか両方空にしてください。")
    if persons is None and printed is None:
        raise refused(file, line, "人数も割合もありません。")
    k, n = (None if one is None else int(one.value or 0) for one in (reoffenders, persons))
    share, half_step = _share(k, n, printed, file, line)
    return Comparator(
        file=file,
        line=line,
        area_code=row["area_code"],
        offence=row["offence"],
        year=year.year,
        persons=n,
        reoffenders=k,
        share=share,
        half_step=half_step,
        definition=row["definition"],
        source=row["source"],
        known_from=row["known_from"],
    )


def _value(text: str, unit: str) -> Value | None:
    """Return one printed number of the unit, or None for an empty cell."""
    if not text:
        return None
    values = parse_number(text).values
    one = values[0]
    known = len(values) == 1 and one.value is not None and one.value >= 0
    # A share without its sign could be a proportion; a count may go without one.
    fits = one.unit == "%" if unit == "%" else one.unit in (None, unit) and not one.digits
    if not (known and fits):
        form = "「46.2%」のような割合" if unit == "%" else "「1,234」のような人数"
        raise CleaningError("E1-NUMBER-FORM", f"「{text}」は{form}として読み取れません。", text)
    return one


def _share(
    k: int | None, n: int | None, printed: Value | None, file: str, line: int
) -> tuple[float, float]:
    """Return the share in percent and half a unit of its last printed digit (0 with counts)."""
    if printed is not None and not 0 <= float(printed.value or 0) <= 100:
        raise refused(file, line, f"share {printed.value}% は0%から100%の間にありません。")
    if k is None or n is None:
        assert printed is not None, "a line without counts has a printed share"
        return float(printed.value or 0), float(Decimal(1).scaleb(-printed.digits)) / 2
    if k > n or n == 0:
        raise refused(file, line, f"reoffenders {k} が persons {n} に収まりません。")
    if printed is not None:
        exact = Decimal(100) * k / n
        rounded = exact.quantize(Decimal(1).scaleb(-printed.digits), rounding=ROUND_HALF_UP)
        if rounded != printed.value:
            raise refused(
                file, line, f"share {printed.value}% と、人数から計算した {rounded}% が合いません。"
            )
    return 100 * k / n, 0.0


def _each_once(rows: Iterable[Comparator]) -> None:
    seen: dict[tuple[object, ...], Comparator] = {}
    for one in rows:
        key = (*one.key, one.known_from)
        if key in seen:
            first = seen[key]
            raise refused(
                one.file,
                one.line,
                f"同じ地域、罪種、年、定義の値が {first.file} {first.line}行目にもあります。"
                "どちらが正しいかを出典で確かめ、一つにしてください。"
                "改められた値なら、known_from にそれが知られた日を書いてください。",
            )
        seen[key] = one


def refused(file: str, line: int | None, sentence: str) -> data.DataError:
    """Return the error that names the place of a comparator that cannot be used."""
    place = file if line is None else f"{file} {line}行目"
    return data.DataError(f"E0-COMPARATOR {place}: {sentence}")
