"""How much of each change of a headline is due to data, code, environment and parameters.

In: two editions and a function that runs one combination of their ingredients. Out: :class:`Attribution`:
for every headline its change and the parts, which sum exactly to it. What a rerun does not reproduce of the
published numbers is a part of its own, the remainder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from minato_analysis import data
from minato_analysis.data import study
from minato_analysis.difference import headlines, roles, shapley
from minato_analysis.difference.factors import FACTORS, Factor, Recipe, factors, recipe
from minato_analysis.difference.headlines import Headline
from minato_analysis.difference.rerun import CannotRun
from minato_analysis.difference.side import Side
from minato_analysis.difference.steps import exact, stepped
from minato_analysis.numbers.facts import Fact
from minato_analysis.project import editions

Runner = Callable[[Recipe], Mapping[str, Fact]]
"""Runs a combination; raises :class:`CannotRun` where it does not fit together."""

Tell = Callable[[str], None]
TOGETHER = "と"


@dataclass(frozen=True)
class Part:
    """What one group of factors contributes."""

    factors: tuple[str, ...]
    value: Fraction

    @property
    def label(self) -> str:
        """The factors by name; of several it is said that they count together."""
        names = TOGETHER.join(FACTORS[name] for name in FACTORS if name in self.factors)
        return f"{names}（あわせて）" if len(self.factors) > 1 else names


@dataclass(frozen=True)
class Attributed:
    """The change of one headline: ``sum(parts) + remainder == whole``, exactly.

    Attributes
    ----------
    headline : Headline
    before, after : Fact
        As published.
    parts : tuple of Part
    remainder : Fraction
        What reruns of both editions do not reproduce of the published values.
    """

    headline: Headline
    before: Fact
    after: Fact
    parts: tuple[Part, ...]
    remainder: Fraction

    @property
    def whole(self) -> Fraction:
        """Published value after less published value before."""
        return exact(self.after) - exact(self.before)


@dataclass(frozen=True)
class Attribution:
    """All headlines.

    Attributes
    ----------
    factors : tuple of Factor
        In what the editions differ.
    attributed : tuple of Attributed
    left_out : tuple of (Headline, str)
        Headlines that cannot be split, and why.
    impossible : tuple of (str, str)
        Combinations that do not run, in words, with what their program said.
    runs : int
        Combinations that ran.
    environment_apart : bool
        Whether the environments were exchanged too; where the locks are the same there was no need.
    """

    factors: tuple[Factor, ...]
    attributed: tuple[Attributed, ...]
    left_out: tuple[tuple[Headline, str], ...]
    impossible: tuple[tuple[str, str], ...]
    runs: int
    environment_apart: bool


Published = list[tuple[Headline, Fact, Fact]]
LeftOut = list[tuple[Headline, str]]


def published(before: Side, after: Side) -> tuple[Published, LeftOut]:
    """Return the headlines both editions have, with their values, and those only one has."""
    found: Published = []
    alone: LeftOut = []
    for one in headlines.HEADLINES:
        old, new = (side.facts.get(roles.filled(one.role, side.names)) for side in (before, after))
        if old is not None and new is not None:
            found.append((one, old, new))
        elif old is not None or new is not None:
            owner = before if old is not None else after
            alone.append((one, f"{owner.name} だけにある数値です"))
    return found, alone


def attribute(
    before: Side, after: Side, run: Runner, *, environment: bool = False, tell: Tell | None = None
) -> Attribution:
    """Split the change of every headline; forecasts that :mod:`.steps` splits in their order are left to it.

    Parameters
    ----------
    before, after : Side
    run : callable
        Runs a combination.
    environment : bool
        Exchange the environments too.
    tell : callable, optional
        Receives one line before each run.
    """
    pairs, left_out = published(before, after)
    in_order = {one.headline for one in stepped(before, after)}
    pairs = [one for one in pairs if one[0] not in in_order]
    notebooks = {fact.notebook for _, *sides in pairs for fact in sides}
    differing = tuple(factors(before, after, notebooks))
    apart = environment or all(one.name != "environment" for one in differing)
    names: list[str] = [one.name for one in differing if apart or one.name != "environment"]
    # Years without their data do not run; asked first, that saves the runs it makes useless.
    names.sort(key=lambda name: name != "window")
    kitchen = _Kitchen(before, after, run, names, notebooks, tell or (lambda _: None))
    attributed = []
    for headline, old, new in pairs if names else []:
        found = shapley.split(names, kitchen.value(headline))
        if found is None:
            left_out.append((headline, kitchen.why_not(headline)))
            continue
        whole = exact(new) - exact(old)
        parts = tuple(Part(group, value) for group, value in found.parts)
        remainder = whole - (found.end - found.start)
        attributed.append(Attributed(headline, old, new, parts, remainder))
    told = tuple((kitchen.words(taken), why) for taken, why in kitchen.failed.items())
    return Attribution(differing, tuple(attributed), tuple(left_out), told, len(kitchen.ran), apart)


class _Kitchen:
    """Runs every combination once and remembers what came of it."""

    def __init__(
        self,
        before: Side,
        after: Side,
        run: Runner,
        names: list[str],
        notebooks: set[str],
        tell: Tell,
    ) -> None:
        self._sides = (before, after)
        self._run = run
        self._names = names
        self._notebooks = notebooks
        self._tell = tell
        self.ran: dict[shapley.Factors, tuple[Mapping[str, Fact], Mapping[str, str]]] = {}
        self.failed: dict[shapley.Factors, str] = {}

    def value(self, headline: Headline) -> shapley.Value:
        """Return the function that gives the headline's value in a combination."""

        def found(taken: shapley.Factors) -> Fraction | None:
            facts, names = self._cooked(taken)
            fact = facts.get(roles.filled(headline.role, names)) if names else None
            return None if fact is None else exact(fact)

        return found

    def words(self, taken: shapley.Factors) -> str:
        """Return a combination in words: which factors are new."""
        before, after = self._sides
        new = [FACTORS[name] for name in FACTORS if name in taken]
        old = [FACTORS[name] for name in FACTORS if name in self._names and name not in taken]
        both = [(after.name, new), (before.name, old)]
        return "、".join(f"{'・'.join(labels)}は{name}" for name, labels in both if labels)

    def why_not(self, headline: Headline) -> str:
        """Return why the headline has no value at one of the ends."""
        for taken in (frozenset[str](), frozenset(self._names)):
            if taken in self.failed:
                return f"{self.words(taken)}の組み合わせが動きません: {self.failed[taken]}"
        return f"再実行した結果に {headline.role} がありません"

    def _cooked(self, taken: shapley.Factors) -> tuple[Mapping[str, Fact], Mapping[str, str]]:
        if taken not in self.ran and taken not in self.failed:
            count = len(self.ran) + len(self.failed) + 1
            self._tell(f"再実行 {count}回目: {self.words(taken)}")
            try:
                self.ran[taken] = self._cook(taken)
            except CannotRun as error:
                self.failed[taken] = str(error)
        return self.ran.get(taken, ({}, {}))

    def _cook(self, taken: shapley.Factors) -> tuple[Mapping[str, Fact], Mapping[str, str]]:
        made = recipe(*self._sides, taken, self._names, self._notebooks)
        try:
            values = editions.validate(editions.Edition, made.values, editions.FILE, strict=False)
            names = study.names(made.data, values)
        except (editions.EditionError, data.DataError) as error:
            raise CannotRun(str(error)) from None
        return self._run(made), names
