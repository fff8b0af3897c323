"""The table of areas: a CSV in long form in, checked counts of all areas as arrays out.

::

    area_code,area_name,year,persons_arrested,reoffenders
    99001,架空第1市,2017,181,84
    …

One row for each area and year; every area has the same years without a gap. Or one row for each area, with
the year behind the name of a count::

    area_code,area_name,persons_arrested 2017,persons_arrested 2018,reoffenders 2017,reoffenders 2018

Or, of another measure (:mod:`minato_analysis.areas.measure`), ``recognised_cases`` in the place of the two
counts; there a year for which the source gives none is ``…``.

Codes are the 標準地域コード as text: five digits, or six with the check digit. Every problem is told at once,
with its line and the way out.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from minato_analysis.areas import hierarchy
from minato_analysis.areas.errors import AreasError, machine
from minato_analysis.areas.measure import MEASURES, SHARE, Measure
from minato_analysis.init_area.request import check_digit, wrong_name
from minato_analysis.received.captions import Own, parts

YEARS = range(1945, 2101)
EXAMPLE = """area_code,area_name,year,persons_arrested,reoffenders
99201,架空第1市,2021,181,84
99201,架空第1市,2022,176,80
99202,架空第2市,2021,96,41
99202,架空第2市,2022,103,52
99301,架空町,2021,45,20
99301,架空町,2022,41,23
"""
_COUNTS = [column for one in MEASURES.values() for column in one.counts]
_WIDE = re.compile(rf"(?P<count>{'|'.join(_COUNTS)})[ _]?(?P<year>[0-9]{{4}})年?")
"""The column of one count in one year."""
TOLD = 20
"""Problems that are spelled out; the others are counted."""
TOTAL_PARTS = 3
"""Parts of a total that are named."""

GAP = "…"
"""Stands in a cell for which the source gives no count."""
NONE = -1
"""Stands in an array for it."""

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Areas:
    """Counts of all areas.

    Attributes
    ----------
    codes, names : tuple of str, length A
        In the order of the codes.
    years : tuple of int, length T
        Contiguous calendar years, oldest first.
    counts : ndarray of int, shape (C, A, T)
        One block for each column of the measure.
    measure : Measure
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    years: tuple[int, ...]
    counts: IntArray
    measure: Measure = SHARE

    @property
    def persons(self) -> IntArray:
        """Persons arrested, shape (A, T)."""
        return self.counts[0]

    @property
    def reoffenders(self) -> IntArray:
        """How many of them had a record."""
        return self.counts[1]

    @property
    def cases(self) -> npt.NDArray[np.float64]:
        """Counts of one column, shape (A, T); nan where the source gives none."""
        return np.where(self.counts[0] == NONE, np.nan, self.counts[0])


@dataclass(frozen=True)
class _Row:
    line: int
    code: str
    name: str
    year: int
    counts: tuple[int, ...]


def read(file: Path) -> Areas:
    """Read and check the table.

    Raises
    ------
    AreasError
        ``E8-FILE``, ``E8-COLUMNS``, ``E8-CODE``, ``E8-NAME``, ``E8-YEAR``, ``E8-COUNT``, ``E8-EXCEEDS``,
        ``E8-DUPLICATE``, ``E8-YEARS``, ``E8-TOTAL``, ``E8-AROUND``: one sentence for each problem.
        ``E8-MACHINE``: the file is there and cannot be read.
    """
    head, cells, problems = _cells(file)
    header, lines = _long(file.name, head, cells)
    measure = _measure(header)
    places = _places(file.name, header, measure)
    problems += _around(file, header, lines, measure)
    rows = [
        row
        for number, cells in lines
        if (row := _row(number, [cells[at] for at in places], measure, problems)) is not None
    ]
    problems += _between(rows, whole=not problems)
    if not rows and not problems:
        raise AreasError(f"E8-FILE {file.name}: 見出しの下に行がありません。")
    if rows := _complete(rows):
        areas = _arrays(rows, measure)
        problems += _totals(areas, rows)
    if problems:
        raise AreasError("\n".join(_told(file.name, problems)))
    return areas


