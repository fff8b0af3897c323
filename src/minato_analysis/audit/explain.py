"""From a number to the printed cells it comes from, and from a cell to everything it reaches.

In: the project folder, the edition and what the reader has before them: the id of a fact, a printed number,
some words of a sentence, a place on a page (``02_….html#n-<fact>``, ``…html#<figure>``, ``…html#<words>``),
or a cell such as ``図表2-10!2022`` or ``2-10!再犯者数!令和4(2022)年``. Out: lines of text.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
import unicodedata
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from minato_analysis.audit.reach import Edition
from minato_analysis.numbers.facts import UNITS, Fact
from minato_analysis.published import cells, manifest, page, printed
from minato_analysis.published.cells import Cell
from minato_analysis.published.page import Sentence

MOST = 12
"""Lines of one list before the rest is only counted."""


FEW = 2
"""Numbers in a sentence that are traced at once; of more only the names are told."""


class NotFound(LookupError):
    """Nothing in the edition is called that; the message says what is near."""


class Explainer:
    """Everything that is asked of one edition.

    Parameters
    ----------
    root : Path
        The project folder.
    name : str
        The edition.
    """

    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        self.edition = Edition(root / "reports" / name)
        self.record = manifest.load(root, name)

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """Every printed cell by address."""
        return cells.all_cells(self.root)

    @cached_property
    def tables(self) -> dict[str, dict[str, Any]]:
        """The descriptor's entry of every table by ``<source>/<table>``."""
        return {f"{one['source_id']}/{cells.table(one)}": one for one in cells.resources(self.root)}

    @cached_property
    def sentences(self) -> list[tuple[str, Sentence]]:
        """Every sentence with a fact, with the page it stands on."""
        return [
            (name, one) for name, html in self.edition.pages.items() for one in page.sentences(html)
        ]

    def explain(self, asked: str) -> list[str]:
        """Return the lines that explain what was asked.

        Raises
        ------
        NotFound
            Nothing of that name, number or wording; the message names what is near.
        """
        if asked in self.edition.facts:
            return self.fact(self.edition.facts[asked])
        on, mark, part = asked.partition(".html#")
        if mark:
            return self.place(f"{on.rsplit('/', 1)[-1]}.html", part)
        if "!" in asked or re.match(r"図表?\s?\d", asked):
            return self.cell(asked)
        ids = sorted(
            id
            for id, one in self.edition.facts.items()
            if fnmatch.fnmatchcase(id, asked) or one.display == asked
        )
        if len(ids) == 1:
            return self.fact(self.edition.facts[ids[0]])
        if ids:
            return [f"「{asked}」に当たる数値 {len(ids)}", *self._facts(ids, most=len(ids))]
        return self.text(asked)

    def place(self, on: str, part: str) -> list[str]:
        """Return the lines that explain a place on a page: a number, a figure, or some words."""
        if on not in self.edition.pages:
            raise NotFound(f"E5-NOT-FOUND {on}: ページは {'、'.join(self.edition.pages)} です。")
        part = unquote(part)
        if (id := part.removeprefix("n-").partition("-")[0]) in self.edition.facts:
            return self.fact(self.edition.facts[id])
        if on == f"{printed.PAGE}.html":
            for address, cell in printed.by_address(self.root).items():
                if part == f"{cell.table}.{cell.line}.{cell.column}":
                    return self.cell(address)
        drawn = page.figure_facts(self.edition.pages[on])
        if part in drawn:
            told = f"{on} 図「{part}」の数値（記録名で尋ねると、元のセルまでたどれます）"
            return [told, *self._facts(drawn[part])]
        return self.text(part, on)

    def fact(self, fact: Fact) -> list[str]:
        """Return the way back from one number: page, display, formula, observations, cells, source."""
        return [
            f"{fact.id}  {fact.display}",
            *_part("1 掲載されている所", self._places((fact.id,))),
            *_part("2 表示の決まり", [_rule(fact)]),
            *_part("3 計算式", [fact.formula]),
            *_part("4 計算した所", self._code(fact.notebook)),
            *_part("5 もとの値と印刷されたセル", self._origin(fact)),
            *_part("6 資料", self._sources(fact)),
        ]

    def cell(self, asked: str) -> list[str]:
        """Return what the cells of that name reach."""
        found = self._matching(asked)
        if not found:
            near = sorted({f"図表{name.split('/')[1]}" for name in self.tables})
            raise NotFound(
                f"E5-NOT-FOUND 「{asked}」に当たるセルがありません。"
                f"「図表2-10!2022」「2-10!行の見出し!列の見出し」の形で書いてください。表: {'、'.join(near)}"
            )
        lines = [f"「{asked}」に当たる印刷されたセル {len(found)}"]
        for cell in found:
            ids = self._direct(cell.address)
            reach = self.edition.reach(ids)
            whole = len(self.edition.by_cell.get(cell.address.split("!")[0], ()))
            lines += [
                "",
                self._printed(cell),
                f"  届く先: 数値{len(reach.facts)}、図{len(reach.figures)}、文{reach.sentences}、"
                f"ページ{len(reach.pages)}（ほかに、表全体を数える数値{whole}）",
                *_part("数値（少ないセルから計算したものから）", self._facts(ids), depth=1),
                *_part("ページごとの数", self._by_page(ids), depth=1),
                *_part("掲載されている所", self._places(ids), depth=1),
            ]
        return lines

    def _by_page(self, ids: tuple[str, ...]) -> list[str]:
        wanted = set(ids)
        lines = []
        for name, html in self.edition.pages.items():
            texts = sum(on == name and bool(wanted & set(one.facts)) for on, one in self.sentences)
            drawn = [id for id, used in page.figure_facts(html).items() if wanted & set(used)]
            if texts or drawn:
                lines.append(f"{name} 文{texts}、図{len(drawn)}")
        return lines

    def _direct(self, address: str) -> tuple[str, ...]:
        """Return the facts computed from a cell, those of fewest cells first."""
        ids = self.edition.by_cell.get(address, ())
        return tuple(sorted(ids, key=lambda id: (len(self.edition.facts[id].observations), id)))

    def text(self, asked: str, on: str = "") -> list[str]:
        """Return the sentences with these words, all or of one page, and the way back from their numbers."""
        wanted = _plain(asked)
        spoken = [(name, one) for name, one in self.sentences if on in ("", name)]
        found = [(name, one) for name, one in spoken if wanted in _plain(one.text)]
        if not found:
            near = difflib.get_close_matches(asked, list(self.edition.facts), n=5, cutoff=0.4)
            hint = f"近い名前: {'、'.join(near)}" if near else "文の一部をそのまま写してください。"
            raise NotFound(f"E5-NOT-FOUND 「{asked}」という数値、文、セルはありません。{hint}")
        lines = [f"「{asked}」を含み、数値のある文 {len(found)}"]
        for name, one in found[:MOST]:
            lines += ["", f"{name}「{one.section}」", f"  {one.text}"]
        if len(found) == 1 and len(found[0][1].facts) <= FEW:
            for id in found[0][1].facts:
                lines += ["", "─" * 20, *self.fact(self.edition.facts[id])]
        else:
            ids = dict.fromkeys(id for _, one in found for id in one.facts)
            lines += _part(
                "これらの文の数値（記録名で尋ねると、元のセルまでたどれます）",
                self._facts(tuple(ids)),
            )
        return lines

    def _matching(self, asked: str) -> list[Cell]:
        if asked in self.cells:
            return [self.cells[asked]]
        table, *wanted = (_plain(one) for one in asked.split("!"))
        table = re.sub(r"^図?表?", "", table)
        found = [
            cell
            for address, cell in self.cells.items()
            if table in (_plain(name := address.split("!")[0]), _plain(name.split("/")[1]))
        ]
        for part in wanted:
            same = [cell for cell in found if part in _labels(cell)]
            # A whole label first: 再犯者数 is also the beginning of 再犯者数割合.
            found = same or [
                cell for cell in found if any(part in label for label in _labels(cell))
            ]
        return found

    def _printed(self, cell: Cell) -> str:
        table, row, column = cell.address.split("!")
        about = self.tables[table]
        number = f"図表{about['figure']}" if about["figure"] else about["title"]
        return (
            f"{number} {row} × {column}「{cell.printed}」"
            f"（{cell.file} {cell.line}行{cell.column}列）"
        )

    def _facts(self, ids: tuple[str, ...] | list[str], most: int = MOST) -> list[str]:
        lines = [f"{id}  {self.edition.facts[id].display}" for id in ids[:most]]
        return lines + ([f"ほか{len(ids) - most}"] if len(ids) > most else [])

    def _places(self, ids: tuple[str, ...]) -> list[str]:
        wanted = set(ids)
        lines = [
            f"{name}「{one.section}」 {_shortened(one.text)}"
            for name, one in self.sentences
            if wanted & set(one.facts)
        ]
        lines += [
            f"{name} 図「{id}」"
            for name, html in self.edition.pages.items()
            for id, used in page.figure_facts(html).items()
            if wanted & set(used)
        ]
        found = list(dict.fromkeys(lines))
        if not found:
            return [
                "どのページの文にも図にも出てきません（数値の一覧 facts.json だけにあります）。"
            ]
        rest = len(found) - MOST
        return found[:MOST] + ([f"ほか{rest}か所"] if rest > 0 else [])

    def _code(self, notebook: str) -> list[str]:
        used = self.record.uses.get(notebook, ())
        own = [one for one in used if "/analyses/" in one or "/statistics/" in one]
        named = [one for one in own if not one.endswith("__init__.py")]
        return [f"notebooks/{notebook}.ipynb", *named]

    def _origin(self, fact: Fact) -> list[str]:
        lines = []
        for address in fact.observations:
            cell = self.cells.get(address)
            if cell is None:
                lines.append(self._whole(address))
                continue
            lines.append(self._printed(cell))
            lines += [
                f"    → {one.measure} = {one.value if one.value is not None else one.status}"
                f"（{one.unit}、定義 {one.definition}）"
                for one in cell.values
            ]
        if len(fact.observations) > MOST:
            shown = [one for one in lines if not one.startswith("    ")][:MOST]
            return [*shown, f"ほか{len(fact.observations) - MOST}セル"]
        return lines

    def _whole(self, address: str) -> str:
        """Word an origin that is not one printed cell: a whole table, or a line of a register."""
        inside = sum(one.split("!")[0] == address for one in self.cells)
        return f"{address} の表全体（数値のあるセル {inside}）" if inside else address

    def _sources(self, fact: Fact) -> list[str]:
        lines = []
        for name in dict.fromkeys(address.split("!")[0] for address in fact.observations):
            about = self.tables.get(name)
            if about is None:
                lines.append(f"{name}（記述子に数値の表としての登録がない資料）")
                continue
            titles = "、".join(one["title"] for one in about["sources"])
            section = f" {about['section']}" if about.get("section") else ""
            path = f"data/{about['path']}"
            now = "sha256:" + manifest.sha256((self.root / path).read_bytes())
            same = "記述子と一致" if now == about["hash"] else "記述子と不一致"
            lines += [f"{titles}{section}「{about['title']}」", f"    {path} {now}（{same}）"]
        return lines


def _labels(cell: Cell) -> list[str]:
    return [_plain(label) for label in cell.address.split("!")[1:]]


def _rule(fact: Fact) -> str:
    unit = UNITS[fact.unit] or "なし"
    return f"値 {fact.value!r} を小数第{fact.digits}位まで四捨五入、単位 {unit} → {fact.display}".replace(
        "小数第0位まで", "整数に"
    )


def _part(title: str, lines: list[str], depth: int = 0) -> list[str]:
    before = "  " * depth
    blank = [] if depth else [""]
    return [*blank, f"{before}{title}", *(f"{before}  {line}" for line in lines)] if lines else []


def _shortened(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[:most] + "…"


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
