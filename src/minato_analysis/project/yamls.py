"""YAML as plain data, read by libyaml where it is built in: ten times as fast, the same result.

People write these files by hand: a slip in one is told with its file, its line and what to look at.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

MOST = 1_000_000
"""Values a text may say, references counted out: a few lines can say thousands of millions."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_WIDE = re.compile(r"^(?:[ \t]*\u3000|[ \t]*(?:- +)*[a-z_]+\uff1a)", re.M)
"""A full-width space as indentation, or a full-width colon after a name: YAML takes both for plain text."""


class SlipError(ValueError):
    """A YAML file that cannot be read: ``E0-YAML``, its name and line, what to look at."""

    exit_code = 2


def read(file: Path, loader: Any = LOADER) -> Any:
    """Return what a YAML file says.

    Raises
    ------
    SlipError
        It is no UTF-8, or no YAML.
    """
    name = "/".join(file.parts[-2:])
    try:
        return parse(file.read_text(encoding="utf-8-sig"), name, loader)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SlipError(
            f"E0-YAML {name} {line}行目: UTF-8 の文字ではありません（Shift_JIS で保存したときなど）。"
            "まず保存したソフトの文字コードを確かめ、UTF-8 で保存し直してください。"
        ) from None


def parse(text: str, name: str = "", loader: Any = LOADER) -> Any:
    """Return what a YAML text says.

    Parameters
    ----------
    text : str
    name : str
        File the text is of, for the sentence about a slip in it.
    loader : yaml loader

    Raises
    ------
    SlipError
        The text of a named file is no YAML.
    yaml.YAMLError
        The same of another text; or it asks for more than plain data, or for more values than :data:`MOST`.

    Examples
    --------
    >>> parse("{share: 49.0, of: [a, b]}")
    {'share': 49.0, 'of': ['a', 'b']}
    """
    if name and (slip := _WIDE.search(text)):
        raise _slip(name, text.count("\n", 0, slip.start()))
    try:
        value = yaml.load(text, Loader=loader)
        if "&" in text and _size(value, {}) > MOST:
            raise yaml.YAMLError(
                "参照（& と *）が重なり、値が多くなりすぎます。参照をやめてください。"
            )
        return value
    # A day that is not in the calendar is a ValueError.
    except (yaml.YAMLError, ValueError) as error:
        if not name:
            raise
        unfinished = getattr(error, "context", None) == "while scanning a simple key"
        mark = getattr(error, "context_mark" if unfinished else "problem_mark", None)
        raise _slip(name, mark.line if mark else None) from None


def _slip(name: str, line: int | None) -> SlipError:
    where = "" if line is None else f" {line + 1}行目"
    return SlipError(
        f"E0-YAML {name}{where}: 「名前: 値」の形になっていません。"
        "まずこの行とその前の行の字下げ（タブと全角の空白は使えません）とコロン（半角で、後に空白を1つ）を"
        '確かめてください。値の中にコロンがあれば、値を "…" で囲んでください。'
    )


def _size(value: Any, known: dict[int, int]) -> int:
    """Return how many values there are; a value that holds itself has no end."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        known[id(value)] = MOST + 1
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(one, known) for one in parts)
    return known[id(value)]
