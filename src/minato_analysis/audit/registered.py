"""The expectation an edition registered: it must be the one that stood in the ledger's first line.

In: the project folder, the edition's manifest. Out: findings. A corrected edition keeps the projections it
was published with, so that its rebuild only copies them; what they were, the first committed manifest says.
"""

from __future__ import annotations

from pathlib import Path

from minato_analysis.project.earlier import ARCHIVE
from minato_analysis.published import history, ledger
from minato_analysis.published.manifest import FILE, Manifest, ManifestError, loads, sha256
from minato_analysis.published.verdict import Finding


def findings(root: Path, name: str, record: Manifest) -> list[Finding]:
    """Return whether the projections are other ones than those first published; none without a history."""
    path = f"reports/{name}/{ARCHIVE}"
    try:
        lines = [one for one in ledger.parse(ledger.read(root)) if one.edition == name]
    except ledger.LedgerError:  # said elsewhere
        lines = []
    known = history.versions(root, f"reports/{name}/{FILE}") or []
    contents = history.contents(root, dict.fromkeys(blob for _, blob in known)).values()
    first = next((one for one in contents if lines and sha256(one) == lines[0].manifest), b"")
    try:
        was = loads(first.decode(errors="replace")).files.get(path, "")
    except ManifestError:
        return []
    if was == record.files.get(path, ""):
        return []
    message = (
        f"最初に公表したとき（台帳の{lines[0].number}行目）の見込みと違います。"
        "訂正しても、登録した見込みは変えません。"
    )
    return [Finding("E5-REGISTERED", "page", path, message, level="L1")]
