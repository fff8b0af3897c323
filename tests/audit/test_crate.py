"""The crate is a Process Run Crate, by the validator, without a network."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

import pytest

from minato_analysis.published import crate, manifest

services = pytest.importorskip("rocrate_validator.services")


class Context:
    """The JSON-LD context of RO-Crate as the library rocrate carries it, in place of the network."""

    status_code = 200
    ok = True
    headers: ClassVar = {"Content-Type": "application/ld+json"}
    text = resources.files("rocrate").joinpath("data/ro-crate.jsonld").read_text(encoding="utf-8")
    content = text.encode()

    def json(self) -> Any:
        return json.loads(self.text)


@pytest.fixture
def validate(monkeypatch: pytest.MonkeyPatch) -> Any:
    from rocrate_validator.models import Severity, ValidationSettings
    from rocrate_validator.utils.http import HttpRequester

    def get(self: Any, url: str, **_: Any) -> Context:
        assert url.startswith("https://w3id.org/ro/crate/"), f"the validator asks for {url}"
        return Context()

    monkeypatch.setattr(type(HttpRequester()), "get", get, raising=False)

    def run(folder: Path) -> list[str]:
        settings = ValidationSettings(
            rocrate_uri=str(folder),
            profile_identifier="process-run-crate",
            requirement_severity=Severity.REQUIRED,
            skip_availability_check=True,
        )
        result = services.validate(settings)
        return [f"{one.check.identifier} {one.message}" for one in result.get_issues()]

    return run


def test_the_validator_accepts_the_crate(edition: Path, validate: Any) -> None:
    assert validate(edition / "reports/2024") == []


@pytest.mark.parametrize(
    ("id", "key"), [("#build", "instrument"), ("./", "license"), ("./", "datePublished")]
)
def test_the_validator_would_not_accept_anything(
    edition: Path, tmp_path: Path, validate: Any, id: str, key: str
) -> None:
    folder = tmp_path / "crate"
    shutil.copytree(edition / "reports/2024", folder)
    file = folder / manifest.CRATE
    form = json.loads(file.read_text(encoding="utf-8"))
    del next(one for one in form["@graph"] if one["@id"] == id)[key]
    file.write_text(json.dumps(form), encoding="utf-8")
    assert validate(folder) != []


def test_the_crate_says_the_same_as_the_manifest(edition: Path) -> None:
    record = manifest.load(edition, "2024")
    told = crate.recorded((edition / "reports/2024" / manifest.CRATE).read_text(encoding="utf-8"))
    stages = {one.name: one.files for one in record.stages}
    own = f"reports/2024/{manifest.CRATE}"
    expected = {
        path: sha
        for name, files in stages.items()
        if name != "data"
        for path, sha in files.items()
        if path != own
    }
    assert told == expected
