"""YAML as plain data, read by libyaml where it is built in: ten times as fast, the same result."""

from __future__ import annotations

from typing import Any

import yaml

MOST = 1_000_000
"""Values a text may say, references counted out: a few lines can say thousands of millions."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str, loader: Any = LOADER) -> Any:
    """Return what a YAML text says.

    Raises
    ------
    yaml.YAMLError
        The text is no YAML, asks for more than plain data, or for more values than :data:`MOST`.

    Examples
    --------
    >>> parse("{share: 49.0, of: [a, b]}")
    {'share': 49.0, 'of': ['a', 'b']}
    """
    value = yaml.load(text, Loader=loader)
    if "&" in text and _size(value, {}) > MOST:
        raise yaml.YAMLError("参照（& と *）が重なり、値が多くなりすぎます。参照をやめてください。")
    return value


def _size(value: Any, known: dict[int, int]) -> int:
    """Return how many values there are; a value that holds itself has no end."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        known[id(value)] = MOST + 1
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(one, known) for one in parts)
    return known[id(value)]
