"""An altered library of the auditor stops the audit; it never speaks against the publisher."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from minato_analysis.audit import installed, verify


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of libraries with one distribution, as pip leaves it."""
    code = b"A = 1\n"
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/__init__.py").write_bytes(code)
    info = tmp_path / "lib-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lib\nVersion: 1.0\n", "utf-8")
    sha = base64.urlsafe_b64encode(hashlib.sha256(code).digest()).decode().rstrip("=")
    lines = f"lib/__init__.py,sha256={sha},6\nlib-1.0.dist-info/RECORD,,\n"
    (info / "RECORD").write_text(lines, encoding="utf-8")
    return tmp_path


def codes(site: Path) -> list[str]:
    installed.altered.cache_clear()
    return [one.code for one in installed.findings(site)]


def test_a_library_as_it_was_installed_is_silent(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in installed.STEERING:
        monkeypatch.delenv(name, raising=False)
    assert codes(site) == []
    monkeypatch.setenv("PYTHONSTARTUP", "/x.py")
    (site / "more.pth").write_text("import os\n", encoding="utf-8")
    (site / "sitecustomize.py").touch()
    (note,) = installed.findings(site)
    assert note.severity == "note"
    for part in ("more.pth", "sitecustomize.py", "PYTHONSTARTUP=/x.py"):
        assert part in note.message


@pytest.mark.parametrize("content", [b"A = 2\n", None])
def test_a_changed_or_missing_file_is_named(site: Path, content: bytes | None) -> None:
    file = site / "lib/__init__.py"
    file.write_bytes(content) if content else file.unlink()
    assert "E5-ENVIRONMENT" in codes(site)


def test_an_altered_library_is_2_and_nothing_is_rebuilt(
    edition: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "lib/__init__.py").write_bytes(b"A = 2\n")
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(site))
    verdict = verify.fully(edition, "2024", lambda *_: pytest.fail("rebuilt"))
    assert verdict.exit_code == 2
    assert verdict.first is not None
    assert (verdict.first.code, verdict.first.place) == ("E5-ENVIRONMENT", "lib/__init__.py")
