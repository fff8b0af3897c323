"""Formulas of facts in Japanese: in goes the English of a record, out go the words of the project's rules.

The records keep the English, which the second reckoning reads. A rule of ``notebooks/formulas.yaml`` is a
pattern of a whole formula; what its groups catch is said by the rules again. Arithmetic is taken apart at its
signs. What no rule reads stays English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from minato_analysis.project import program, yamls

FILE = "notebooks/formulas.yaml"
_SIGNS = {"*": "×", "/": "÷", "-": "−", "+": "＋"}
_NUMBER = re.compile(r"\d[\d.]*")
_KEPT = re.compile(r"[\w.]*\d[\w.-]*|[a-z]+(?:_[a-z]+)*")
"""What may stand inside a Japanese sentence as it is: numbers, names of models and settings."""


_GROUP = re.compile(r"\\(\d)")


def _ordered(wording: str, parts: list[str]) -> list[str]:
    """Return what the groups caught in the order in which the wording names them."""
    return [parts[int(number) - 1] for number in _GROUP.findall(wording)]


@dataclass(frozen=True)
class Wordings:
    """The rules and names of the file."""

    rules: tuple[tuple[re.Pattern[str], str], ...]
    names: Mapping[str, str]

    def japanese(self, formula: str) -> str | None:
        """Return a formula in Japanese, or None where it cannot be said.

        >>> said = Wordings(((re.compile("low end of (.+)"), r"「\\1」の下限"),), {"a": "人数", "b": "全体"})
        >>> said.japanese("low end of 100 * a 2022 / b"), said.japanese("p of the slope")
        ('「100 × 人数（2022年） ÷ 全体」の下限', None)
        """
        for pattern, wording in self.rules:
            found = pattern.fullmatch(formula)
            if found:
                parts = [self._part(one or "") for one in found.groups()]
                said = [one for one in parts if one is not None]
                if len(said) == len(parts):
                    return _GROUP.sub("{}", wording).format(*_ordered(wording, said))
        return self._arithmetic(formula)

    def _part(self, text: str) -> str | None:
        if _NUMBER.fullmatch(text) or not text:
            return text
        said = self.japanese(text)
        return text if said is None and _KEPT.fullmatch(text) else said

    def _arithmetic(self, formula: str) -> str | None:
        said = []
        for part in re.split(r"( [-+*/] |[()])", formula):
            sign = part.strip()
            if sign in _SIGNS:
                said.append(f" {_SIGNS[sign]} ")
            elif sign in ("(", ")"):
                said.append("（" if sign == "(" else "）")
            elif sign:
                named = self._name(sign)
                if named is None:
                    return None
                said.append(named)
        return "".join(said)

    def _name(self, text: str) -> str | None:
        if _NUMBER.fullmatch(text):
            return text
        name, _, year = text.rpartition(" ") if re.search(r" \d{4}$", text) else (text, "", "")
        found = self.names.get(name)
        return f"{found}（{year}年）" if found and year else found


def load(root: Path) -> Wordings:
    """Read the wordings of a project."""
    form = yamls.read(program.at(root, FILE))
    rules = tuple((re.compile(pattern), wording) for pattern, wording in form["rules"])
    return Wordings(rules, form["names"])
