"""One folder an archive can keep: a BagIt bag of everything an edition is made from and everything made.

In: the project folder and a published edition. Out: a bag after RFC 8493 with SHA-512, and a plain text that
says where to start. The same edition gives the same bytes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from minato_analysis.audit import hermetic, ledger, manifest, quick
from minato_analysis.audit.manifest import Manifest

START = "00_はじめに_START-HERE.txt"
ALGORITHM = "sha512"


class NotBundled(RuntimeError):
    """An edition that cannot be archived as it is."""


def bundle(root: Path, name: str, target: Path) -> Path:
    """Write the bag of an edition and return its folder.

    Parameters
    ----------
    root : Path
        The project folder.
    name : str
        The edition; it must agree with its own record.
    target : Path
        Folder of the bag. An older bag there is replaced, anything else is left alone.

    Raises
    ------
    NotBundled
        ``E5-BUNDLE``: the edition differs from its record, or the folder holds something else.
    """
    found, record = quick.check(root, name)
    wrong = [one for one in found if one.severity != "note"]
    if wrong or record is None:
        raise NotBundled(
            f"E5-BUNDLE {wrong[0].code} {wrong[0].place}: {wrong[0].message}"
            "記録と合わない版は保存用にまとめられません。"
        )
    if target.exists():
        if not (target / "bagit.txt").is_file():
            raise NotBundled(f"E5-BUNDLE {target}: BagIt でないものがすでにあります。")
        shutil.rmtree(target)
    payload = _payload(root, name, record)
    for path in payload:
        there = target / "data" / path
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, there)
    size = sum((root / path).stat().st_size for path in payload)
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": _info(record, name, size, len(payload)),
        f"manifest-{ALGORITHM}.txt": _sums(target, [f"data/{path}" for path in payload]),
        START: start_here(record, name),
    }
    for file, text in tags.items():
        (target / file).write_text(text, encoding="utf-8", newline="\n")
    sums = _sums(target, sorted(tags))
    (target / f"tagmanifest-{ALGORITHM}.txt").write_text(sums, encoding="utf-8", newline="\n")
    return target


def _payload(root: Path, name: str, record: Manifest) -> list[str]:
    """Return every tracked file, every file of the edition's record, and the ledger."""
    own = [f"reports/{name}/{manifest.FILE}", ledger.FILE]
    wanted = {*hermetic.tracked(root), *record.files, *own}
    return sorted(path for path in wanted if (root / path).is_file())


def _sums(folder: Path, paths: list[str]) -> str:
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
        "Bag-Software-Agent": "minato-analysis (minato bundle)",
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

■ 数値が公表された表から出てくることを確かめるには
  Python 3.11 以上の計算機で、このフォルダを書き込める所に写し、data の中で次を実行します。
    make verify EDITION={name}
  届いたページを別の場所で作り直したものと比べます。届いたものは書き換えません。
  （make report は実行しないでください。届いたページが、作り直したもので置き換わります。）
  初回は、決められた版のライブラリを取得するために通信が要ります。
  急ぐときは、準備のあとで .venv/bin/minato verify {name} --quick が、版の記録とファイルだけを照合します。
  終了コードは 0 確認済み、1 不一致あり、2 確認を完了できませんでした、です。

■ 中にあるもの
  data/reports/{name}/   報告書、数値の一覧（facts.json）、版の記録（manifest.json）、RO-Crate
  data/reports/LEDGER.csv   公表した版の台帳（あれば）
  data/data/   公表された表の写しと、その説明
  data/notebooks/ data/src/   計算の手順
  data/requirements.lock   ライブラリの版と検査値

■ 入っていないもの
  Python そのものとライブラリ。版と検査値だけがあります。
  元の資料（計画の文書）。その識別は data/data/datapackage.json にあります。

----
{subject}, edition {name}, {record.date}

Read: open data/reports/{name}/index.html in a browser; no network is needed.
Complete and unchanged? Run `sha512sum -c manifest-sha512.txt` and the same for
tagmanifest-sha512.txt here, or `bagit.py --validate .` (BagIt, RFC 8493).
Do the numbers follow from the published tables? Copy this folder to a writable place, and in data
run `make verify EDITION={name}` (Python 3.11 or newer; the first run fetches the locked libraries). It
builds elsewhere and compares; `make report` would replace the pages you received, do not run it.
Exit code 0 confirmed, 1 different, 2 could not run.
Not included: Python and the libraries (only versions and hashes), the source document itself.
"""