def _cells(file: Path) -> tuple[list[str], list[tuple[int, list[str]]], list[str]]:
    """Return the header, the rows as long as it, and what is to be said of the others."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise AreasError(f"E8-FILE {file}: ファイルがありません。") from None
    except IsADirectoryError:
        raise AreasError(
            f"E8-FILE {file}: フォルダーです。中の表（CSV）を指定してください。"
        ) from None
    except OSError as error:
        raise machine(error, file) from None
    except UnicodeDecodeError:
        raise AreasError(
            f"E8-FILE {file.name}: UTF-8 の CSV ではありません。"
            "表計算ソフトでは「CSV UTF-8（コンマ区切り）」を選んで保存してください。"
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip() for cell in next(reader, [])]
        lines = [
            (reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise AreasError(
            f"E8-FILE {file.name} {reader.line_num}行目: CSV として読めません（{error}）。"
            "閉じていない引用符がないか確かめてください。"
        ) from None
    uneven = [
        f"{number}行目 E8-COLUMNS 列の数（{len(cells)}列）が見出し（{len(header)}列）と違います。"
        "名前や数にコンマがあれば、引用符で囲んでください。"
        for number, cells in lines
        if len(cells) != len(header)
    ]
    return header, [one for one in lines if len(one[1]) == len(header)], uneven


def _long(
    name: str, header: list[str], lines: list[tuple[int, list[str]]]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return one row for each area and year of a table with the years across; another as it is."""
    found = {at: match for at, name in enumerate(header) if (match := _WIDE.fullmatch(name))}
    if not found:
        return header, lines
    meant = [f"{match['count']} {match['year']}" for match in found.values()]
    if twice := [one for one in dict.fromkeys(meant) if meant.count(one) > 1]:
        raise AreasError(
            f"E8-COLUMNS {name}: 列 {'、'.join(twice)} が2つ以上あります。"
            "使う方だけを残すか、ほかの名前にしてください。"
        )
    kept = [at for at in range(len(header)) if at not in found]
    years = list(dict.fromkeys(match["year"] for match in found.values()))
    counts = list(dict.fromkeys(match["count"] for match in found.values()))
    at_of = {(match["count"], match["year"]): at for at, match in found.items()}
    rows = [
        (
            number,
            [cells[at] for at in kept]
            + [year]
            + [cells[at_of[one, year]] if (one, year) in at_of else "" for one in counts],
        )
        for number, cells in lines
        for year in years
    ]
    return [*(header[at] for at in kept), "year", *counts], rows


def _measure(header: list[str]) -> Measure:
    """Return the measure of which the most columns are there, or nearly; the first where none is."""

    def there(one: Measure) -> float:
        close = [bool(difflib.get_close_matches(column, header)) for column in one.counts]
        return sum(close) / len(close)

    return max(MEASURES.values(), key=there)


def _places(name: str, header: list[str], measure: Measure) -> list[int]:
    columns = measure.columns
    missing = [column for column in columns if column not in header]
    twice = [column for column in columns if header.count(column) > 1]
    if twice:
        raise AreasError(
            f"E8-COLUMNS {name}: 列 {'、'.join(twice)} が2つ以上あります。"
            "使う方だけを残すか、ほかの名前にしてください。"
        )
    if not missing:
        return [header.index(column) for column in columns]
    near = {
        column: found[0]
        for column in missing
        if (
            found := difflib.get_close_matches(
                column, [one for one in header if one not in columns]
            )
        )
    }
    hints = "".join(
        f"「{written}」は「{column}」のことですか。" for column, written in near.items()
    )
    raise AreasError(
        f"E8-COLUMNS {name}: 列 {'、'.join(missing)} がありません。{hints}"
        f"1行目に {','.join(columns)} と書いてください。"
    )


def _around(
    file: Path, header: list[str], lines: list[tuple[int, list[str]]], measure: Measure
) -> Iterator[str]:
    """Yield what the name of the file or another column says of a part of the year, or of another unit."""
    own = Own(words=measure.columns, units=(measure.unit,))
    others = [at for at, name in enumerate(header) if name not in measure.columns]
    said = {cells[at].strip(): (number, header[at]) for number, cells in lines for at in others}
    for text, (number, column) in {**said, file.stem: (1, "")}.items():
        for part in parts(text, own):
            # A file may be named after the fiscal year it was made in.
            if (
                part.kind not in ("period", "unit")
                or part.agrees
                or (not column and "年度" in part.text)
            ):
                continue
            where = f"列 {column} の{_said(text)}" if column else f"ファイルの名前{_said(text)}"
            yield (
                f"{number}行目 E8-AROUND {where}に「{part.text}」とあります。"
                f"表の数は1年分の{measure.called}です。"
                f"まず表の期間と単位を確かめ、1年分の{measure.called}ならこの語を除いてください。"
            )


