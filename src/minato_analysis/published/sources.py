"""From a folder or a commit to the files an edition was made from.

In: the project folder, the name of an edition, and where its files are: a folder, a commit, or nothing. Out:
a :class:`Source`. Without a word of the user an edition's files are those of the commit that last changed its
manifest, where git knows it and they are not the ones at hand; else the project folder itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from minato_analysis.project import earlier, program
from minato_analysis.published import hermetic, history, ledger, manifest
from minato_analysis.published.errors import DifferenceError

UNNEEDED = ("tests/", "docs/", "benchmarks/")
"""What of a commit is not taken out: no edition is made from it."""


@dataclass(frozen=True)
class Source:
    """Where the files of an edition are, and in which words that is told."""

    root: Path
    told: str


def resolve(root: Path, edition: str, given: str | None, scratch: Path) -> Source:
    """Return the files of an edition.

    Parameters
    ----------
    root : Path
        The project folder.
    edition : str
    given : str or None
        A folder, a commit, or None for the rule of the module docstring.
    scratch : Path
        Where a commit's files are put; a folder that need not exist.

    Raises
    ------
    DifferenceError
        ``E7-SOURCE``: neither a folder with an edition of this name nor a commit that holds one.
    """
    if given is not None:
        folder = Path(given).expanduser()
        if folder.is_dir():
            if not (folder / "reports" / edition).is_dir():
                raise DifferenceError(
                    f"E7-SOURCE {given}: このフォルダーに reports/{edition}/ がありません。"
                    "版を作ったプロジェクトのフォルダーを指定してください。"
                )
            return Source(folder.resolve(), "指定したフォルダー")
        return take_out(root, edition, given, scratch)
    if _at_hand(root, edition):
        return Source(root, "手元のファイル（版の記録と一致）")
    known = history.commit(root, edition).split(" ")[0]
    if known:
        return take_out(root, edition, known, scratch)
    return Source(root, "手元のファイル")


def _at_hand(root: Path, edition: str) -> bool:
    """Whether everything the edition was made from is there unchanged."""
    try:
        record = manifest.load(root, edition)
    except (OSError, manifest.ManifestError):
        return False
    return not changed(root, record)


def changed(root: Path, record: manifest.Manifest) -> list[str]:
    """Return the written files that are no longer those an edition was made from, added ones included."""
    listed = {
        path: sha
        for stage in record.stages
        if stage.name in manifest.SOURCES
        for path, sha in stage.files.items()
        if path not in manifest.GENERATED
    }
    gone = [
        path
        for path, sha in listed.items()
        if not (file := program.at(root, path)).is_file()
        or manifest.sha256(file.read_bytes()) != sha
    ]
    added = [
        path
        for file in manifest.source_files(root)
        if (path := program.name_of(root, file)) not in listed
    ]
    return sorted([*gone, *added])


def ledger_note(root: Path, edition: str, manifest_sha256: str) -> str:
    """Return a sentence where the ledger names another manifest for the edition; empty otherwise."""
    lines = [one for one in ledger.parse(ledger.read(root)) if one.edition == edition]
    if not lines or lines[-1].manifest == manifest_sha256:
        return ""
    return (
        f"{ledger.FILE} の{lines[-1].number}行目は、{edition} に別の記録を載せています。"
        f"`minato verify --quick {edition}` で確かめてください。"
    )


def take_out(root: Path, edition: str, name: str, scratch: Path) -> Source:
    """Put the files of a commit into `scratch`: all an edition is made from, and the edition.

    Raises
    ------
    DifferenceError
        ``E7-SOURCE``: not a commit, or one that does not hold the edition.
    """
    found = history.git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
    )
    if not found:
        raise DifferenceError(
            f"E7-SOURCE {name}: フォルダーでもコミットでもありません。"
            f"`git log --oneline -- reports/{edition}/manifest.json` で版のコミットを確かめてください。"
        )
    commit = found.decode().strip()
    listed = (history.git(root, "ls-tree", "-r", "-z", commit) or b"").decode().split("\0")
    entries = [(*about.split(), path) for about, _, path in (one.partition("\t") for one in listed)]
    # Links are left out: what they lead to lies outside the commit.
    wanted = {
        path: git_name
        for mode, _, git_name, path in entries[:-1]
        if mode.startswith("100") and _wanted(path, edition)
    }
    found_here = history.contents(root, wanted.values())
    if not wanted or len(found_here) < len({*wanted.values()}):
        raise DifferenceError(f"E7-SOURCE {name}: このコミットからファイルを取り出せません。")
    for path, git_name in wanted.items():
        (scratch / path).parent.mkdir(parents=True, exist_ok=True)
        (scratch / path).write_bytes(found_here[git_name])
    if not (scratch / "reports" / edition / manifest.FILE).is_file():
        raise DifferenceError(
            f"E7-SOURCE {name}: このコミットには reports/{edition}/{manifest.FILE} がありません。"
            f"`git log --oneline -- reports/{edition}/manifest.json` で版のコミットを確かめてください。"
        )
    hermetic.put_closed(root, scratch)
    return Source(scratch, f"コミット {commit[:12]}")


def _wanted(path: str, edition: str) -> bool:
    """Whether a file of a commit is needed: of other editions only what a later one reads."""
    if not path.startswith("reports/"):
        return not path.startswith(UNNEEDED)
    return path.startswith(f"reports/{edition}/") or path.endswith(
        (earlier.ARCHIVE, earlier.PARAMETERS)
    )
