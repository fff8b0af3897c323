"""One audit from beginning to verdict.

Quick: the records against the files. Full: that, and the edition built again in a hermetic copy and compared.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from minato_analysis.audit import hermetic, history, quick, shadows
from minato_analysis.audit.comparison import Comparison
from minato_analysis.audit.hermetic import Built
from minato_analysis.audit.manifest import FILE, Manifest, sha256
from minato_analysis.audit.reach import Edition
from minato_analysis.audit.verdict import STAGES, Finding, Reach, Verdict

Rebuild = Callable[[Path, Path, str], Built]

EXPLAINED = ("E5-PARAMETER", "E5-CODE", "E5-NOTEBOOK", "E5-DECLARATION")
"""Changes which a rebuild can show to be without effect. Not those of libraries: the rebuild runs in the
installed ones, whatever the lock file says. Not those of evidence: no rebuild reads what a table was copied
from. Not a file more or less: the record of what the edition is made from is then another one."""


def quickly(root: Path, name: str) -> Verdict:
    """Return the verdict of the quick audit."""
    found, record = quick.check(root, name)
    reach = Edition(root / "reports" / name).spread(found) if _differs(found) else Reach()
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

    found, record = quick.check(root, name)
    identity = _identity(root, name, record)
    if record is None:
        return Verdict(name, "full", _ordered(found), identity=identity)
    if any(one.code == shadows.CODE for one in found):  # the rebuild would run it too
        return Verdict(name, "full", _ordered(found), identity=identity, files=len(record.files))
    compared = Comparison()
    with tempfile.TemporaryDirectory(prefix="minato-audit-") as scratch:
        try:
            built = rebuild(root, Path(scratch, "copy"), name)
        except (OSError, TimeoutError) as error:
            built = Built(Path(scratch), f"{type(error).__name__}: {error}")
        if built.problem:
            found.append(_not_built(built.problem, already=_differs(found)))
        else:
            compared = compare.compare(root, built.root, name)
    found = _merged(found, compared, built_at_all=not built.problem)
    unknown = history.untracked(root)
    if unknown:
        found.append(_untracked(unknown))
    edition = Edition(root / "reports" / name)
    # What a rebuild shows to differ is what is touched; only without one is it inferred from the links.
    touched = compared.findings if compared.findings else found
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


def _differs(found: Iterable[Finding]) -> bool:
    return any(one.severity == "different" for one in found)


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: STAGES.index(one.stage)))


def _identity(root: Path, name: str, record: Manifest | None) -> dict[str, str]:
    if record is None:
        return {}
    stages = {stage.name: stage.hash for stage in record.stages}
    own = sha256((root / "reports" / name / FILE).read_bytes())
    return {**stages, "manifest": own, "commit": history.commit(root, name), "date": record.date}


def _not_built(problem: str, *, already: bool) -> Finding:
    message = f"作り直せませんでした。{problem}"
    severity = "note" if already else "incomplete"
    code = "N5-BUILD" if already else "E5-BUILD"
    return Finding(code, "code", "minato report", message, severity)  # type: ignore[arg-type]


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
    if agreeing and not harmless and not _differs(kept):
        message = (
            "表示環境の差（数値は一致）：ファイルのバイト列だけが違います"
            f"（{_some(compared.other_bytes)}）。"
        )
        kept.append(Finding("N5-DISPLAY", "page", "L4", message, "note", level="L4"))
    return kept


def _some(names: list[str], most: int = 3) -> str:
    rest = len(names) - most
    return "、".join(names[:most]) + (f" ほか{rest}" if rest > 0 else "")


def _untracked(names: list[str]) -> Finding:
    message = f"版管理の外にあるファイル{len(names)}個は使わずに確かめました（{_some(names)}）。"
    return Finding("N5-UNTRACKED", "source", "git", message, "note")
