"""The tamper test: shows that the verdict can fail, and that it names what was done.

One change at a time in a scratch copy, each audited as an auditor would. A change must be caught with the
code of its kind and the place it was made in; a change that alters nothing published must be told as such.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from minato_analysis.audit import quick, show, tamper_sources, verify
from minato_analysis.audit.scene import NotApplicable, Scene
from minato_analysis.audit.tamper_kinds import KINDS, NO_EFFECT, UNUSED, Kind
from minato_analysis.published import hermetic, ledger, manifest
from minato_analysis.published.hermetic import Built
from minato_analysis.published.verdict import Verdict
from minato_analysis.tasks import LOCK

Outcome = Literal["caught", "no effect", "missed", "misnamed", "not applicable"]
GOOD: tuple[Outcome, ...] = ("caught", "no effect", "not applicable")
TOLD = {
    "caught": "検出",
    "no effect": "影響なしと判定",
    "missed": "見逃し",
    "misnamed": "取り違え",
    "not applicable": "対象なし",
}


BEYOND = (
    "試せないもの: 公表表、転記の記録、計算の手順、ページ、記録を、矛盾なく書き換えて作り直した版。"
    "台帳の行を別の所に控えておくか、元の資料と見比べるほかに、見つける方法はありません。"
)
"""What no kind can show, because the verdict cannot see it."""


class NoBaseline(RuntimeError):
    """The edition does not pass as it is, so that a change could not be told apart."""


@dataclass(frozen=True)
class Result:
    """What became of one change."""

    number: int
    kind: str
    title: str
    change: str
    outcome: Outcome
    exit_code: int | None
    code: str
    place: str
    message: str
    reach: str


def run(
    root: Path,
    name: str,
    *,
    kinds: Sequence[Kind] = KINDS,
    tell: Callable[[str], object] | None = None,
) -> list[Result]:
    """Make every change and audit it.

    Parameters
    ----------
    root : Path
        The project folder; it is copied, never changed.
    name : str
        The edition.
    kinds : sequence of Kind
    tell : callable, optional
        Receives one line for each change as soon as it is judged.

    Raises
    ------
    NoBaseline
        The edition does not pass the audit as it is.
    """
    with tempfile.TemporaryDirectory(prefix="minato-tamper-") as folder:
        base = _baseline(root, Path(folder, "published"), name)
        rebuild = None
        if any(one.full for one in kinds):
            built = _built(root, base, Path(folder, "built"), name)
            if built.problem:
                raise NoBaseline(f"E5-BUILD {built.problem}")
            _must_pass(verify.fully(base, name, lambda *_: built))
            rebuild = warm(built.root)
        results = []
        for number, kind in enumerate(kinds, 1):
            scene = Scene(Path(folder, kind.name), name)
            shutil.copytree(base, scene.root)
            result = _one(number, kind, scene, rebuild)
            shutil.rmtree(scene.root)
            results.append(result)
            if tell:
                tell(line(result))
        return results


def specimen(root: Path, name: str) -> str:
    """Return what ``minato verify --quick`` prints for a copy in which one printed cell was changed.

    Raises
    ------
    NoBaseline
        The edition does not pass the audit as it is.
    """
    with tempfile.TemporaryDirectory(prefix="minato-specimen-") as folder:
        scene = Scene(_baseline(root, Path(folder, "published"), name), name)
        change = tamper_sources.input_cell(scene)
        verdict = verify.quickly(scene.root, name)
        return f"# {change.what}\n$ minato verify {name} --quick\n{show.text(verdict)}\n"


def _baseline(root: Path, target: Path, name: str) -> Path:
    """Copy the project with what it has published, enter the edition in the ledger, hold it to the audit."""
    for path in sorted({*hermetic.tracked(root), *_published(root, name)}):
        if (root / path).is_file():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, target / path)
    found, record = quick.check(target, name)
    if record is not None and any(one.code == "N5-IN-PREPARATION" for one in found):
        sha = manifest.sha256((target / "reports" / name / manifest.FILE).read_bytes())
        text = ledger.added(ledger.read(target), name, record.date, sha)
        (target / ledger.FILE).write_text(text, encoding="utf-8", newline="\n")
    _must_pass(verify.quickly(target, name))
    return target


def _published(root: Path, name: str) -> list[str]:
    """Return the files the edition's manifest lists, whether or not they are tracked yet."""
    file = root / "reports" / name / manifest.FILE
    if not file.is_file():
        return []
    return [*manifest.load(root, name).files, f"reports/{name}/{manifest.FILE}"]


