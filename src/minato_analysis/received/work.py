"""One received table at work: what its two axes share while they are mapped.

In: a received block, our table, the answers given. Out: :class:`Mapped`, what becomes of the table, filled by
:class:`Work`: confirmation lines, refusals, and the answers that were needed.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from minato_analysis.cleaning.text import label
from minato_analysis.cleaning.years import Kind, Year, format_year
from minato_analysis.received.answers import NOT_THERE, Answer, Answers
from minato_analysis.received.blocks import Block, Entry
from minato_analysis.received.confirmation import UNCLEAR, Line
from minato_analysis.received.refusal import ANSWERS, LONGEST_LABEL, Refusal, quote
from minato_analysis.received.targets import Target, without_unit

_CANNABIS = "大麻"


def kind_of(target: Target) -> Kind:
    """Return how a table counts years."""
    return "fiscal" if target.layout.get("year_kind") == "fiscal" else "calendar"


@dataclass
class Mapped:
    """One received table as ours.

    Parameters
    ----------
    target : Target
    cells : list of list of str
        Our table, reduced to the years taken over; empty when anything was refused.
    lines : list of Line
    refused, notes : list of str
    used : set of str
        Labels of the answer file that were needed.
    place : str
        Where the received table begins.
    origins : dict of (label, year) to (str, str)
        Cell and text of every value.
    above : tuple of int
        Rows above the years that name no label: they speak of the table.
    missing : list of str
        Labels of ours that are not there; refused by the last sentence of `refused`.
    provisional : bool
        Whether a line around it calls its values provisional.
    """

    target: Target
    cells: list[list[str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    place: str = ""
    origins: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    above: tuple[int, ...] = ()
    missing: list[str] = field(default_factory=list)
    provisional: bool = False


class Work:
    """The table being mapped and what is known of it.

    Parameters
    ----------
    block, target
        The received table and ours.
    answers : Answers
    """

    def __init__(self, block: Block, target: Target, answers: Answers) -> None:
        self.block, self.target = block, target
        self.absent: Mapping[str, str] = answers.absent.get(target.key, {})
        self.answers = answers
        self.out = Mapped(target)
        self.proposed: set[str] = set()
        """Labels of ours that an unknown one may be: asked about there, not as missing besides."""
        self._given = answers.labels.get(target.key, {})

    def address(self, one: Entry) -> str:
        """Return the cell of a label as a spreadsheet names it."""
        return self.block.sheet.address(one.position)

    def check_cell(self, one: Entry) -> None:
        """Raise the doubt of a label's own cell."""
        if doubt := self.block.sheet.doubts.get(self.block.sheet.anchor(one.position)):
            raise doubt

    def answer(self, one: Entry) -> Answer | None:
        """Return the answer given for a received label, by its cell, its path or its innermost text."""
        for name in (label(self.address(one)), one.path, label(one.printed[:LONGEST_LABEL])):
            if name and name in self._given:
                self.out.used.add(name)
                return self._given[name]
            # A new name, answered for another table, is the same here.
            for others in self.answers.labels.values():
                other = others.get(name)
                if other and other.kind == "exact" and other.to in self.target.labels:
                    return other
        return None

    def line(self, one: Entry, ours: str, meaning: str, certainty: str) -> None:
        """Add a confirmation line for a received row or column."""
        # Row or column is said of our table, wherever the label stood in the received one.
        row = (one in self.block.years) != self.target.years_across
        names = (ours, "") if row else ("", ours)
        self.out.lines.append(
            Line(self.address(one), one.printed, self.target.key, *names, meaning, certainty)
        )

    def unclear(self, one: Entry, refusal: Refusal) -> None:
        """Record a row or column that is refused."""
        self.out.refused.append(str(refusal))
        self.line(one, "", refusal.code, UNCLEAR)

    def refuse(self, code: str, sentence: str) -> None:
        """Record a refusal of the table as a whole."""
        self.out.refused.append(str(Refusal(code, self.block.region.place, sentence)))

    def absent_year(self, asked: int, found: Mapping[int, Year]) -> None:
        """Refuse a table without the year asked for, unless an answer says so."""
        wanted, key = format_year(Year(asked, kind_of(self.target))), self.target.key
        if label(wanted) in self.absent:
            self.out.used.add(label(wanted))
            return
        until = f"（最後の年は{format_year(found[max(found)])}）" if found else ""
        self.refuse(
            "E6-YEAR-ABSENT",
            f"図表{key}に{wanted}がありません{until}。まず年の指定とファイルの版を確かめ、"
            f"提供されていない年なら {ANSWERS} に「absent: {{{key}: {{{wanted}: 理由}}}}」の形"
            "（この表は下書きに入りません）で理由を書いてください。",
        )

    def sign(self, name: str) -> str:
        """Return the sign a value gets that an answer leaves out."""
        return self.answers.signs.get((self.target.key, name), NOT_THERE)

    def twice(self, one: Entry, before: Entry, ours: str) -> Refusal:
        """Return the refusal of a label that stood there before."""
        return Refusal(
            "E6-LABEL-TWICE",
            self.address(one),
            f"「{ours}」が2回あります（1回目は{self.address(before)}）。"
            "まずどちらが正しいかを確かめ、1つだけを残して保存し直してください。",
        )

    def unknown(self, one: Entry, known: Sequence[str]) -> Refusal:
        """Return the refusal of a label that is none of `known`, with the nearest of them."""
        key, is_label = self.target.key, bool(known)
        # What speaks of cannabis is never proposed for what does not, nor the reverse.
        known = [name for name in known if (_CANNABIS in name) == (_CANNABIS in one.path)]
        bare = [without_unit(name)[0] for name in known]
        near = difflib.get_close_matches(one.path[:LONGEST_LABEL], bare, n=1, cutoff=0.4)
        ours = known[bare.index(near[0])] if near else ""
        self.proposed.add(ours)
        hint = f"「{ours}」のことですか。" if ours else ""
        to = f"to: {ours or '（登録の見出し）'}, kind: exact" if is_label else "kind: none"
        other = (
            "どの見出しとも同じでなければ kind: none（to なし）"
            if is_label
            else f"年の見出しなら cells に「{quote(self.address(one))[1:-1]}: "
            "{value: 令和4年 のような年, reason: 理由}」"
        )
        return Refusal(
            "E6-LABEL-UNKNOWN",
            self.address(one),
            f"見出し{quote(one.path or one.printed)}は図表{key}の見出しにも年にもありません。{hint}"
            f"まず原本の見出しを確かめ、{ANSWERS} の labels の「{key}」に"
            f"「{quote(one.path)[1:-1]}: {{{to}, reason: 理由}}」の形（{other}）で答えを書いてください。",
        )
