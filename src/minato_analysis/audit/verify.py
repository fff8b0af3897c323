"""One audit from beginning to verdict.

Quick: the records against the files. Full: that, and the edition built again in a hermetic copy and compared.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from minato_analysis.audit import at_hand, checker, installed, quick, registered, shadows
from minato_analysis.audit.comparison import Comparison
from minato_analysis.audit.reach import Edition
from minato_analysis.published import anchors, hermetic, history, origin
from minato_analysis.published.hermetic import Built
from minato_analysis.published.manifest import FILE, Manifest, sha256
from minato_analysis.published.origin import Origin
from minato_analysis.published.verdict import STAGES, Finding, Reach, Verdict

Rebuild = Callable[[Path, Path, str], Built]

EXPLAINED = ("E5-PARAMETER", "E5-CODE", "E5-NOTEBOOK", "E5-DECLARATION")
"""Changes which a rebuild can show to be without effect. Not those of libraries: the rebuild runs in the
installed ones, whatever the lock file says. Not those of evidence: no rebuild reads what a table was copied
from. Not a file more or less: the record of what the edition is made from is then another one."""


CONTRADICTION = re.compile(
    r"\bE(?:0-(?:CHECKSUM|TRANSCRIPTION|DEFINITION|REDEFINED|REGISTER|PARAMETER|YEARS)|[124]-[A-Z]"
    r"|3-(?:FACT|LOOSE-DIGIT|NAME|PROSE|PAGE|SMALL-NUMBER|UNDECLARED|UNDEFINED|WRITE|ARCHIVE)|5-RECOMPUTE)"
)
"""Codes with which a build refuses data, declarations or words that contradict each other. All others speak
of the machine: a library that is missing, a disk that is full."""


def quickly(root: Path, name: str) -> Verdict:
    """Return the verdict of the quick audit."""
    with tempfile.TemporaryDirectory(prefix="minato-audit-") as scratch:
        of = origin.origin(root, name, Path(scratch, "commit"))
        found, record = _records(root, name, of)
    reach = Reach()
    if record is not None and _differs(found):
        reach = Edition(root / "reports" / name).spread(found)
    return Verdict(
        edition=name,
        mode="quick",
        findings=_ordered(found),
        identity=_identity(root, name, record),
        reach=reach,
        files=len(record.files) if record else 0,
    )


def fully(root: Path, name: str, rebuild: Rebuild = hermetic.rebuild) -> Verdict:
    """Return the verdict of the full audit.

    Parameters
    ----------
    root : Path
        The project folder.
    name : str
        The edition.
    rebuild : callable
        Makes the second build: ``rebuild(root, target, name)``.
    """
    from minato_analysis.audit import compare, machine  # noqa: PLC0415 - a parser of pages, numpy

    compared = Comparison()
    with tempfile.TemporaryDirectory(prefix="minato-audit-") as scratch:
        of = origin.origin(root, name, Path(scratch, "commit"))
        found, record = _records(root, name, of)
        identity = _identity(root, name, record)
        if record is None or of.problem:
            return Verdict(name, "full", _ordered(found), identity=identity)
        if any(one.code == shadows.CODE for one in found):  # the rebuild would run it too
            files = len(record.files)
            return Verdict(name, "full", _ordered(found), identity=identity, files=files)
        found += [*registered.findings(root, name, record), *installed.findings()]
        if any(one.severity == "incomplete" for one in found):  # what it builds would prove nothing
            return Verdict(
                name, "full", _ordered(found), identity=identity, files=len(record.files)
            )
        try:
            built = rebuild(of.root, Path(scratch, "copy"), name)
        except (OSError, TimeoutError) as error:
            built = Built(Path(scratch), f"{type(error).__name__}: {error}")
        if built.problem:
            found.append(_not_built(built.problem, already=_differs(found)))
        else:
            compared = compare.compare(of.root, built.root, name)
    found = _merged(found, compared, built_at_all=not built.problem)
    if not _differs(found):
        found += _shelf(root)
    unknown = [] if of.commit else history.untracked(root)
    if unknown:
        found.append(_untracked(unknown))
    edition = Edition(root / "reports" / name)
    # What a rebuild shows to differ is what is touched; only without one is it inferred from the links.
    touched = compared.findings if _differs(compared.findings) else found
    return Verdict(
        edition=name,
        mode="full",
        findings=_ordered(found),
        levels=compared.levels if not built.problem else {},
        identity=identity,
        reach=edition.spread(touched) if _differs(found) else Reach(),
        environment=machine.environment(root),
        files=len(record.files),
    )


SHARED = ("source", "code", "environment", "data")
"""Stages whose files an edition shares with those after it."""


def _records(root: Path, name: str, of: Origin) -> tuple[list[Finding], Manifest | None]:
    """Return what the records say against the files of the edition's origin, and the manifest."""
    found, record = quick.check(of.root, name, root)
    if of.problem:
        # The files at hand are those of a later time: that they differ is no evidence.
        code, _, message = of.problem.partition(" ")
        own = [one for one in found if one.stage not in SHARED]
        return [*own, Finding(code, "manifest", "git", message, "incomplete")], record
    return [*found, *_told(root, name, of, record)], record


