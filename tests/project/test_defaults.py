"""The parameters cell of a notebook is shown and run with the values of the project."""

from __future__ import annotations

from typing import Any

from minato_analysis.project.defaults import with_parameters


def test_the_parameters_cell_is_written_with_values_never_with_code() -> None:
    cell = {
        "cell_type": "code",
        "metadata": {"tags": ["parameters"]},
        "source": ['name: str = "a"  # whose it is\n', "n = 1"],
    }
    hostile = '"; import os; os.remove("x")\n'
    made = with_parameters({"cells": [cell]}, {"name": hostile, "n": 2})
    lines = made["cells"][0]["source"]
    assert lines[0].startswith("name: str = ")
    assert lines[0].endswith("  # whose it is\n")
    namespace: dict[str, Any] = {}
    exec("".join(lines), namespace)  # nothing but two assignments
    assert (namespace["name"], namespace["n"]) == (hostile, 2)
