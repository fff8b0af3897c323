"""How far a fact may differ between two machines: ``data/tolerances.yaml``."""

from __future__ import annotations

from pathlib import Path

FILE = "data/tolerances.yaml"


def tolerances(root: Path) -> list[tuple[str, float]]:
    """Return the declared tolerances: pattern of fact ids and largest difference, in the fact's unit.

    Without a declaration two values are equal when they are printed alike.
    """
    file = root / FILE
    if not file.is_file():
        return []
    import yaml  # noqa: PLC0415 - 0.03 s

    entries = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    return [(str(one["fact"]), float(one["tolerance"])) for one in entries]
