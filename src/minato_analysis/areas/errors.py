"""The errors that stop a run over many areas, worded for the person who gave the table."""

from __future__ import annotations

import errno
from pathlib import Path


class AreasError(ValueError):
    """A table or a setting that cannot be used; codes ``E8-…``, one sentence a line."""

    exit_code = 1


class MachineError(AreasError):
    """Something of the machine that does not work: a disk, a permission, a folder."""

    exit_code = 2


_REASONS = {
    errno.ENOSPC: "ディスクがいっぱいです。空きを作ってください。",
    errno.EDQUOT: "割り当てられた容量がいっぱいです。空きを作ってください。",
    errno.EACCES: "許可がありません。持ち主と許可を確かめてください。",
    errno.EPERM: "許可がありません。持ち主と許可を確かめてください。",
    errno.EROFS: "書き込めない場所です。書き込める場所を --out で指定してください。",
    errno.ENOENT: "場所がありません。書き方を確かめてください。",
    errno.ENOTDIR: "途中にファイルがあり、フォルダーとして使えません。別の場所を指定してください。",
    errno.EEXIST: "同じ名前のファイルがあります。別の場所を指定してください。",
    errno.EISDIR: "フォルダーです。ファイルを指定してください。",
}


def machine(error: OSError, where: Path) -> MachineError:
    """Return the sentence for an error of the system about a file or folder.

    >>> str(machine(OSError(errno.ENOSPC, "No space left on device"), Path("out")))
    'E8-MACHINE out: ディスクがいっぱいです。空きを作ってください。'
    """
    why = _REASONS.get(error.errno or 0, f"使えません（{error.strerror or error}）。")
    return MachineError(f"E8-MACHINE {error.filename or where}: {why}")
