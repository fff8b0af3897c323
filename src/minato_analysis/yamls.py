"""YAML as plain data, read by libyaml where it is built in: ten times as fast, the same result."""

from __future__ import annotations

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str) -> Any:
    """Return what a YAML text says.

    Raises
    ------
    yaml.YAMLError
        The text is no YAML, or asks for more than plain data.

    Examples
    --------
    >>> parse("{share: 49.0, of: [a, b]}")
    {'share': 49.0, 'of': ['a', 'b']}
    """
    return yaml.load(text, Loader=LOADER)
