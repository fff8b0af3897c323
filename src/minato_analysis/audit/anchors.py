"""What ties an edition to something outside its folder: the commit, a tag with a signature.

In: the project folder, the edition, its manifest. Out: notes, never a difference: what is missing here
makes no number wrong, but it is what would show that everything was rewritten together.
"""

from __future__ import annotations

from pathlib import Path

from minato_analysis.audit import history, ledger
from minato_analysis.audit.manifest import FILE, Manifest
from minato_analysis.audit.verdict import Finding


def findings(root: Path, name: str, record: Manifest, *, at_hand: bool) -> list[Finding]:
    """Return what is not committed, and that there is no tag, or none with a signature.

    Parameters
    ----------
    at_hand : bool
        Whether the edition is held against the files here, not those of its own commit.
    """
    folder = f"reports/{name}/"
    paths = [one for one in record.files if at_hand or one.startswith(folder)]
    dirty = history.uncommitted(root, [*paths, f"{folder}{FILE}", ledger.FILE])
    found = []
    if dirty is None:
        found.append(_note("N5-DIRTY", "まだ一度もコミットされていません。"))
    elif dirty:
        told = "、".join(dirty[:3]) + (f" ほか{len(dirty) - 3}" if len(dirty) > 3 else "")
        message = f"コミットされた内容と違うファイルが{len(dirty)}個あります（{told}）。"
        found.append(_note("N5-DIRTY", message))
    commit = history.commit(root, name).split(" ")[0]
    tags = history.tags(root, commit) if commit else {}
    signed = [tag for tag, signature in tags.items() if signature]
    if signed:
        message = (
            f"署名のあるタグがあります。だれの署名かは `git verify-tag {signed[0]}` で確かめます。"
        )
        return [*found, _note("N5-TAG", message)]
    lacking = (
        f"タグ {next(iter(tags))} に署名がありません"
        if tags
        else "この版のコミットにタグがありません"
    )
    message = f"{lacking}。だれが公表した版かを、署名から確かめることはできません。"
    return [*found, _note("N5-NO-SIGNATURE", message)]


def _note(code: str, message: str) -> Finding:
    return Finding(code, "manifest", "git", message, "note")
