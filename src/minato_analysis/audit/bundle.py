"""One folder an archive can keep: a BagIt bag of everything an edition is made from and everything made.

In: the project folder and a published edition. Out: a bag after RFC 8493 with SHA-512, and a plain text that
says where to start. The same edition gives the same bytes.

What goes in is what the edition's record lists and a fixed list of the project's own files; nothing that is
set aside because it must not be published (:data:`~minato_analysis.published.manifest.ASIDE`), whether
version control knows it or not.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from minato_analysis.audit import libraries, quick, verify_min, workbook
from minato_analysis.project import earlier, program
from minato_analysis.published import history, ledger, manifest, strays
from minato_analysis.published.manifest import Manifest
from minato_analysis.published.publish import exchange

START = "00_はじめに_START-HERE.txt"
ALGORITHM = "sha512"
SMALL = Path(verify_min.__file__)
"""The verifier that needs nothing installed."""

WORKBOOK = "audit.xlsx"

AGENT = "minato-analysis (minato bundle)"

OWN = (
    ".ci",
    ".devcontainer",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.ja.md",
    "README.md",
    "SECURITY.md",
    "benchmarks",
    "docs",
    "environment.yml",
    "notebooks",
    "postBuild",
    "publisher.yaml",
    program.PIN,
    "pyproject.toml",
    "requirements-docs.lock",
    "requirements-installer.lock",
    "requirements-lab.lock",
    "requirements-test.lock",
    "requirements.lock",
    "src",
    "tests",
    "tools",
)
"""What of the project goes into every bag, besides the files of the edition's record."""

_CACHES = ("__pycache__", ".egg-info")


class NotBundled(RuntimeError):
    """An edition that cannot be archived as it is."""

    exit_code = 1


class NotWritten(NotBundled):
    """A disk that refuses: nothing is said of the edition."""

    exit_code = 2


def bundle(
    root: Path,
    name: str,
    target: Path,
    *,
    with_libraries: bool = False,
    every_machine: bool = False,
    wheelhouse: Path | None = None,
) -> Path:
    """Write the bag of an edition and return its folder.

    The bag is made ready beside, under a hidden name, and takes its place in one step: whatever stops the
    command, the bag that was there before stays whole.

    Parameters
    ----------
    root : Path
        The project folder.
    name : str
        The edition; it must agree with its own record.
    target : Path
        Folder of the bag. A bag of this program, complete and unchanged, is replaced; anything else is left.
    with_libraries : bool
        Add the libraries for this machine; see :mod:`minato_analysis.audit.libraries`.
    every_machine : bool
        Add them for every kind of machine the locks hold for: some gigabytes.
    wheelhouse : Path, optional
        Where they are; without it they are fetched.

    Raises
    ------
    NotBundled
        ``E5-BUNDLE``: the edition differs from its record, the folder holds something else, or the bag
        cannot be written.
    NoLibraries
        ``E5-LIBRARIES``.
    """
    found, record = quick.check(root, name)
    wrong = [one for one in found if one.severity != "note"]
    if wrong or record is None:
        raise NotBundled(
            f"E5-BUNDLE {wrong[0].code} {wrong[0].place}: {wrong[0].message}"
            "記録と合わない版は保存用にまとめられません。"
        )
    payload = _payload(root, name, record)
    size = sum(program.at(root, path).stat().st_size for path in payload)
    about = start_here(record, name)
    tags: dict[str, str | bytes] = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": _info(record, name, size, len(payload)),
        START: about,
        SMALL.name: SMALL.read_bytes(),
        WORKBOOK: workbook.content(root, name),
    }
    if not with_libraries:
        return write(root, payload, tags, target)
    with tempfile.TemporaryDirectory(prefix="minato-libraries-") as folder:
        files = libraries.gather(root, Path(folder), wheelhouse, every=every_machine)
        beside = {f"{libraries.FOLDER}/{file.name}": file for file in files}
        tags[START] = about + libraries.start(every_machine)
        return write(root, payload, tags, target, beside)


