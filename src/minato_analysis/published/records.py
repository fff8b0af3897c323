"""The records of an edition: in go its files, out come manifest and crate, and the hashes of its sources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from minato_analysis.project import program, publisher
from minato_analysis.published import crate, manifest


def sources(root: Path, edition: Mapping[str, Any]) -> str:
    """Return, as JSON, hash and number of files of every stage that a person writes.

    What a page can say about its own origin: the manifest itself is made after the pages.
    """
    content = manifest.contents(root, manifest.written_files(root, edition))
    told = {
        stage: {
            "hash": manifest.stage_hash(
                {name: manifest.sha256(one) for name, one in files.items()}
            ),
            "files": len(files),
        }
        for stage, files in content.items()
    }
    return json.dumps(told, indent=1) + "\n"


def make(
    root: Path,
    edition: Mapping[str, Any],
    *,
    uses: Mapping[str, Iterable[Path]],
    generated: Iterable[Path],
    products: Iterable[Path],
) -> tuple[str, str]:
    """Return the texts of manifest and crate; the manifest lists the crate by its hash.

    Parameters
    ----------
    root : Path
        The project folder.
    edition : mapping
        The contents of ``edition.yaml``.
    uses : mapping of str to iterable of Path
        Package files each notebook uses.
    generated : iterable of Path
        Files of the stage *data*.
    products : iterable of Path
        The finished files, wherever they lie; recorded as ``reports/<edition>/<name>``, notebooks in a
        folder of their own.
    """
    lists = {
        **manifest.written_files(root, edition),
        "data": list(generated),
    }
    content = manifest.contents(root, lists)
    folder = f"reports/{edition['edition']}"
    content["product"] = {f"{folder}/{_place(one)}": one.read_bytes() for one in products}
    hashes = {
        stage: {path: manifest.sha256(text) for path, text in files.items()}
        for stage, files in content.items()
    }
    descriptor = json.loads(content["source"]["data/datapackage.json"])
    described = crate.dumps(
        edition,
        hashes,
        descriptor=descriptor,
        version=version("minato-analysis"),
        signed=publisher.load(root),
    )
    content["product"][f"{folder}/{manifest.CRATE}"] = described.encode()
    relative = {
        notebook: [program.name_of(root, file) for file in files]
        for notebook, files in uses.items()
    }
    return manifest.dumps(edition, content, relative), described


def _place(product: Path) -> str:
    beside = product.suffix == ".ipynb"
    return f"{manifest.EXECUTED}/{product.name}" if beside else product.name
