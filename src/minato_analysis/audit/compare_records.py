"""Holds manifest and crate of a published edition against those of the rebuilt one.

A hash that the edition's own manifest records is compared by the name of what it belongs to: the manifest
itself is held against the files elsewhere, and a change of the code that alters nothing may change it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from minato_analysis.audit.comparison import Comparison, first_difference
from minato_analysis.published import crate, parts
from minato_analysis.published.manifest import CRATE, FILE, ManifestError, loads, written

_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
MADE = ("stages", "seal", "parts")
"""Entries of a manifest that follow from its files."""


MOST = 5
"""How many entries of a crate are named."""


def stages(folder: Path) -> Mapping[str, str]:
    """Return the name of each stage by its hash, from an edition's own manifest; none without one."""
    try:
        record = loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ManifestError):
        return {}
    return {one.hash: one.name for one in record.stages}


def known(text: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return a published text with the hash of each stage, where it names one, replaced by the rebuilt one.

    >>> known(f"code {'a' * 64}, {'b' * 64}", {"a" * 64: "code"}, {"c" * 64: "code"})[:10]
    'code ccccc'
    """
    hashes = {name: one for one, name in new.items()}
    return _HASH.sub(lambda one: hashes.get(old.get(one[0], ""), one[0]), text)


def compare(found: Comparison, folder: str, roots: tuple[Path, Path]) -> None:
    """Compare both records of the edition in `folder` (``reports/<edition>``)."""
    texts = [(root / folder / FILE).read_text(encoding="utf-8") for root in roots]
    forms: list[dict[str, Any]] = [json.loads(one) for one in texts]
    if found.count("L3", written(forms[0]) == texts[0]):
        message = "版の記録に、読み取られない記載（同じ項目の繰り返しなど）があります。"
        found.differs("L3", "E5-MANIFEST", "manifest", f"{folder}/{FILE}", message)
    _manifests(found, f"{folder}/{FILE}", *forms)
    _crates(found, f"{folder}/{CRATE}", roots, forms)


def _manifests(found: Comparison, place: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    for name in sorted({*old, *new} - set(MADE)):
        if found.count("L3", old.get(name) == new.get(name)):
            sides = first_difference(_text(old.get(name)), _text(new.get(name)))
            message = f"版の記録の項目 {name} が、作り直した記録と違います。"
            found.differs("L3", "E5-MANIFEST", "manifest", f"{place} {name}", message, sides=sides)
    before, now = ({one["name"]: one for one in form["stages"]} for form in (old, new))
    for name in {**before, **now}:
        _stage(found, f"{place} stages/{name}", before.get(name, {}), now.get(name, {}))
    files_old, files_new = (
        {path: sha for stage in side.values() for path, sha in stage["files"].items()}
        for side in (before, now)
    )
    for path in sorted({*old["parts"], *new["parts"]}):
        same = old["parts"].get(path) == new["parts"].get(path)
        if files_old.get(path) == files_new.get(path) and found.count("L3", same):
            message = "ファイルの部分の記録が、作り直した記録と違います。"
            found.differs("L3", "E5-MANIFEST", "manifest", f"{place} parts {path}", message)


def _stage(found: Comparison, place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    lists = [set(one.get("files", {})) for one in (old, new)]
    told = (
        (lists[1] - lists[0], "この版を作るファイルが、記録から抜けています"),
        (lists[0] - lists[1], "この版を作るのに使われないファイルが、記録にあります"),
    )
    for paths, message in told:
        if found.count("L3", not paths):
            some = "、".join(sorted(paths)[:3]) + (" ほか" if len(paths) > 3 else "")
            text = f"{message}（{len(paths)}個: {some}）。"
            found.differs("L3", "E5-MANIFEST", "manifest", place, text)
    if found.count("L3", sorted(old) == sorted(new)):
        message = "段階の項目が、作り直した記録と違います。"
        found.differs("L3", "E5-MANIFEST", "manifest", place, message)


def _crates(
    found: Comparison, place: str, roots: tuple[Path, Path], forms: list[dict[str, Any]]
) -> None:
    try:
        texts = [(root / place).read_text(encoding="utf-8") for root in roots]
        crates = [_crate(json.loads(one), form) for one, form in zip(texts, forms, strict=True)]
        entries = [parts.of_entries(one) for one in crates]
        canonical = crate.ordered(json.loads(texts[0])) == texts[0]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        found.count("L3", False)
        found.differs("L3", "E5-CRATE", "crate", place, "RO-Crate として読めません。")
        return
    if not found.count("L3", crates[0] == crates[1] and canonical):
        return
    sides = first_difference(crate.ordered(crates[0]), crate.ordered(crates[1]))
    message = "RO-Crate の項目が、作り直したものと違います。"
    if crates[0] == crates[1]:
        message = "RO-Crate に、読み取られない記載（同じ項目の繰り返しなど）があります。"
    for part in parts.changed(*entries)[:MOST] or [""]:
        found.differs("L3", "E5-CRATE", "crate", f"{place} {part}".strip(), message, sides=sides)


def _crate(form: dict[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a crate with the hashes that its edition's manifest records left out."""
    files = {path: sha for one in record["stages"] for path, sha in one["files"].items()}
    hashes = {f"sha256:{one['hash']}": f"sha256:{one['name']}" for one in record["stages"]}
    for entity in form["@graph"]:
        if "sha256" in entity and files.get(entity.get("name")) == entity["sha256"]:
            entity["sha256"] = "recorded"
        if entity.get("identifier") in hashes:
            entity["identifier"] = hashes[entity["identifier"]]
    return form


def _text(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
