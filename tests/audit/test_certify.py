"""A second person's certificate: only for a confirmed edition, with every answer as it was given."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from minato_analysis.audit import certify, verify
from minato_analysis.cli import app
from minato_analysis.published.hermetic import Built


def answered(root: Path, to: Path, keys: str) -> tuple[int, str]:
    asked = ["certify", "2024", "--as", "確認 <太郎>", "--on", "2026-12-01", "--to", str(to)]
    result = CliRunner(env={"MINATO_ROOT": str(root)}).invoke(app, asked, input="\n".join(keys))
    return result.exit_code, result.output


@pytest.fixture
def rebuilt(edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The edition, whose rebuild was made already."""
    built = lambda root, target, name: Built(edition, "")  # noqa: E731
    full = verify.fully
    monkeypatch.setattr(verify, "fully", lambda root, name: full(root, name, built))
    return edition


def test_the_certificate_says_what_the_machine_and_the_person_said(
    rebuilt: Path, tmp_path: Path
) -> None:
    code, text = answered(rebuilt, tmp_path / "c", "123123")
    assert code == 0, text
    form = yaml.safe_load((tmp_path / "c/codecheck.yml").read_text(encoding="utf-8"))
    assert form["version"].startswith("https://codecheck.org.uk/spec/config/")
    assert form["codechecker"] == [{"name": "確認 <太郎>"}]
    assert list(form["questions"].values()) == [*certify.ANSWERS, *certify.ANSWERS]
    page = (tmp_path / "c/certificate.html").read_text(encoding="utf-8")
    assert "確認 &lt;太郎&gt;" in page
    assert "確認済み（同一）" in page
    assert page.count("<td>いいえ</td>") == 2
    assert "確かめていない" in page
    assert "<script" not in page


def test_what_is_not_confirmed_gets_no_certificate(
    rebuilt: Path, copied: Path, tmp_path: Path
) -> None:
    (copied / "reports/2024/index.html").unlink()
    code, _ = answered(copied, tmp_path / "c", "111111")
    assert (code, (tmp_path / "c").exists()) == (1, False)


def test_a_question_without_an_answer_makes_no_certificate(rebuilt: Path, tmp_path: Path) -> None:
    code, _ = answered(rebuilt, tmp_path / "c", "11")
    assert (code, (tmp_path / "c").exists()) == (1, False)


def test_the_words_of_the_world_bank_follow_the_verdict(edition: Path, copied: Path) -> None:
    page = copied / "reports/2024/index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("。", "、", 1), encoding="utf-8")
    same = verify.fully(edition, "2024", lambda *_: Built(edition, ""))
    other = verify.fully(copied, "2024", lambda *_: Built(edition, ""))
    stopped = verify.fully(edition, "2024", lambda *_: Built(edition, "E3-KERNEL"))
    assert [list(certify.world_bank(one).values()) for one in (same, other, stopped)] == [
        [True, True, True],
        [True, False, False],
        [False, False, False],
    ]
