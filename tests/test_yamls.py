"""Both loaders of YAML read every file of the project alike."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from minato_analysis import yamls


def test_every_file_is_read_as_by_the_loader_in_python(repository: Path) -> None:
    folders = ("data", "notebooks", "reports", "tests")
    files = [one for name in folders for one in (repository / name).rglob("*.yaml")]
    assert len(files) > 10
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert yamls.parse(text) == yaml.safe_load(text), file.name


def test_references_that_grow_without_bound_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    for text in ("\n".join(lines), "a: &a [*a]"):
        for loader in (yamls.LOADER, yaml.BaseLoader):
            with pytest.raises(yaml.YAMLError, match=r"参照|recursive"):
                yamls.parse(text, loader)


def test_objects_are_refused() -> None:
    with pytest.raises(yaml.YAMLError):
        yamls.parse("!!python/object/apply:os.getcwd []")
