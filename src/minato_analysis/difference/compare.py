"""All blocks together: from two editions and where their files are to one :class:`Difference`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from minato_analysis import data
from minato_analysis.claims import evaluate
from minato_analysis.difference import (
    appearance,
    attribution,
    conclusions,
    environment,
    law,
    new_year,
    rerun,
    revised,
    roles,
    sentences,
    side,
    steps,
)
from minato_analysis.difference.attribution import Attribution, Runner, Tell
from minato_analysis.difference.factors import Recipe
from minato_analysis.difference.result import Difference
from minato_analysis.difference.side import Side
from minato_analysis.numbers.facts import Fact
from minato_analysis.published import sources
from minato_analysis.published.errors import DifferenceError
from minato_analysis.published.sources import Source


@dataclass(frozen=True)
class Options:
    """How two editions are compared.

    Attributes
    ----------
    before, after : str or None
        Folder or commit with the files of either edition.
    attribute : bool
        Run the combinations.
    environment : bool
        Exchange the environments too.
    run : callable, optional
        Runs one combination in place of :func:`rerun.run`.
    tell : callable, optional
        Receives a line about what is going on.
    """

    before: str | None = None
    after: str | None = None
    attribute: bool = True
    environment: bool = False
    run: Runner | None = None
    tell: Tell | None = None


def difference(root: Path, before: str, after: str, options: Options, scratch: Path) -> Difference:
    """Compare the editions `before` and `after` of a project folder.

    Parameters
    ----------
    root : Path
        The project folder.
    before, after : str
        Names of editions.
    options : Options
    scratch : Path
        Folder for the files of commits; the result refers to them.

    Raises
    ------
    DifferenceError
        ``E7-…``, see :mod:`.side` and :mod:`.sources`; ``E7-SAME`` one edition against itself;
        ``E7-AREA`` two areas; ``E7-ORDER`` the newer edition first.
    """
    if options.before is None:
        side.known(root, before)
    if options.after is None:
        side.known(root, after)
    if before == after and options.before == options.after:
        raise DifferenceError(
            f"E7-SAME {before}: 同じ版どうしには違いがありません。"
            "作り直す前の版と比べるなら、--a にそのコミットかフォルダーを指定してください。"
        )
    old = sources.resolve(root, before, options.before, scratch / "before")
    new = Source(root, "手元のファイル")
    if options.after is not None:
        new = sources.resolve(root, after, options.after, scratch / "after")
    sides = side.load(old.root, before), side.load(new.root, after)
    _comparable(*sides)
    split = _attributed(sides, scratch, root, options) if options.attribute else None
    return _compared(sides, (old, new), root, split)


def _comparable(before: Side, after: Side) -> None:
    if before.edition.area_code != after.edition.area_code:
        raise DifferenceError(
            f"E7-AREA {before.name} は地域 {before.edition.area_code}、{after.name} は地域 "
            f"{after.edition.area_code} の版です。同じ地域の版どうしを比べてください。"
        )
    if (before.edition.as_of, before.edition.last_year) > (
        after.edition.as_of,
        after.edition.last_year,
    ):
        raise DifferenceError(
            f"E7-ORDER {before.name}（{before.edition.as_of} 時点）は {after.name}"
            f"（{after.edition.as_of} 時点）より新しい版です。"
            f"`minato diff {after.name} {before.name}` の順で指定してください。"
        )


def _compared(
    sides: tuple[Side, Side], places: tuple[Source, Source], root: Path, split: Attribution | None
) -> Difference:
    before, after = sides
    dropped, added = roles.alone(before.facts, after.facts, before.names, after.names)
    return Difference(
        before=before,
        after=after,
        sources=(places[0].told, places[1].told),
        notes=tuple(_notes(sides, root)),
        turned=tuple(conclusions.turned(before, after)),
        sentences=sentences.compared(before, after),
        verdicts=tuple(evaluate.changes(before.statements, after.statements)),
        revisions=tuple(revised.revisions(before, after)),
        moved=tuple(revised.moved(before, after)),
        new_year=new_year.new_year(before, after),
        law=law.law(before, after),
        appearance=appearance.appearance(before, after),
        dropped=tuple(dropped),
        added=tuple(added),
        stepped=steps.stepped(before, after),
        attribution=split,
        closed=frozenset().union(
            *(data.closed_sources(data.descriptor(one.root)) for one in sides)
        ),
    )


def _notes(sides: tuple[Side, Side], root: Path) -> list[str]:
    found = []
    for one in sides:
        changed = sources.changed(one.root, one.manifest)
        if changed:
            named = "、".join(changed[:3]) + ("など" if len(changed) > 3 else "")
            found.append(
                f"{one.name} を作ったあとで変わったファイルが{len(changed)}個あります（{named}）。"
                f"`minato report {one.name}` で作り直すか、--a、--b で元のファイルを指定してください。"
            )
        noted = sources.ledger_note(root, one.name, one.manifest_sha256)
        found += [noted] if noted else []
    return found


def _attributed(
    sides: tuple[Side, Side], scratch: Path, root: Path, options: Options
) -> Attribution:
    tell = options.tell or (lambda _: None)
    run = options.run or _runner(sides, scratch, root, options.environment, tell)
    return attribution.attribute(*sides, run, environment=options.environment, tell=tell)


def _runner(sides: tuple[Side, Side], scratch: Path, root: Path, apart: bool, tell: Tell) -> Runner:
    """Return what runs a combination, each environment made when it is first needed."""
    made: dict[str, str] = {}

    def python(side: Side, which: str) -> str:
        if not apart or environment.same(side.root, root):
            return sys.executable
        if which not in made:
            tell(f"{side.name} の環境を作っています（ライブラリの取得に数分かかります）")
            made[which] = environment.build(side.root, scratch / f"venv-{which}")
        return made[which]

    def run(recipe: Recipe) -> Mapping[str, Fact]:
        side = sides[recipe.environment == "after"]
        return rerun.run(recipe, python(side, recipe.environment))

    return run
