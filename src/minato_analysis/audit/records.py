"""The two records of an edition, made together: in go its files, out come manifest and crate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from minato_analysis.audit import crate, manifest


def make(
    root: Path,
    edition: Mapping[str, Any],
    descriptor: Mapping[str, Any],
    *,
    package: Iterable[Path],
    uses: Mapping[str, Iterable[Path]],
    products: Iterable[Path],
    crate_file: Path,
) -> tuple[str, str]:
    """Return the texts of manifest and crate; the manifest lists the crate by its hash.

    Parameters
    ----------
    root, edition, package, uses, products
        See :func:`minato_analysis.audit.manifest.dumps`.
    descriptor : mapping
        The data package descriptor.
    crate_file : Path
        Where the crate will lie; its text is hashed, not read from there.
    """
    package, products = list(package), list(products)
    lists = manifest.file_lists(root, edition, package=package)
    content = manifest.contents(root, lists)
    name = str(edition["edition"])
    content["product"] = {f"reports/{name}/{one.name}": one.read_bytes() for one in products}
    hashes = {
        stage: {path: manifest.sha256(text) for path, text in files.items()}
        for stage, files in content.items()
    }
    described = crate.dumps(
        edition, hashes, descriptor=descriptor, version=version("minato-analysis")
    )
    content["product"][f"reports/{name}/{crate_file.name}"] = described.encode()
    relative = {
        notebook: [file.relative_to(root).as_posix() for file in files]
        for notebook, files in uses.items()
    }
    return manifest.dumps(edition, content, relative), described
