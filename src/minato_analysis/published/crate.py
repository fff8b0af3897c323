"""``ro-crate-metadata.json``: the same record as the manifest, for readers without our software.

In: the edition and the files of each stage with their hashes. Out: JSON-LD text after the profile
*Process Run Crate* 0.5 (https://w3id.org/ro/wfrun/process/0.5, RO-Crate 1.1): the build with what it read,
what it made and the program that did it, and one action a notebook. Inputs are files that lie outside the
edition's folder: described by path and SHA-256, not contained.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from minato_analysis.project.publisher import Publisher
from minato_analysis.published.manifest import CRATE, FILE, date_of, stage_hash

PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
LICENCE = "#licence"
PROGRAM = "#program"
ACTION = "#build"
TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".csv": "text/csv",
    ".yaml": "application/yaml",
    ".md": "text/markdown",
    ".ipynb": "application/x-ipynb+json",
    ".zip": "application/zip",
}


def dumps(
    edition: Mapping[str, Any],
    files: Mapping[str, Mapping[str, str]],
    *,
    descriptor: Mapping[str, Any],
    version: str,
    signed: Publisher,
) -> str:
    """Return the text of the crate.

    Parameters
    ----------
    edition : mapping
        The contents of ``edition.yaml``.
    files : mapping of stage to mapping of path to SHA-256
        The stages of the manifest, the crate itself and the manifest left out.
    descriptor : mapping
        The data package descriptor: sources, terms.
    version : str
        Version of the package.
    signed : Publisher
        Who publishes the edition.
    """
    from rocrate.model import (  # type: ignore[import-untyped] # noqa: PLC0415 - 0.2 s
        ContextEntity,
    )
    from rocrate.rocrate import ROCrate  # type: ignore[import-untyped] # noqa: PLC0415

    crate = ROCrate(version="1.1")
    date = date_of(edition)

    def add(id: str, kind: str, **properties: Any) -> Any:
        return crate.add(ContextEntity(crate, id, properties={"@type": kind, **properties}))

    profile = add(PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    terms = "; ".join(one["title"] for one in descriptor["licenses"])
    licence = add(LICENCE, "CreativeWork", name="利用条件 / terms of use", description=terms)

    def outside(path: str, sha: str, **properties: Any) -> Any:
        """Add a file of the project that lies outside the edition's folder."""
        return add(f"#{path}", "File", **{**_file(path, sha), **properties})

    inputs = [
        outside(path, files[stage][path])
        for stage in ("source", "parameters")
        for path in sorted(files[stage])
    ]
    requirements = [
        add(f"#{path}", "CreativeWork", **_file(path, files["environment"][path]))
        for path in sorted(files["environment"])
    ]
    code = [
        add(f"#{path}", "CreativeWork", **_file(path, files["code"][path]))
        for path in sorted(files["code"])
        if not _notebook(path)
    ]
    notebooks = {
        path.rsplit("/", 1)[-1].removesuffix(".ipynb"): outside(
            path, files["code"][path], **{"@type": ["File", "SoftwareSourceCode"]}
        )
        for path in sorted(files["code"])
        if _notebook(path)
    }
    program = add(
        PROGRAM,
        "SoftwareApplication",
        name="minato-analysis",
        softwareVersion=version,
        identifier=f"sha256:{stage_hash(files['code'])}",
        description="`minato report` runs the notebooks and renders the pages.",
    )
    program["softwareRequirements"] = requirements
    program["hasPart"] = [*code, *notebooks.values()]
    results = [
        crate.add_file(dest_path=path.split("/", 2)[-1], properties=_file(path, sha))
        for path, sha in sorted(files["product"].items())
    ]
    record = crate.add_file(
        dest_path=FILE,
        properties={"name": FILE, "encodingFormat": "application/json", "description": _CHAIN},
    )
    action = add(
        ACTION,
        "CreateAction",
        name=f"{edition['title']}の作成 / build of edition {edition['edition']}",
        description="公表された表からの再計算と報告書の作成 / tables read, notebooks run, pages rendered",
        endTime=date,
        actionStatus="http://schema.org/CompletedActionStatus",
    )
    action["instrument"] = program
    action["object"] = inputs
    action["result"] = [*results, record]
    actions = [action]
    for name, notebook in notebooks.items():
        made = [one for one in results if one["name"].endswith((f"/{name}.html", f"/{name}.ipynb"))]
        one = add(
            f"#run-{name}",
            "CreateAction",
            name=f"{name} の実行 / run of {name}",
            endTime=date,
            actionStatus="http://schema.org/CompletedActionStatus",
        )
        one["instrument"], one["object"], one["result"] = notebook, inputs, made
        actions.append(one)
    documents = [
        add(
            f"#{id}",
            "CreativeWork",
            name=one["title"],
            description=one.get("note", ""),
            creator=one["publisher"],
            dateCreated=one["date"],
        )
        for id, one in descriptor["source_documents"].items()
    ]
    root = crate.root_dataset
    root["name"] = f"{edition['title']} / edition {edition['edition']}"
    root["description"] = str(edition["subject"])
    root["datePublished"] = date
    root["license"] = licence
    root["conformsTo"] = profile
    root["mentions"] = actions
    if signed.publisher:
        who = add("#publisher", "Organization", name=signed.publisher)
        root["author"] = root["publisher"] = action["agent"] = who
    if signed.doi:
        root["identifier"] = f"https://doi.org/{signed.doi}"
    if documents:
        root["isBasedOn"] = documents if len(documents) > 1 else documents[0]
    return ordered(crate.metadata.generate())


def _notebook(path: str) -> bool:
    return path.startswith("notebooks/") and path.endswith(".ipynb")


_CHAIN = "SHA-256 of every file of the edition and the chain from sources to pages"


def _file(path: str, sha: str) -> dict[str, str]:
    suffix = path[path.rfind(".") :]
    return {
        "name": path,
        "sha256": sha,
        "encodingFormat": TYPES.get(suffix, "text/plain"),
    }


def ordered(form: Mapping[str, Any]) -> str:
    """Return the JSON text with the entities sorted, so that equal crates are equal bytes."""
    graph = sorted(form["@graph"], key=lambda one: (one["@id"] not in {CRATE, "./"}, one["@id"]))
    ordered = {"@context": form["@context"], "@graph": graph}
    return json.dumps(ordered, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def recorded(text: str) -> dict[str, str]:
    """Return the SHA-256 of every file a crate describes, by path in the project.

    Raises
    ------
    ValueError, KeyError
        Not a crate.
    """
    entities: Iterable[Mapping[str, Any]] = json.loads(text)["@graph"]
    return {one["name"]: one["sha256"] for one in entities if "sha256" in one}
