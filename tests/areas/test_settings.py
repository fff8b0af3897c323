"""Settings stand beside the table; nothing has to be set, and nothing unknown is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.areas import world

from minato_analysis.areas import command, settings
from minato_analysis.areas.errors import AreasError
from minato_analysis.project.editions import EditionError


def test_without_a_file_the_run_is_named_after_the_table(tmp_path: Path) -> None:
    found = settings.load(tmp_path / "kanto.csv")
    assert (found.name, found.target, found.target_tenths) == ("kanto", None, None)


def test_values_are_read_as_typed(tmp_path: Path) -> None:
    (tmp_path / "kanto.yaml").write_text("target: 46.2\ntarget_year: 2029\ntitle: 題\n", "utf-8")
    found = settings.load(tmp_path / "kanto.csv")
    assert (found.target_tenths, found.target_year, found.title) == (462, 2029, "題")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("targt: 46.2\n", "「target」のことですか"),
        ("target: 46.25\n", "小数第一位"),
        ("target: 146.2\n", "target"),
        ("target_year: soon\n", "target_year"),
    ],
)
def test_unknown_names_and_wrong_values_are_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "kanto.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EditionError, match=words) as error:
        settings.load(tmp_path / "kanto.csv")
    assert str(error.value).startswith("E0-PARAMETER kanto.yaml")


def test_a_list_is_not_settings(tmp_path: Path) -> None:
    (tmp_path / "kanto.yaml").write_text("- a\n", encoding="utf-8")
    with pytest.raises(AreasError, match="E8-SETTINGS"):
        settings.load(tmp_path / "kanto.csv")


def test_a_target_year_must_come_after_the_table(project: Path, tmp_path: Path) -> None:
    table = world.table(tmp_path, *world.rows("90001", (100, 40), (100, 45)))
    table.with_suffix(".yaml").write_text("target_year: 2021\n", encoding="utf-8")
    with pytest.raises(AreasError, match=r"E8-SETTINGS areas\.yaml: target_year（2021年）"):
        command.report(project, table)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'title:\t"a\n', "タブは使えません"),
        ("title: 題\n".encode("cp932"), "UTF-8 ではありません"),
        (b"title: &a x\nsubject: *a\n", "参照"),
        (b"title: [\n", "E8-SETTINGS kanto.yaml 2行目"),
    ],
)
def test_a_file_that_is_no_yaml_is_told_in_a_sentence(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "kanto.yaml").write_bytes(content)
    with pytest.raises(AreasError, match=words) as error:
        settings.load(tmp_path / "kanto.csv")
    assert str(error.value).startswith("E8-SETTINGS kanto.yaml")
    assert "\n" not in str(error.value)
