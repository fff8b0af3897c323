"""Generated files of the repository are what their sources give."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from minato_analysis import data
from minato_analysis.published import repository as generated

EVERY_LOCK = (
    "requirements.lock",
    "requirements-docs.lock",
    "requirements-lab.lock",
    "requirements-test.lock",
    "requirements-installer.lock",
)
LOCKS = ("requirements.lock", "requirements-lab.lock")


def test_environment_yml_has_the_pins_of_the_locks(live: Path) -> None:
    text = (live / "environment.yml").read_text(encoding="utf-8")
    locks = [(live / name).read_text(encoding="utf-8") for name in LOCKS]
    assert text == generated.conda_environment(locks)
    python, pip, packages = yaml.safe_load(text)["dependencies"]
    assert python == f"python={generated.CONDA_PYTHON}"
    assert pip == "pip"
    pinned = {one.name: str(one.specifier) for one in map(Requirement, packages["pip"])}
    # Read the locks a second way: every line that is not a hash or a continuation of hashes.
    for lock in locks:
        for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", lock, re.M):
            assert pinned[name] == f"=={version}"
    for wanted in ("jupyterlab", "pandas", "statsmodels", "seaborn", "papermill", "nbconvert"):
        assert wanted in pinned


def test_locks_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="a: 1 and 2"):
        generated.conda_environment(["a==1 \\\n", "a==2 \\\n"])


def test_a_package_needed_everywhere_by_one_lock_loses_its_marker() -> None:
    text = generated.conda_environment(["a==1 ; sys_platform == 'win32' \\\n", "a==1 \\\n"])
    assert '"a==1"' in text


def test_locks_are_hashed_and_name_no_host(live: Path) -> None:
    for name in EVERY_LOCK:
        text = (live / name).read_text(encoding="utf-8")
        for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
            assert "--hash=sha256:" in block, block.splitlines()[0]
        assert not re.search(r"https?:|index-url|find-links|trusted-host", text)


def test_data_readme_is_generated_from_the_descriptor(complete: Path) -> None:
    package, definitions = data.descriptor(complete), data.definitions(complete)
    text = (complete / "data/README.md").read_text(encoding="utf-8")
    assert text == generated.data_readme(package, definitions)
    for one in (*data.published(package), *package["missing"]):
        assert one["title"] in text


def test_a_lock_for_tests_has_the_pins_of_the_lock_for_reports(live: Path) -> None:
    small, large = (
        generated.pins((live / name).read_text(encoding="utf-8"))
        for name in ("requirements.lock", "requirements-test.lock")
    )
    assert len(small) > 100
    assert {name: large[name][0] for name in small} == {name: one[0] for name, one in small.items()}


def test_the_citation_says_what_the_publisher_said_and_nothing_else(live: Path) -> None:
    about = tomllib.loads((live / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = yaml.safe_load((live / generated.FILE).read_text(encoding="utf-8"))
    text = (live / "CITATION.cff").read_text(encoding="utf-8")
    assert text == generated.citation(about, said)
    full = {**said, "publisher": "発行者", "doi": "10.1/x", "repository": "somewhere"}
    cited = yaml.safe_load(generated.citation(about, full))
    assert cited["authors"] == [{"name": "発行者"}]
    assert (cited["doi"], cited["repository-code"]) == ("10.1/x", "somewhere")
    assert cited["version"] == about["version"]
    nothing = yaml.safe_load(generated.citation(about, dict.fromkeys(said, "")))
    assert not nothing.keys() & {"doi", "repository-code", "url"}
