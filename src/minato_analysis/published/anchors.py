"""What ties an edition to something outside its folder: commit, signatures, an archive's id, a printed strip.

In: the project folder, the edition, its manifest. Out: notes of what is missing, which makes no number wrong
but is what would show that everything was rewritten together; the ledger's signature, made and checked by
OpenSSH (who); the id Software Heritage gives the edition's folder (what); a strip to be printed into the
minutes of a meeting (when).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from minato_analysis.published import history, ledger, manifest
from minato_analysis.published.manifest import FILE, Manifest
from minato_analysis.published.verdict import Finding, Severity


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


def signature(root: Path) -> list[Finding]:
    """Return what the ledger's signature says, where there is one."""
    if not (root / ledger.SIGNATURE).is_file():
        return []
    try:
        return [Finding("N5-SIGNATURE", "ledger", ledger.SIGNATURE, signed_by(root, None), "note")]
    except NotSigned as error:
        severity: Severity = "different" if error.exit_code == 1 else "note"
        code = "E5-SIGNATURE" if error.exit_code == 1 else "N5-SIGNATURE"
        return [Finding(code, "ledger", ledger.SIGNATURE, error.told, severity)]


NAMESPACE = "minato-ledger"
"""What the signature is for: one made for something else does not count."""


class NotSigned(RuntimeError):
    """A signature that cannot be made, or does not hold; `exit_code` 1 where it contradicts the ledger."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(f"E5-SIGNATURE {ledger.SIGNATURE}: {message}")
        self.told = message
        self.exit_code = exit_code


def sign(root: Path, key: Path) -> Path:
    """Sign the ledger with an SSH key and return the file of the signature.

    Raises
    ------
    NotSigned
        There is no ledger, or ssh-keygen refuses.
    """
    if not (root / ledger.FILE).is_file():
        raise NotSigned("台帳がありません。先に minato ledger add で版を載せてください。")
    made = _keygen(root, "sign", "-f", str(key))
    if made is None or made.returncode:
        raise NotSigned(
            f"署名できませんでした。鍵 {key} と ssh-keygen を確かめてください。{_said(made)}"
        )
    (root / ledger.SIGNATURE).write_bytes(made.stdout)
    return root / ledger.SIGNATURE


def signed_by(root: Path, signers: Path | None) -> str:
    """Return in one sentence who signed the ledger, by a list of known signers, or by which key.

    Parameters
    ----------
    signers : Path, optional
        Lines ``<name> <public key>``, as OpenSSH's ALLOWED SIGNERS, got from elsewhere than this folder.

    Raises
    ------
    NotSigned
        No signature, one that does not fit the ledger, or of none of the known signers.
    """
    file = str(root / ledger.SIGNATURE)
    if not os.path.isfile(file):
        raise NotSigned(
            "署名がありません。公表した人に頼むか、議事録などに控えた行と見比べてください。"
        )
    fits = _keygen(root, "check-novalidate", "-s", file)
    if fits is None:
        raise NotSigned("ssh-keygen がないので、確かめられません。OpenSSH を入れてください。")
    if fits.returncode:
        raise NotSigned(
            f"署名が今の台帳と合いません。台帳か署名が書き換えられています。{_said(fits)}", 1
        )
    fingerprint = next(
        (one for one in fits.stdout.decode().split() if one.startswith("SHA256:")), ""
    )
    if signers is None:
        return f"署名は今の台帳と合います。鍵 {fingerprint}。だれの鍵かは確かめていません（--signers）。"
    found = _keygen(root, "find-principals", "-s", file, "-f", str(signers))
    names = found.stdout.decode().split() if found else []
    for name in names:
        known = _keygen(root, "verify", "-s", file, "-f", str(signers), "-I", name)
        if known is not None and not known.returncode:
            return f"{name} が、鍵 {fingerprint} で今の台帳に署名しました。"
    raise NotSigned(f"{signers} にない鍵 {fingerprint} の署名です。", 1)


def _keygen(root: Path, action: str, *more: str) -> subprocess.CompletedProcess[bytes] | None:
    asked = ["ssh-keygen", "-Y", action, *more]
    asked += [] if action == "find-principals" else ["-n", NAMESPACE]
    content = (root / ledger.FILE).read_bytes()
    try:
        return subprocess.run(asked, input=content, capture_output=True, check=False)
    except OSError:
        return None


def _said(done: subprocess.CompletedProcess[bytes] | None) -> str:
    return (
        done.stderr.decode(errors="replace").strip().splitlines()[-1]
        if done and done.stderr
        else ""
    )


def swhid(folder: Path) -> str:
    """Return the SWHID of a folder: Software Heritage's id, and git's name of the same tree.

    Reference: SWHID specification 1.2 (ISO/IEC 18670:2025), directories.
    """
    return f"swh:1:dir:{_tree(folder).hex()}"


def _tree(folder: Path) -> bytes:
    entries = []
    for one in folder.iterdir():
        name = one.name.encode()
        if one.is_symlink():
            entries.append((name, b"120000", _sha1(b"blob", os.readlink(one).encode())))
        elif one.is_dir():
            entries.append((name + b"/", b"40000", _tree(one)))
        else:
            mode = b"100755" if os.access(one, os.X_OK) else b"100644"
            entries.append((name, mode, _sha1(b"blob", one.read_bytes())))
    lines = (b"%s %s\0%s" % (mode, name.rstrip(b"/"), sha) for name, mode, sha in sorted(entries))
    return _sha1(b"tree", b"".join(lines))


def _sha1(kind: bytes, content: bytes) -> bytes:
    return hashlib.sha1(b"%s %d\0%s" % (kind, len(content), content)).digest()


def strip(root: Path) -> str:
    """Return the ledger's last line as a strip to be printed into the minutes of a meeting.

    Raises
    ------
    LedgerError
        There is no line.
    """
    entries = ledger.parse(ledger.read(root))
    if not entries:
        raise ledger.LedgerError(f"E5-LEDGER {ledger.FILE}: 行がありません。")
    last = entries[-1]
    line = manifest.sha256(ledger.lines(ledger.read(root))[-1].encode())
    return (
        f"┌ {ledger.FILE} {last.number}行目　版 {last.edition}　{last.date}\n"
        f"│ 版の記録  {_grouped(last.manifest)}\n"
        f"│ この行    {_grouped(line)}\n"
        f"│ ページ    {swhid(root / 'reports' / last.edition)}\n"
        "└ 確かめ方: minato ledger strip がこれと同じ文字を印刷すれば、このあと版も台帳も変わっていません。"
    )


def _grouped(sha: str) -> str:
    return " ".join(sha[at : at + 8] for at in range(0, len(sha), 8))