def _row(line: int, cells: list[str], measure: Measure, problems: list[str]) -> _Row | None:
    """Return one row, or note what is wrong with it."""
    code, name, year, *counts = (cell.strip() for cell in cells)
    if re.fullmatch("[0-9]{6}", code) and check_digit(code[:5]) == code[5]:
        code = code[:5]
    name = unicodedata.normalize("NFC", name)
    found = [*_code_problems(code)]
    if not name:
        found.append("E8-NAME area_name が空です。地域の名前を書いてください。")
    elif wrong := wrong_name(name):
        found.append(f"E8-NAME area_name{_said(name)}: {wrong}")
    elif not found:
        found += _unfit(code, name)
    if not re.fullmatch(r"[0-9]{4}", year) or int(year) not in YEARS:
        found.append(f"E8-YEAR year{_said(year)}は西暦4桁の年ではありません（例: 2022）。")
    numbers = tuple(
        _count(column, text, measure, found)
        for column, text in zip(measure.counts, counts, strict=True)
    )
    if not found and measure is SHARE and numbers[1] > numbers[0]:
        found.append(
            f"E8-EXCEEDS {code} {year}年: 再犯者 {numbers[1]}人 が"
            f"検挙人員 {numbers[0]}人 より多くなっています。"
            "2つの列の取り違えか、入力の誤りがないか確かめてください。"
        )
    problems += [f"{line}行目 {one}" for one in found]
    return None if found else _Row(line, code, name, int(year), numbers)


def _said(text: str) -> str:
    """Return a cell as a sentence quotes it: short, and nothing in it that is not seen."""
    if not text:
        return "（空）"
    seen = "".join(one if one.isprintable() else f"U+{ord(one):04X}" for one in text[:30])
    return f"「{seen}{'…' if len(text) > 30 else ''}」"


def _code_problems(code: str) -> Iterator[str]:
    if re.fullmatch(r"[0-9]{5}", code):
        if int(code[:2]) in range(48, 90) or (code < "01000" and code != "00000"):
            yield (
                f"E8-CODE area_code「{code}」: 都道府県の番号「{code[:2]}」はありません（01から47まで）。"
                "実在しない練習用の地域なら99から始めてください。"
            )
        return
    if re.fullmatch(r"[0-9]{1,4}", code):
        yield (
            f"E8-CODE area_code「{code}」は5桁ではありません。先頭の0が失われたようです"
            f"（{code.zfill(5)} のことですか）。表計算ソフトでは、この列を「文字列」にしてください。"
        )
    elif re.fullmatch(r"[0-9]{6}", code):
        yield (
            f"E8-CODE area_code「{code}」は6桁ですが、末尾が {code[:5]} の検査数字"
            f"（{check_digit(code[:5])}）と違います。コードを確かめ、5桁か、正しい6桁で書いてください。"
        )
    else:
        yield (
            f"E8-CODE area_code{_said(code)}は標準地域コード"
            "（半角の数字5桁、又は検査数字の付いた6桁）ではありません。"
        )


def _unfit(code: str, name: str) -> Iterator[str]:
    """Yield what does not fit between the code of a real area and the last letter of its name."""
    own, last = int(code[2:]), name[-1]
    if int(code[:2]) not in hierarchy.PREFECTURES or last not in "都道府県市区町村":
        return
    fits = "都道府県" if own == 0 else "市区" if own < 200 else "市" if own < 300 else "町村"
    if (own >= 100 or own == 0) and last not in fits and not hierarchy.TOTAL_NAME.search(name):
        yield (
            f"E8-NAME area_name「{name}」はコード {code} と合いません"
            f"（このコードは{'・'.join(fits)}のものです）。どちらが正しいか確かめてください。"
        )


def _count(column: str, text: str, measure: Measure, found: list[str]) -> int:
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    if text == GAP and measure.gaps:
        return NONE
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    if not text and measure.gaps:
        hint = f"資料に値のない年なら {GAP} と書いてください。"
    elif not text:
        hint = "値のない年があれば、その地域を表から除くか、すべての地域をその年より後にそろえてください。"
    elif re.fullmatch(r"[0-9]{1,9}", plain):
        hint = f"半角の数字だけで {plain} と書いてください。"
    else:
        hint = "0以上の整数を書いてください。"
    found.append(f"E8-COUNT {column}{_said(text)}は{measure.called}として読めません。{hint}")
    return 0


