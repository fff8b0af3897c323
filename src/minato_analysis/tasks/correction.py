"""Correct a published edition: a deliberate act with a reason, never what a build does by itself.

In: the project folder, a published edition, the reason and the day. The edition is built in a copy of the
project with the code and data at hand, which of the data see what was known at the edition's own date. Then
edition and ledger change in one step: a kill leaves both as they were, or both new. The projections that were
published first stay as they were registered; those of the correction lie beside them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from minato_analysis.numbers import facts
from minato_analysis.project import earlier, editions, program
from minato_analysis.project.files import write_all
from minato_analysis.published import hermetic, history, ledger, manifest
from minato_analysis.published.publish import publish
from minato_analysis.tasks import COMMITTED_LOCK, LOCK
from minato_analysis.tasks.published import damaged, in_ledger, shelve

COPY = "build/correction"


class NotCorrected(ValueError):
    """The edition stays as it is published; the message says why."""


def correct(root: Path, name: str, correction: editions.Correction) -> None:
    """Correct a published edition.

    Raises
    ------
    NotCorrected
        ``E3-CORRECT``: not published, published files that are not those of the ledger, a date before that
        of the edition, or files outside version control. Else what stopped the build.
    """
    _possible(root, name, correction)
    copy, folder = root / COPY, f"reports/{name}"
    shutil.rmtree(copy, ignore_errors=True)
    hermetic.copy(root, copy)
    parameters = copy / folder / earlier.PARAMETERS
    before = parameters.read_text(encoding="utf-8")
    text = editions.corrected(before, correction)
    parameters.write_text(text, encoding="utf-8", newline="\n")
    editions.load(copy, name)
    _build(copy, name)
    told = correction.model_copy(update=_moved(root / folder, copy / folder))
    if told != correction:  # what moved is known only now, and its rows in the audit report say so
        parameters.write_text(editions.corrected(before, told), encoding="utf-8", newline="\n")
        _build(copy, name)
    put_in_place(root, copy, name)
    shelve(root)
    shutil.rmtree(root / f"build/{name}", ignore_errors=True)
    (copy / f"build/{name}").rename(root / f"build/{name}")
    for lock in (LOCK, COMMITTED_LOCK) if program.home(root) == root else ():
        shutil.copyfile(copy / LOCK, root / lock)
    shutil.rmtree(copy)


def _build(copy: Path, name: str) -> None:
    built = hermetic.build(copy, name)
    if built.problem:
        raise NotCorrected(built.problem)


def _moved(old: Path, new: Path) -> dict[str, dict[str, str]]:
    """Return the numbers that were printed otherwise, and those that are gone, as they were printed."""
    was, now = (
        facts.loads((one / "facts.json").read_text(encoding="utf-8")).facts for one in (old, new)
    )
    return {
        "changed": {
            id: one.display
            for id, one in was.items()
            if id in now and now[id].display != one.display
        },
        "withdrawn": {id: one.display for id, one in was.items() if id not in now},
    }


def _possible(root: Path, name: str, correction: editions.Correction) -> None:
    edition = editions.load(root, name)
    if not in_ledger(root, name):
        raise NotCorrected(
            f"E3-CORRECT {name}: 台帳にない版（準備中の版）は、訂正ではなく作り直せます: minato report {name}"
        )
    broken = damaged(root, name)
    if broken:
        raise NotCorrected(
            f"E3-CORRECT reports/{name}/: 公表されたファイルが、公表したときと違います"
            f"（{'、'.join(broken[:3])}）。`git checkout -- reports/{name}` で戻してから訂正してください。"
        )
    last = manifest.date_of(edition.declared())
    if correction.date < last:
        raise NotCorrected(
            f"E3-CORRECT {name}: 訂正の日付 {correction.date} が、版の日付 {last} より前です。"
            f"--on {last} のように、後の日付を書いてください。"
        )
    unknown = history.untracked(root)
    if unknown:
        raise NotCorrected(
            f"E3-CORRECT {unknown[0]}: 版管理の外にあるファイルが{len(unknown)}個あります。"
            "訂正に使うなら `git add`、使わないなら別の場所に移してください。"
        )


def put_in_place(root: Path, copy: Path, name: str) -> None:
    """Put edition and ledger in place in one step, before them the generated files the edition lists."""
    lent = program.lent(root)
    generated = [
        one.relative_to(copy).as_posix()
        for one in (*manifest.data_files(copy), copy / "environment.yml", copy / "CITATION.cff")
        if one.is_file() and one.relative_to(copy).as_posix() not in lent
    ]
    write_all({root / one: (copy / one).read_text(encoding="utf-8") for one in generated})
    folder = f"reports/{name}"
    texts: dict[str, str | bytes] = {
        one.relative_to(copy / "reports").as_posix(): one.read_bytes()
        for one in sorted((copy / folder).rglob("*"))
        if one.is_file()
    }
    new = manifest.load(copy, name)
    sha = manifest.sha256((copy / folder / manifest.FILE).read_bytes())
    texts[Path(ledger.FILE).name] = ledger.added(ledger.read(root), name, new.date, sha)
    gone = [
        f"{name}/{one}" for one in manifest.load(root, name).products if one not in new.products
    ]
    publish(texts, root / "reports", beside=root / "build/reports", gone=gone)
