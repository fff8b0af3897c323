"""`minato check`: the ladder on the true data and on damaged copies."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from minato_analysis import cli, data
from minato_analysis.drafts import ladder

T3_08 = "data/published/minato-plan-draft-2024-12/t3-08.csv"
KNOWN = "data/known_discrepancies.yaml"


def change(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    data.seal(folder)


def check(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setenv("MINATO_ROOT", str(folder))
    result = CliRunner().invoke(cli.app, ["check"])
    return result.exit_code, result.output


def test_true_data_climb_all_rungs_and_print_the_reason(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ladder.climb(repository)
    assert [one.name for one in steps] == [
        "形式",
        "恒等式",
        "もっともらしさ",
        "訂正と定義",
        "小さな数",
        "転記の記録",
        "発行者",
    ]
    assert not any(one.errors for one in steps)
    code, output = check(repository, monkeypatch)
    assert code == 0
    assert "注意 E2-453" in output
    assert "照会が必要" in output


def test_a_cell_that_cannot_be_read_ends_the_climb(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(scratch, T3_08, '"17,143"', '"17,14"')
    code, output = check(scratch, monkeypatch)
    assert code == 1
    assert "E1-NUMBER-SEPARATOR" in output
    assert "2 恒等式" not in output


def test_a_broken_identity_stops_and_the_next_rung_is_still_reported(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(scratch, T3_08, '"17,143"', '"17,413"')
    code, output = check(scratch, monkeypatch)
    assert code == 1
    assert "誤り E2-204" in output
    assert "3 もっともらしさ" in output


def test_a_warning_without_a_reason_stops_and_says_how_to_record_one(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scratch / KNOWN).write_text("[]\n", encoding="utf-8")
    code, output = check(scratch, monkeypatch)
    assert code == 1
    assert "data/known_discrepancies.yaml に次の形で理由を書くと注意になります" in output
    line = next(line for line in output.splitlines() if "E2-453" in line)
    entry = line[line.index("- {plausibility") :].replace("…", "照会中")
    (scratch / KNOWN).write_text(entry + "\n", encoding="utf-8")
    code, output = check(scratch, monkeypatch)
    assert code == 0
    assert "理由: 照会中" in output


def test_a_reason_outlived_by_a_correction_stops(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(
        scratch,
        T3_08,
        '"1,087","2,591",437,16.0%,40.2%',
        '"1,087","2,591",287,16.0%,26.4%',
    )
    code, output = check(scratch, monkeypatch)
    assert code == 1
    assert "E2-EXPECT" in output
    assert "この項目を削除してください" in output


def test_what_only_the_publisher_knows_is_listed_as_open(scratch: Path) -> None:
    (scratch / "publisher.yaml").write_text('publisher: "A会"\nofficial: false\n', encoding="utf-8")
    said = ladder.climb(scratch)[-1].summary
    assert said.startswith("公開前に決めることが5つあります")
    assert "contact（連絡先）" in said
    assert "publisher（発行者）" not in said
    (scratch / "publisher.yaml").write_text('plan: "no address"\n', encoding="utf-8")
    assert "E0-PARAMETER publisher.yaml" in ladder.climb(scratch)[-1].errors[0]