def _told(root: Path, name: str, of: Origin, record: Manifest | None) -> list[Finding]:
    """Return what must be known about version control, and the files of a commit that were held against."""
    if record is None:
        return []
    if not history.known(root):
        return anchors.signature(root)
    return [
        *anchors.signature(root),
        *anchors.findings(root, name, record, at_hand=not of.commit),
        *_of_commit(root, name, of, record),
    ]


def _of_commit(root: Path, name: str, of: Origin, record: Manifest) -> list[Finding]:
    if not of.commit:
        return []
    message = f"この版を、そのコミット {of.commit} のデータとプログラムで確かめました。"
    told = [Finding("N5-COMMIT", "manifest", "git", message, "note")]
    told += at_hand.findings(root, of.root, name, record)
    if origin.other_environment(root, of):
        message = "この版のライブラリの指定は今のものと違います。今の環境で確かめました。"
        told.append(Finding("N5-ENVIRONMENT", "environment", "requirements.lock", message, "note"))
    return told


def _differs(found: Iterable[Finding]) -> bool:
    return any(one.severity == "different" for one in found)


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: STAGES.index(one.stage)))


def _identity(root: Path, name: str, record: Manifest | None) -> dict[str, str]:
    if record is None:
        return {}
    stages = {stage.name: stage.hash for stage in record.stages}
    own = sha256((root / "reports" / name / FILE).read_bytes())
    about = {"commit": history.commit(root, name), "date": record.date}
    return {**stages, "manifest": own, **about, "checker": checker.told(root)}


def _not_built(problem: str, *, already: bool) -> Finding:
    message = f"作り直せませんでした。{problem}"
    if already:
        return Finding("N5-BUILD", "code", "minato report", message, "note")
    if CONTRADICTION.search(problem):
        told = f"作り直すと、点検に合格せず止まりました。{problem}"
        return Finding("E5-REFUSED", "data", "minato report", told)
    return Finding("E5-BUILD", "code", "minato report", message, "incomplete")


def _merged(found: list[Finding], compared: Comparison, *, built_at_all: bool) -> list[Finding]:
    """Join what the records and the rebuild say; a change that alters nothing becomes a note."""
    if not built_at_all:
        return found
    agreeing = not _differs(compared.findings)
    # Only when every byte comes out again is a change of a source without effect.
    harmless = agreeing and not compared.levels["L4"].different
    kept = []
    again = {(one.code, one.place) for one in compared.findings}
    for one in found:
        if harmless and one.code in EXPLAINED and one.severity == "different":
            message = f"{one.message}作り直しても、公表物は変わりません。"
            kept.append(replace(one, code="N5-NO-EFFECT", message=message, severity="note"))
        elif (one.code, one.place) not in again:
            kept.append(one)
    kept += compared.findings
    if compared.near and agreeing:
        message = f"値は公表の桁で同じですが、その先の桁が違います（{_some(compared.near)}）。"
        kept.append(Finding("N5-WITHIN", "facts", "L1・L2", message, "note", level="L1"))
    if agreeing and not harmless and not compared.findings and not _differs(kept):
        message = (
            "表示環境の差（数値は一致）：ファイルのバイト列だけが違います"
            f"（{_some(compared.other_bytes)}）。"
        )
        kept.append(Finding("N5-DISPLAY", "page", "L4", message, "note", level="L4"))
    return kept


def _some(names: list[str], most: int = 3) -> str:
    rest = len(names) - most
    return "、".join(names[:most]) + (f" ほか{rest}" if rest > 0 else "")


def _shelf(root: Path) -> list[Finding]:
    """Return whether the list of editions is another one than this program makes of them."""
    from minato_analysis.reporting import shelf  # noqa: PLC0415 - a second, for full verification only

    file = root / shelf.FILE
    try:
        if not file.is_file() or file.read_text(encoding="utf-8") == shelf.page(root):
            return []
    except (OSError, ValueError, LookupError):  # another edition that cannot be read
        pass
    message = "版の一覧が、今のプログラムで作るものと違います。どの版の記録にもないので、判定には数えません。"
    return [Finding("N5-SHELF", "page", shelf.FILE, message, "note")]


def _untracked(names: list[str]) -> Finding:
    message = f"版管理の外にあるファイル{len(names)}個は使わずに確かめました（{_some(names)}）。"
    return Finding("N5-UNTRACKED", "source", "git", message, "note")
