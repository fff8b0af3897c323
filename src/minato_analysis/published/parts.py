"""Short hashes of the parts of a file, so that a difference can be named and not only noticed.

In: a file's name and text. Out: ``{part: hash}``, e.g. ``{"text 1 推移": "9f86d081884c7d65", …}``.
A file this module knows no parts of has none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from minato_analysis.published import page
from minato_analysis.published.notebook import cells

LENGTH = 16
"""Hexadecimal digits of a part's hash: it names a difference; the file's own hash proves it."""


def short(text: str) -> str:
    """Return the short hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


KINDS = (".html", ".ipynb", ".json", ".yaml")
"""Ends of the names of files that have parts."""


def of_file(name: str, text: str) -> dict[str, str]:
    """Return the parts of one file.

    Raises
    ------
    ValueError, KeyError, TypeError
        The file is damaged.

    >>> of_file("known.yaml", "a: 1\\nb: 2\\n")
    {'a': '391552c099c101b1', 'b': 'cc11310c456c3690'}
    """
    if name.endswith(".html"):
        return of_page(text)
    if name.endswith(".ipynb"):
        return of_notebook(json.loads(text))
    if name.endswith((".json", ".yaml")):
        return of_entries(_loaded(name, text))
    return {}


def of_page(html: str) -> dict[str, str]:
    """Return the parts of a page: texts by heading, numbers, drawings, descriptions, CSV files."""
    numbers = [f"{one.id} {one.value} {one.display}" for one in page.facts(html)]
    return {
        **{f"text {name}": short(words) for name, words in page.sections(html).items()},
        "numbers": short("\n".join(numbers)),
        "folded": short(page.folded(html)),
        "style": short(page.style(html)),
        **{f"drawing {id}": short(svg) for id, svg in page.drawings(html).items()},
        **{f"description {id}": short(words) for id, words in page.alternatives(html).items()},
        **{f"csv {name}": short(csv) for name, csv in page.downloads(html).items()},
    }


def of_notebook(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of a notebook, numbered from one, with their kind, and what they show."""
    found = cells(notebook)
    shown = {f"output {one.number}": short(one.shown) for one in found if one.shown}
    return {f"{one.kind} {one.number}": short(one.source) for one in found} | shown


def of_entries(data: Any) -> dict[str, str]:
    """Return the entries of a JSON or YAML file, two levels deep: by key, ``id``, ``@id``, ``name``, place.

    >>> sorted(of_entries({"terms": "free", "tables": [{"name": "t1"}, {"name": "t2"}]}))
    ['tables/t1', 'tables/t2', 'terms']
    """
    found = {}
    for name, value in _entries(data).items():
        inner = _entries(value)
        named = {f"{name}/{part}": short(_canonical(one)) for part, one in inner.items()}
        if isinstance(data, Mapping) and named:
            found.update(named)
        else:
            found[name] = short(_canonical(value))
    return found


def _entries(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {str(name): one for name, one in value.items()}
    if isinstance(value, list):
        return {_name(one, at): one for at, one in enumerate(value, 1)}
    return {}


def _name(entry: Any, at: int) -> str:
    if isinstance(entry, Mapping):
        for key in ("id", "@id", "name"):
            if key in entry:
                return str(entry[key])
    return f"#{at}"


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _loaded(name: str, text: str) -> Any:
    if name.endswith(".json"):
        return json.loads(text)
    import yaml  # noqa: PLC0415 - 0.03 s, and only a YAML file needs it

    from minato_analysis.project import yamls  # noqa: PLC0415

    try:
        return yamls.parse(text, loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.YAMLError as error:
        raise ValueError(f"{name}: {error}") from None


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the parts that differ, are gone or are new, in the order of the file as it was.

    >>> changed({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"})
    ['b', 'c']
    """
    return [part for part in {**before, **now} if before.get(part) != now.get(part)]
