"""The tidy tables: published tables in, texts of ``data/tidy/`` out, or what does not agree."""

from __future__ import annotations

from pathlib import Path

from minato_analysis import data
from minato_analysis.claims import checks, plausibility
from minato_analysis.data import revisions


def texts(root: Path) -> dict[Path, str]:
    """Read every published table, hold it against the others and its own past, return what was read.

    Raises
    ------
    DataError, CleaningError, UnexplainedRevision
        The first step that does not hold.
    """
    rows = data.read_published(root)
    frame, files = revisions.current(data.frame(rows)), data.files(root)
    declared, known = checks.load(root)
    revisions.enforce(revisions.evaluate(data.frame(rows), known), files)
    results = checks.evaluate(frame, declared, known)
    checks.enforce(results, files)
    plausibility.enforce(plausibility.evaluate(frame, plausibility.load(root), known), files)
    public = checks.without(results, data.closed_sources(data.descriptor(root)))
    return data.tidy(rows, root) | {root / checks.IDENTITIES: checks.dumps(public)}