def _between(rows: list[_Row], *, whole: bool) -> Iterator[str]:
    """Yield the problems that show only when rows are seen together; of years, where the table is `whole`.

    A row that cannot be read leaves a gap that is none.
    """
    first: dict[tuple[str, int], _Row] = {}
    names: dict[str, _Row] = {}
    called: dict[tuple[str, str], _Row] = {}
    years: dict[str, set[int]] = {}
    for row in rows:
        before = first.setdefault((row.code, row.year), row)
        if before is not row:
            yield (
                f"{row.line}行目 E8-DUPLICATE {row.code} {row.year}年 は{before.line}行目にもあります。"
                "どちらかを除いてください。"
            )
        named = names.setdefault(row.code, row)
        if named.name != row.name:
            yield (
                f"{row.line}行目 E8-NAME {row.code} の名前が「{row.name}」と「{named.name}」"
                f"（{named.line}行目）の2通りあります。そろえてください。"
            )
        same = called.setdefault((hierarchy.parent(row.code), row.name), row)
        if same.code != row.code and named is row and int(row.code[:2]) not in hierarchy.FREE:
            yield (
                f"{row.line}行目 E8-NAME 「{row.name}」には、コードが {row.code} と {same.code}"
                f"（{same.line}行目）の2通りあります。名前かコードを直してください。"
            )
        years.setdefault(row.code, set()).add(row.year)
    if not years or not whole:
        return
    every = set().union(*years.values())
    if len(every) == 1:
        yield f"{rows[0].line}行目 E8-YEARS 年が{min(every)}年だけです。2年以上の値が要ります。"
    wanted = set(range(min(every), max(every) + 1))
    for code, known in years.items():
        if known != wanted:
            missing = "、".join(map(str, sorted(wanted - known)))
            yield (
                f"{names[code].line}行目 E8-YEARS {code} {names[code].name}: {missing}年 の行がありません。"
                f"どの地域にも {min(wanted)}年から{max(wanted)}年 までの行が要ります。"
            )


def _complete(rows: list[_Row]) -> list[_Row]:
    """Return the rows of the areas that have each year once: all of them where nothing is wrong."""
    wanted = sorted({row.year for row in rows})
    years: dict[str, list[int]] = {}
    for row in rows:
        years.setdefault(row.code, []).append(row.year)
    return [row for row in rows if sorted(years[row.code]) == wanted]


def _totals(areas: Areas, rows: list[_Row]) -> Iterator[str]:
    """Yield the areas that are sums of others: these would count twice."""
    lines: dict[str, int] = {}
    for row in rows:
        lines.setdefault(row.code, row.line)
    order = np.argsort([lines[code] for code in areas.codes], kind="stable")
    counts = np.hstack(list(areas.counts)).clip(0)
    for one in hierarchy.totals(areas.codes, areas.names, counts, order):
        code, name = areas.codes[one.at], areas.names[one.at]
        parts = "、".join(f"{areas.codes[at]} {areas.names[at]}" for at in one.parts[:TOTAL_PARTS])
        more = f" など{len(one.parts)}地域" if len(one.parts) > TOTAL_PARTS else ""
        of = f"{parts}{more}の計です" if parts else "地域の計です"
        yield (
            f"{lines[code]}行目 E8-TOTAL {code} {name} は{of}（{one.by}による）。"
            "内訳と計を並べると同じものを二度数え、示さない数も差し引きで分かります。"
            f"{code} の行をすべて除いてください{'（計の方を見るなら、内訳の行を）' if parts else ''}。"
        )


def _told(name: str, problems: list[str]) -> list[str]:
    told = [f"{code} {name} {line}: {rest}" for line, code, rest in map(_parts, problems[:TOLD])]
    more = len(problems) - TOLD
    return [*told, f"ほかに{more}か所あります。"] if more > 0 else told


def _parts(problem: str) -> tuple[str, str, str]:
    line, code, rest = problem.split(" ", 2)
    return line, code, rest


def _arrays(rows: list[_Row], measure: Measure) -> Areas:
    rows = sorted(rows, key=lambda row: (row.code, row.year))
    years = sorted({row.year for row in rows})
    heads = rows[:: len(years)]
    counts = np.array([row.counts for row in rows]).T
    return Areas(
        codes=tuple(row.code for row in heads),
        names=tuple(row.name for row in heads),
        years=tuple(years),
        counts=counts.reshape(-1, len(heads), len(years)),
        measure=measure,
    )
