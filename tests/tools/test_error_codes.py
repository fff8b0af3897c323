"""docs/errors.md lists every code of the package with its message."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def tool(live: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location("error_codes", live / "tools/error_codes.py")
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_page_is_what_the_code_says(tool: ModuleType) -> None:
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), (
        "write it anew: .venv/bin/python tools/error_codes.py"
    )


def test_a_sentence_is_found_however_it_is_given(tool: ModuleType) -> None:
    code = '''
raise Wrong(f"E1-ONE {file}: 一つ目")
raise Wrong("E1-TWO", f"二つ目{x}", row)
WORDS = {"E1-THREE": "三つ目"}
"""E1-FOUR is only spoken of."""
'''
    found = {one: line for one, line in tool.messages(code) if line}
    assert found == {"E1-ONE": "…: 一つ目", "E1-TWO": "二つ目…", "E1-THREE": "三つ目"}


def test_every_stage_has_a_heading(tool: ModuleType) -> None:
    codes = {one[:2] for one in tool.CODE.findall(tool.page())}
    assert codes <= set(tool.STAGES)
    assert len(codes) >= 8
