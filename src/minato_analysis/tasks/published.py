"""What becomes of a complete edition: published while in preparation, only compared once it is in the ledger.

In: the project folder and the name of an edition. Out: an :class:`Outcome`. A published edition never
changes here; what is built anew is held against it. Its own code builds it: the code at hand, or, once there
is a later edition, that of its commit (:mod:`minato_analysis.published.origin`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from minato_analysis.project import earlier, program
from minato_analysis.project.files import write_all, write_text
from minato_analysis.published import hermetic, ledger, manifest, origin, said, sheets, sources
from minato_analysis.published.publish import publish
from minato_analysis.tasks import COMMITTED_LOCK, LOCK
from minato_analysis.tasks.build import build

MOST = 8
"""Differences that are listed."""

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Outcome:
    """What came of a build.

    Attributes
    ----------
    problems : list of str
        Why there is no complete edition.
    refusal : str
        Why the complete edition was not accepted, and what can be done.
    """

    problems: tuple[str, ...] = ()
    refusal: str = ""


def report(root: Path, name: str, tell: Tell) -> Outcome:
    """Build an edition; publish it while it is in preparation, else hold it against what is published.

    Parameters
    ----------
    root : Path
        The project folder.
    name : str
        An edition.
    tell : callable
        Receives sentences for the reader.
    """
    if not in_ledger(root, name):
        problems = build(root, name)
        if not problems and _publish(root, name):
            for sentence in sheets.too_many(root / "reports" / name):
                tell(sentence)
        if not problems:
            shelve(root)
        return Outcome(tuple(problems))
    with TemporaryDirectory(prefix="minato-report-") as scratch:
        # The newest edition is built with what is at hand: who changes a notebook sees what comes of it.
        of = origin.Origin(root)
        if earlier.followed(root, name):
            of = origin.origin(root, name, Path(scratch, "commit"))
        if of.commit:
            tell(
                f"公表された版 {name} を、そのコミット {of.commit} のデータとプログラムで作り直します。"
            )
            if origin.other_environment(root, of):
                tell("ライブラリの指定は、そのときのものと違います。今の環境で作ります。")
            built = hermetic.rebuild(of.root, Path(scratch, "copy"), name)
            if built.problem:
                return Outcome((built.problem,))
            return compared(root, name, built.root / "reports" / name, tell)
        if of.problem:
            tell(f"{of.problem}今のデータとプログラムで作り直します。")
        with unchanged(root):
            problems = build(root, name)
        if problems:
            return Outcome(tuple(problems))
        return compared(root, name, root / "build" / name / "pages", tell)


def shelve(root: Path) -> None:
    """Make the list of all editions anew."""
    from minato_analysis.reporting import shelf  # noqa: PLC0415 - 1 s

    write_text(root / shelf.FILE, shelf.page(root))


def in_ledger(root: Path, name: str) -> bool:
    """Tell whether an edition stands in the ledger; then it is published and does not change any more."""
    return any(one.edition == name for one in ledger.parse(ledger.read(root)))


def compared(root: Path, name: str, made: Path, tell: Tell) -> Outcome:
    """Hold what was made anew against the published edition.

    Parameters
    ----------
    root : Path
        The project folder.
    name : str
        A published edition.
    made : Path
        Folder with its files made anew.
    tell : callable
    """
    folder = root / "reports" / name
    broken = damaged(root, name)
    if broken:
        return Outcome(
            refusal=f"E3-DAMAGED reports/{name}/: 公表されたファイルが、公表したときと違います"
            f"（{'、'.join(broken[:MOST])}）。ファイルには触れていません。"
            f"`git checkout -- reports/{name}` で公表したときに戻せます。"
        )
    other = [
        one
        for one in _files(made)
        if not (folder / one).is_file() or (folder / one).read_bytes() != (made / one).read_bytes()
    ]
    if not other:
        tell(f"公表された版 {name} と同じものができました。")
        return Outcome()
    found = said.differences(folder, made)
    if found:
        return Outcome(refusal=_refusal(name, found))
    changed = sources.changed(root, manifest.load(root, name))
    why = (
        "公表のあとでデータかプログラムが変わっていますが、"
        if changed
        else "計算機による最後の桁の違いがありますが、"
    )
    tell(f"{why}公表された版 {name} と、数値も文章も同じです。公表されたファイルはそのままです。")
    return Outcome()


def damaged(root: Path, name: str) -> list[str]:
    """Return the published files that are not those the edition was published with."""
    folder = root / "reports" / name
    try:
        record = manifest.load(root, name)
    except (OSError, manifest.ManifestError):
        return [manifest.FILE]
    recorded = [one for one in ledger.parse(ledger.read(root)) if one.edition == name][-1].manifest
    found = (
        []
        if manifest.sha256((folder / manifest.FILE).read_bytes()) == recorded
        else [manifest.FILE]
    )
    return found + [
        name
        for name, sha in record.products.items()
        if not (folder / name).is_file() or manifest.sha256((folder / name).read_bytes()) != sha
    ]


def _refusal(name: str, found: list[str]) -> str:
    rest = len(found) - MOST
    lines = [f"  {one}" for one in found[:MOST]] + ([f"  ほか{rest}"] if rest > 0 else [])
    return "\n".join(
        [
            f"E3-PUBLISHED reports/{name}/: 公表された版と違うものができました（{len(found)}か所、"
            "公表されたもの → 作り直したもの）。公表されたファイルには触れていません。",
            *lines,
            "まず git status で、意図しない変更がないかを確かめてください。できることは二つです。",
            "  新しい版にする         minato report <新しい版の名前>",
            f'  公表した版を訂正する   minato correct {name} --why "訂正の理由"',
        ]
    )


def _publish(root: Path, name: str) -> bool:
    """Move an edition and the record of its build into their places; tell whether a page changed."""
    made, folder = root / "build" / name / "pages", root / "reports" / name
    texts: dict[str, str | bytes] = {one: (made / one).read_bytes() for one in _files(made)}
    gone = [one for one in _files(folder) if one not in texts]
    changed = any(_bytes(folder / one) != content for one, content in texts.items())
    if changed or gone:
        publish(texts, folder, beside=root / "build" / name / "published", gone=gone)
    # Without a program of its own its paths would be those of this machine.
    own = program.home(root) == root
    if own and (root / LOCK).read_bytes() != _bytes(root / COMMITTED_LOCK):
        shutil.copyfile(root / LOCK, root / COMMITTED_LOCK)
    return changed


def _files(folder: Path) -> list[str]:
    """Return an edition's files by path in its folder as its manifest lists them, and the manifest."""
    try:
        record = manifest.loads((folder / manifest.FILE).read_text(encoding="utf-8"))
    except (OSError, manifest.ManifestError):
        return []
    return [*record.products, manifest.FILE]


def _bytes(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


@contextmanager
def unchanged(root: Path) -> Iterator[None]:
    """Put the generated files outside the editions back to what they were: nothing is published."""
    files = [*manifest.data_files(root), root / "environment.yml", root / "CITATION.cff"]
    before = {one: one.read_text(encoding="utf-8") for one in files if one.is_file()}
    try:
        yield
    finally:
        write_all(
            {one: text for one, text in before.items() if one.read_text(encoding="utf-8") != text}
        )
