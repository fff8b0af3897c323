"""What is asked for: which municipality, which years, where. In: texts of the command line. Out: checked
values.

The code of a municipality is its 標準地域コード, five digits: two of the prefecture, three of its own. Areas
that do not exist, for practice and tests, have a code that begins with 99.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from minato_analysis.data import Area

PREFECTURES = range(1, 48)
MADE_UP = 99
"""First two digits of areas that do not exist."""

FIRST_OF_PREFECTURE = 100
"""Own numbers of municipalities begin here; 000 is the prefecture itself."""

LONGEST = 30
_NOT_WORDS = re.compile(r"[^\w々〆ヶー・\- （）()]")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


class InitError(ValueError):
    """A request that is refused; the text says why and what to write instead."""


@dataclass(frozen=True)
class Request:
    """A checked request.

    Attributes
    ----------
    area, parent, nation : Area
        The three rows of ``data/areas.csv``.
    edition : str
    first_year, last_year, groups_first_year, target_year : int
        See :class:`minato_analysis.project.editions.Parameters`.
    stations : tuple of str
        Police stations of the tables, in their order.
    shared : mapping of str to str
        Of the stations that police other municipalities too: the names of these.
    target : {"share", "persons", "share-fall", "persons-fall"}
        Form of the plan's target.
    target_base : int
        Year whose value a fall is counted from.
    document : str
        Title of the document whose tables are analysed.
    into : Path
        Folder to be made.
    today : date
    """

    area: Area
    parent: Area
    nation: Area
    edition: str
    first_year: int
    last_year: int
    groups_first_year: int
    target_year: int
    stations: tuple[str, ...]
    shared: Mapping[str, str]
    target: str
    target_base: int
    document: str
    into: Path
    today: date

    @property
    def own_station(self) -> bool:
        """Whether a station polices this area alone, as far as is said."""
        return any(name not in self.shared for name in self.stations)

    @property
    def source_id(self) -> str:
        """Name of the document in addresses."""
        return f"plan-{self.area.code}"

    @property
    def made_up(self) -> bool:
        """Whether the area does not exist."""
        return self.area.code.startswith(str(MADE_UP))


def code(text: str) -> str:
    """Return the code of a municipality.

    Raises
    ------
    InitError
        ``E8-CODE``: not five digits, no such prefecture, or the code of a prefecture.

    Examples
    --------
    >>> code("13104")
    '13104'
    >>> code("131041")
    Traceback (most recent call last):
    ...
    minato_analysis.init_area.request.InitError: E8-CODE 131041: 検査数字の付いた6桁のコードです。\
最後の1桁を除いた5桁「13104」を書いてください。
    """
    if re.fullmatch(r"[0-9]{6}", text) and check_digit(text[:5]) == text[5]:
        raise InitError(
            f"E8-CODE {text}: 検査数字の付いた6桁のコードです。"
            f"最後の1桁を除いた5桁「{text[:5]}」を書いてください。"
        )
    if not re.fullmatch(r"[0-9]{5}", text):
        raise InitError(
            f"E8-CODE {text[:20]!r}: 標準地域コードは半角の数字5桁で書いてください（例: 13104）。"
        )
    prefecture, own = int(text[:2]), int(text[2:])
    if prefecture not in (*PREFECTURES, MADE_UP):
        raise InitError(
            f"E8-CODE {text}: 都道府県の番号「{text[:2]}」はありません（01から47まで）。"
            f"実在しない練習用の地域なら{MADE_UP}から始めてください。"
        )
    if own < FIRST_OF_PREFECTURE:
        raise InitError(
            f"E8-CODE {text}: 市区町村のコードではありません（下3桁が{text[2:]}）。"
            "都道府県や全国ではなく、市区町村のコードを書いてください。"
        )
    return text


def check_digit(five: str) -> str:
    """Return the check digit of a five-digit code (JIS X 0401 and 0402, 全国地方公共団体コード).

    >>> check_digit("13104"), check_digit("01100")
    ('1', '2')
    """
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def name(text: str, what: str) -> str:
    """Return a name that may stand in files, pages and titles.

    Raises
    ------
    InitError
        ``E8-NAME``: empty, too long, or with characters that are no letters.

    Examples
    --------
    >>> name(" 架空市 ", "name")
    '架空市'
    >>> name("../x", "name")
    Traceback (most recent call last):
    ...
    minato_analysis.init_area.request.InitError: E8-NAME --name '../x': 使えない文字「.」があります。\
文字、数字、空白、「・」「ー」「-」、括弧だけで書いてください。
    """
    found = unicodedata.normalize("NFC", text).strip()
    if wrong := wrong_name(found):
        shown = "" if not found else f" {found[:10]!r}…" if len(found) > LONGEST else f" {found!r}"
        raise InitError(f"E8-NAME --{what}{shown}: {wrong}")
    return found


def wrong_name(text: str) -> str:
    """Return what makes a name unfit for files, pages and titles, as a sentence; empty if nothing does.

    >>> wrong_name("架空市"), wrong_name("=1")
    ('', '使えない文字「=」があります。文字、数字、空白、「・」「ー」「-」、括弧だけで書いてください。')
    """
    if not text:
        return "名前が空です。"
    if len(text) > LONGEST:
        return f"名前は{LONGEST}字までです。"
    if odd := _NOT_WORDS.search(text):
        return (
            f"使えない文字「{_visible(odd[0])}」があります。"
            "文字、数字、空白、「・」「ー」「-」、括弧だけで書いてください。"
        )
    if text[0] in "-－" or not any(one.isalpha() for one in text):
        return "文字から始めてください。"
    return ""


def edition_name(text: str) -> str:
    """Return the name of an edition, which is the name of its folder too.

    Raises
    ------
    InitError
        ``E8-EDITION``: not letters, digits and hyphens.
    """
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_-]{0,39}", text):
        raise InitError(
            f"E8-EDITION {text[:40]!r}: 版の名前は英数字とハイフンだけで書いてください（例: 2026）。"
        )
    return text


def folder(into: Path, root: Path) -> Path:
    """Return the folder to be made.

    Parameters
    ----------
    into : Path
    root : Path
        The project the command runs in, whose files must stay its own.

    Raises
    ------
    InitError
        ``E8-FOLDER``: it is there already, lies inside the project, cannot be made, or has a name that
        not every system can use.
    """
    found = Path.cwd() / into
    if not found.parent.is_dir():
        raise InitError(f"E8-FOLDER {into}: 親フォルダ {found.parent} がありません。")
    found = found.parent.resolve() / found.name
    if not _NAME.fullmatch(found.name):
        raise InitError(
            f"E8-FOLDER {into}: フォルダ名は半角の英数字、「-」「_」「.」だけで書いてください。"
        )
    if found.exists() or found.is_symlink():
        raise InitError(
            f"E8-FOLDER {into}: もうあります。上書きはしません。別の名前を --into で指定してください。"
        )
    if found.is_relative_to(root.resolve()):
        raise InitError(
            f"E8-FOLDER {into}: 今のプロジェクト {root} の中です。外の場所を --into で指定してください。"
        )
    return found


def years(first: int, last: int, groups_first: int, target: int) -> None:
    """Refuse years that are not in order.

    Raises
    ------
    InitError
        ``E8-YEARS``.
    """
    if not (1945 <= first <= groups_first < last < target <= 2100):
        raise InitError(
            "E8-YEARS 年の順が正しくありません。"
            "--first-year ≦ --groups-first-year < --last-year < --target-year（西暦）にしてください"
            f"（{first}、{groups_first}、{last}、{target}）。"
        )


def _visible(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"
