"""Checksums of data files: SHA-256 of what is public, a keyed hash of what is not.

A plain checksum of a table that is not public gives its small numbers away: whoever knows the rest tries all
that they can be. With HMAC-SHA-256 (RFC 2104) nobody can without the key, which stays with the tables:
``data/not-public/key``, outside version control. Whoever is to check the tables is given that whole folder.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from minato_analysis.project.files import NOT_PUBLIC, write_text

KEY = "data/not-public/key"
KEYED = "hmac-sha256:"


class NoKey(ValueError):
    """The key is not at hand."""


def checksum(file: Path, root: Path) -> str:
    """Return ``sha256:…`` of a file, or ``hmac-sha256:…`` where it lies in a folder ``not-public``.

    Parameters
    ----------
    file : Path
        Below `root`.
    root : Path
        The project folder.

    Raises
    ------
    NoKey
        ``E0-KEY``.
    """
    return of(file.read_bytes(), root, public=NOT_PUBLIC not in file.relative_to(root).parts)


def of(content: bytes, root: Path, *, public: bool) -> str:
    """Return the checksum of a content; see :func:`checksum`."""
    if public:
        return "sha256:" + hashlib.sha256(content).hexdigest()
    if not (root / KEY).is_file():
        raise NoKey(
            f"E0-KEY {KEY}: 公表されていない資料の検査値を確かめる鍵が、この計算機にありません。"
            "資料を持つ担当者から data/not-public/ をフォルダーごと受け取ってください。"
            "鍵が失われたときは、資料の中身を確かめたうえで minato seal を実行すると、作り直します。"
        )
    key = (root / KEY).read_text(encoding="ascii").strip().encode()
    return KEYED + hmac.new(key, content, hashlib.sha256).hexdigest()


def make_key(root: Path) -> None:
    """Make the key where there is none."""
    if not (root / KEY).is_file():
        write_text(root / KEY, secrets.token_hex(32) + "\n")