def write(
    root: Path,
    payload: Iterable[str],
    tags: Mapping[str, str | bytes],
    target: Path,
    files: Mapping[str, Path] | None = None,
) -> Path:
    """Write a bag of the payload, and beside it the given texts and files; see :func:`bundle`."""
    target = target.absolute()
    beside, before = (
        target.with_name(f".{target.name}.minato-bundle-{one}") for one in ("new", "old")
    )
    if before.is_dir() and not target.exists():
        before.rename(target)
    if os.path.lexists(target) and not _is_ours(target):
        raise NotBundled(
            f"E5-BUNDLE {target}: minato bundle が作ったままのものではないので、置き換えません。"
            "まず中身を確かめ、別の場所を --to で指定するか、要らなければご自分で消してください。"
        )
    try:
        _fill(root, payload, tags, files or {}, beside)
        if not target.exists():
            beside.rename(target)
        elif not exchange(beside, target):
            shutil.rmtree(before, ignore_errors=True)
            target.rename(before)
            beside.rename(target)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as error:
        raise NotWritten(
            f"E5-BUNDLE {target}: 書き込めませんでした（{error.strerror or error}）。"
            "前の保存用フォルダーがあれば、そのまま残っています。"
            "まず空き容量と書き込みの権限を確かめ、もう一度実行してください。"
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def _fill(
    root: Path,
    payload: Iterable[str],
    tags: Mapping[str, str | bytes],
    files: Mapping[str, Path],
    folder: Path,
) -> None:
    """Write a bag into a new folder; what a killed run left there is discarded."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    copied = {f"data/{one}": program.at(root, one) for one in payload} | dict(files)
    for path, file in copied.items():
        there = folder / path
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, there)
    texts = {**tags, f"manifest-{ALGORITHM}.txt": _sums(folder, [f"data/{one}" for one in payload])}
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    sums = _sums(folder, [*texts, *files])
    (folder / f"tagmanifest-{ALGORITHM}.txt").write_text(sums, encoding="utf-8", newline="\n")


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder is a bag this program made, holding exactly what its manifests list."""
    listed: dict[str, str] = {}
    try:
        about = (folder / "bag-info.txt").read_text(encoding="utf-8").splitlines()
        if f"Bag-Software-Agent: {AGENT}" not in about:
            return False
        for name in ("manifest", "tagmanifest"):
            sums = (folder / f"{name}-{ALGORITHM}.txt").read_text(encoding="utf-8")
            listed |= {
                path: sha for sha, _, path in (one.partition("  ") for one in sums.splitlines())
            }
        inside = [one for one in folder.rglob("*") if one.is_symlink() or not one.is_dir()]
        there = {_escaped(one.relative_to(folder).as_posix()): one for one in inside}
        there.pop(f"tagmanifest-{ALGORITHM}.txt")
        return not folder.is_symlink() and listed == {
            path: hashlib.new(ALGORITHM, file.read_bytes()).hexdigest()
            for path, file in there.items()
        }
    except (OSError, ValueError, KeyError):
        return False


def _payload(root: Path, name: str, record: Manifest) -> list[str]:
    """Return every file of the edition's record, of the fixed list, and the ledger, but what is set aside."""
    editions = {path for path in record.files if path.endswith(f"/{earlier.ARCHIVE}")}
    wanted = {
        *record.files,
        *(path.replace(earlier.ARCHIVE, earlier.PARAMETERS) for path in editions),
        *_own(root),
        *program.lent(root),
        f"reports/{name}/{manifest.FILE}",
        ledger.FILE,
        ledger.SIGNATURE,
        strays.SHELF,
        # Of the other editions in the ledger the manifests, so that no line speaks of an absent one.
        *(f"reports/{line.edition}/{manifest.FILE}" for line in ledger.parse(ledger.read(root))),
    }
    return sorted(
        path for path in wanted if program.at(root, path).is_file() and not _aside(root, path)
    )


def _own(root: Path) -> list[str]:
    """Return the files of the fixed list; of its folders those version control knows, where it answers."""
    known = history.tracked(root, OWN)
    if known is not None:
        return known
    files = (file for name in OWN for file in (root / name, *(root / name).rglob("*")))
    paths = (file.relative_to(root).as_posix() for file in files)
    return [path for path in paths if not any(mark in path for mark in _CACHES)]


def _aside(root: Path, path: str) -> bool:
    """Tell whether a file, or what a link leads to, is set aside."""
    real = Path(os.path.relpath((root / path).resolve(), root.resolve())).as_posix()
    return path.startswith(manifest.ASIDE) or real.startswith((*manifest.ASIDE, ".."))


def _sums(folder: Path, paths: Iterable[str]) -> str:
    lines = (
        f"{hashlib.new(ALGORITHM, (folder / path).read_bytes()).hexdigest()}  {_escaped(path)}\n"
        for path in sorted(paths)
    )
    return "".join(lines)


def _escaped(path: str) -> str:
    # RFC 8493, 2.1.3: only these three are written as percent codes.
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _info(record: Manifest, name: str, size: int, files: int) -> str:
    about = {
        "Bagging-Date": record.date,
        "Bag-Software-Agent": AGENT,
        "External-Identifier": f"{record.parameters['source_id']} / edition {name}",
        "External-Description": _one_line(record.parameters),
        "Internal-Sender-Identifier": f"manifest chain sha256:{record.seal}",
        "Payload-Oxum": f"{size}.{files}",
    }
    return "".join(f"{key}: {value}\n" for key, value in about.items())


def _one_line(parameters: Mapping[str, str]) -> str:
    return " ".join(f"{parameters['title']} {parameters['subject']}".split())


def start_here(record: Manifest, name: str) -> str:
    """Return the plain text a reader opens first."""
    title, subject = record.parameters["title"], record.parameters["subject"]
    return f"""{title}　{subject}
日付 {record.date}　版 {name}

■ 読むには
  data/reports/{name}/index.html をブラウザで開いてください。通信は要りません。

■ 届いたものが欠けたり変わったりしていないかを確かめるには
  このフォルダで次を実行し、すべて OK（成功）と出ることを見てください。
    sha512sum -c manifest-sha512.txt
    sha512sum -c tagmanifest-sha512.txt
  BagIt（RFC 8493）の形式なので、bagit.py --validate . でも確かめられます。

■ 何も入れずに、数値を表から計算し直して確かめるには
  表計算ソフトで audit.xlsx を開きます。印刷されたセルを使う計算式が、掲載された数値と一致するかを示します。
  または、Python 3.8 以降のある計算機で、このフォルダで次を実行します。中身を読める400行のプログラムです。
    python3 verify_min.py

■ 数値が公表された表から出てくることを、すべて確かめるには
  Python 3.11 から 3.14 のある計算機で、このフォルダを書き込める所に写し、data の中で次を実行します。
    make verify EDITION={name}
  届いたページを別の場所で作り直したものと比べます。届いたものは書き換えません。
  初回は、決められた版のライブラリを取得するために通信が要ります。
  急ぐときは、準備のあとで .venv/bin/minato verify {name} --quick が、版の記録とファイルだけを照合します。
  終了コードは 0 確認済み、1 不一致あり、2 確認を完了できませんでした、です。

■ 中にあるもの
  data/reports/{name}/   報告書、数値の一覧（facts.json）、版の記録（manifest.json）、RO-Crate
  data/reports/{name}/notebooks/   実行ずみのノートブック（文章、計算のコード、結果）
  data/reports/LEDGER.csv   公表した版の台帳（あれば）
  data/data/   公表された表の写しと、その説明
  data/notebooks/ data/src/   計算の手順
  data/requirements.lock   ライブラリの版と検査値

■ 入っていないもの
  Python そのもの。libraries/ がなければライブラリも（版と検査値だけがあります）。
  元の資料（計画の文書）。その識別は data/data/datapackage.json にあります。

----
{subject}, edition {name}, {record.date}

Read: open data/reports/{name}/index.html in a browser; no network is needed.
Complete and unchanged? Run `sha512sum -c manifest-sha512.txt` and the same for
tagmanifest-sha512.txt here, or `bagit.py --validate .` (BagIt, RFC 8493).
Nothing to install: open audit.xlsx (live formulas over the printed cells), or run
`python3 verify_min.py` (Python 3.8 or later; 400 lines to be read): it computes shares, sums and differences
again from the printed cells and looks for the numbers on the pages.
Do all numbers follow from the published tables? Copy this folder to a writable place, and in data
run `make verify EDITION={name}` (Python 3.11 to 3.14; the first run fetches the locked libraries). It
builds elsewhere and compares; what you received stays as it is.
Exit code 0 confirmed, 1 different, 2 could not run.
Not included: Python; the libraries, unless libraries/ is there (versions and hashes are); the plan.
"""
