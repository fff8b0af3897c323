"""Both loaders of YAML read every file of the project alike."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from minato_analysis.claims import checks
from minato_analysis.project import yamls


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
                yamls.parse(text, loader=loader)


def test_objects_are_refused() -> None:
    with pytest.raises(yaml.YAMLError):
        yamls.parse("!!python/object/apply:os.getcwd []")


ENTRY = "- revision: a\n  expect: {first_time: [537, 536]}\n"
SLIPS = {
    "a colon within the value": "  reason: 回答: 再集計\n",
    "a full-width colon": "  reason：再集計\n",
    "a tab": "\treason: 再集計\n",
    "a full-width space": "　reason: 再集計\n",
    "a full-width colon where YAML takes it for a text": "- 表の注\n- revision： b\n",
    "a full-width space where YAML takes it for a text": "  reason:\n　　再集計\n",
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_with_file_and_line(tmp_path: Path, slip: str) -> None:
    file = tmp_path / "data/known.yaml"
    file.parent.mkdir()
    file.write_text(ENTRY + slip, encoding="utf-8")
    with pytest.raises(yamls.SlipError, match=r"^E0-YAML data/known.yaml [34]行目: .*ください。$"):
        yamls.read(file)


def test_another_encoding_and_a_day_that_is_none_are_told(tmp_path: Path) -> None:
    file = tmp_path / "known.yaml"
    file.write_bytes((ENTRY + "  reason: 再集計\n").encode("cp932"))
    with pytest.raises(yamls.SlipError, match=r"3行目: UTF-8 の文字ではありません"):
        yamls.read(file)
    file.write_text("date: 2027-02-31\n", encoding="utf-8")
    with pytest.raises(yamls.SlipError, match=r"known\.yaml"):
        yamls.read(file)


def test_an_entry_without_its_reason_is_told_by_its_number(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    for name in ("identities.yaml", "known_discrepancies.yaml"):
        text = (repository / "data" / name).read_text(encoding="utf-8")
        (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    before = len(checks.load(tmp_path)[1])
    with (tmp_path / "data/known_discrepancies.yaml").open("a", encoding="utf-8") as stream:
        stream.write("\n" + ENTRY)
    with pytest.raises(yamls.SlipError, match=f"{before + 1}番目の項目"):
        checks.load(tmp_path)