def _built(root: Path, base: Path, target: Path, name: str) -> Built:
    """Build the edition; what the project has already built is taken over and held to its recorded hashes."""
    hermetic.copy(base, target)
    for path in (f"build/{name}", ".pytask"):
        if (root / path).is_dir():
            shutil.copytree(root / path, target / path)
    if (root / LOCK).is_file():
        (target / LOCK).parent.mkdir(exist_ok=True)
        shutil.copy(root / LOCK, target / LOCK)
    return hermetic.build(target, name)


def _must_pass(verdict: Verdict) -> None:
    first = verdict.first
    if first is not None:
        raise NoBaseline(
            f"{first.code} {first.place}: この版はそのままでも検証に合格しません。{first.message}"
        )


def warm(base: Path) -> verify.Rebuild:
    """Return a rebuild that starts from a finished build, so that only what a change touches runs again."""

    written = {one for one in hermetic.tracked(base) if hermetic.written(one)}

    def rebuild(root: Path, target: Path, name: str) -> Built:
        wanted = {one for one in hermetic.tracked(root) if hermetic.written(one)}
        if wanted == written and all(
            (root / one).read_bytes() == (base / one).read_bytes() for one in wanted
        ):
            return Built(base, "")  # only what is published was changed
        shutil.copytree(base, target)
        for path in wanted:
            content = (root / path).read_bytes()
            if not (target / path).is_file() or (target / path).read_bytes() != content:
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                (target / path).write_bytes(content)
        for path in hermetic.tracked(target):
            if hermetic.written(path) and path not in wanted:
                (target / path).unlink()
        return hermetic.build(target, name)

    return rebuild


def _one(number: int, kind: Kind, scene: Scene, rebuild: verify.Rebuild | None) -> Result:
    try:
        change = kind.apply(scene)
    except NotApplicable as error:
        return Result(
            number, kind.name, kind.title, str(error), "not applicable", None, "", "", "", ""
        )
    verdict = (
        verify.fully(scene.root, scene.edition, rebuild)
        if kind.full and rebuild
        else verify.quickly(scene.root, scene.edition)
    )
    first = verdict.first
    outcome: Outcome
    if kind.code in (NO_EFFECT, UNUSED):
        told = [one for one in verdict.findings if one.code == NO_EFFECT]
        named = kind.code == UNUSED or any(change.place in one.place for one in told)
        outcome = "no effect" if verdict.exit_code == 0 and named else "misnamed"
        first = told[0] if told else first
    elif first is None:
        outcome = "missed"
    else:
        same = [one for one in verdict.findings if one.code == kind.code]
        first = next((one for one in same if change.place in one.place), first)
        began = verdict.first is not None and first.stage == verdict.first.stage
        named = first in same and change.place in first.place
        outcome = "caught" if verdict.exit_code == 1 and named and began else "misnamed"
    reach = verdict.reach
    return Result(
        number=number,
        kind=kind.name,
        title=kind.title,
        change=change.what,
        outcome=outcome,
        exit_code=verdict.exit_code,
        code=first.code if first else "",
        place=first.place if first else "",
        message=first.message if first else "この版を作るのに使われないファイルです。",
        reach=f"数値{len(reach.facts)} 図{len(reach.figures)} 文{reach.sentences} "
        f"ページ{len(reach.pages)}",
    )


def line(result: Result) -> str:
    """Return one result as two lines of text."""
    mark = "○" if result.outcome in GOOD else "×"
    head = f"{result.number:2} {mark} {TOLD[result.outcome]}  {result.title}"
    if result.outcome == "not applicable":
        return f"{head}（{result.change}）"
    return (
        f"{head}\n      変えた所 {result.change}\n"
        f"      判定 {result.exit_code} {result.code} {result.place}（{result.reach}）"
    )


def summary(results: Iterable[Result]) -> str:
    """Return how many changes were caught."""
    found = list(results)
    count = {name: sum(one.outcome == name for one in found) for name in TOLD}
    told = "、".join(f"{TOLD[name]} {number}" for name, number in count.items() if number)
    verdict = "すべて正しく判定" if exit_code(found) == 0 else "判定の誤りあり"
    return f"\n改ざん試験 {len(found)}種類: {told}\n{BEYOND}\n結果 {exit_code(found)}  {verdict}"


def exit_code(results: Iterable[Result]) -> int:
    """Return 0 when every change was judged rightly, otherwise 1."""
    return 0 if all(one.outcome in GOOD for one in results) else 1


def as_json(results: Iterable[Result]) -> dict[str, Any]:
    """Return the results as data."""
    found = list(results)
    return {"exit_code": exit_code(found), "results": [asdict(one) for one in found]}
