"""Changes made twice: as a stranger makes them, and as a publisher who rewrites his records to match.

The second kind recomputes hashes, parts, crate, chain and seal, adds a line to the ledger and commits it all.
Only a rebuild, or a rule that needs no record, can see it.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from minato_analysis.audit import take_away
from minato_analysis.audit.scene import Change, NotApplicable, Scene
from minato_analysis.audit.tamper_register import REGISTER, Kind
from minato_analysis.audit.workbook import packed
from minato_analysis.published import ledger, manifest, parts

Apply = Callable[[Scene], Change]


def both(title: str, code: str, *, alone: str = "", full: bool = True) -> Callable[[Apply], Apply]:
    """Register a change twice; `alone` is the code where only the change is made, by default the same."""

    def register(apply: Apply) -> Apply:
        name = apply.__name__.replace("_", "-")
        REGISTER.append(Kind(name, title, alone or code, apply))

        def together(scene: Scene) -> Change:
            change = apply(scene)
            agree(scene)
            return replace(change, what=f"{change.what}、記録も台帳も")

        together.__module__ = apply.__module__
        REGISTER.append(
            Kind(f"{name}-together", f"{title}（記録もそろえて）", code, together, full)
        )
        return apply

    return register


def agree(scene: Scene) -> None:
    """Rewrite manifest, crate and ledger so that they agree with the files as they are; commit."""
    path, crate = scene.path(manifest.FILE), scene.path(manifest.CRATE)
    form = json.loads(scene.read(path))
    files = {one["name"]: dict(one["files"]) for one in form["stages"]}
    described = scene.read(crate)
    for stage in files.values():
        for name, old in stage.items():
            if name == crate or not (scene.root / name).is_file():
                continue
            new = manifest.sha256((scene.root / name).read_bytes())
            if new != old:
                described = described.replace(old, new)
                stage[name] = new
                if name in form["parts"]:
                    form["parts"][name] = parts.of_file(name, scene.read(name))
    scene.write(crate, described)
    files["product"][crate] = manifest.sha256(described.encode())
    form["parts"][crate] = parts.of_file(crate, described)
    rewrite(scene, form, files)
    scene.commit()


def rewrite(scene: Scene, form: dict[str, object], files: dict[str, dict[str, str]]) -> None:
    """Write the manifest anew, and a line of the ledger for it."""
    text = manifest.rewritten(form, files)
    scene.write(scene.path(manifest.FILE), text)
    date, sha = manifest.loads(text).date, manifest.sha256(text.encode())
    before = ledger.read(scene.root)
    if sha not in before:
        scene.write(ledger.FILE, ledger.longer(before, scene.edition, date, sha))


def _page(name: str, title: str, code: str, alone: str, change: tuple[str, str]) -> None:
    """Register a change of the smallest page that has what `change` looks for."""
    pattern, new = change

    def apply(scene: Scene) -> Change:
        pages = sorted(scene.folder.glob("*.html"), key=lambda one: one.stat().st_size)
        for file in pages:
            if re.search(pattern, file.read_text(encoding="utf-8"), re.S):
                path = scene.path(file.name)
                scene.substitute(path, pattern, new)
                return Change(f"{path} {title}", path)
        raise NotApplicable(pattern)

    apply.__name__ = name
    both(title, code, alone=alone)(apply)


_MARKUP = ("E5-PAGE-MARKUP", "E5-PAGE")
_page(
    "number_shown", "ページの数値だけ", "E5-PAGE-NUMBER", "E5-PAGE-NUMBER",
    (r'(<data class="fact"[^>]*>)[^<]*(</data>)', r"\g<1>12.3%\g<2>"),
)  # fmt: skip
_page(
    "figure_redrawn", "図の描き直し", "E5-FIGURE", "E5-FIGURE",
    (r'(<use href="[^"]*" x=")([0-9.]+)', r"\g<1>1\g<2>"),
)  # fmt: skip
_page("hidden_part", "段落を見えなくする", *_MARKUP, (r"<p>", "<p hidden>"))
_page("hidden_by_class", "書式の名前で見えなくする", *_MARKUP, (r"<h2", '<h2 class="unseen"'))
_page(
    "page_in_page", "別のページの埋め込み", *_MARKUP,
    (r"</main>", '<iframe srcdoc="x"></iframe></main>'),
)  # fmt: skip
_page("event_handler", "開くと動くプログラム", *_MARKUP, (r"<body", '<body onload="x()"'))
_page(
    "no_policy", "通信を止める指定の削除", *_MARKUP,
    (r'<meta http-equiv="Content-Security-Policy"[^>]*>\n', ""),
)  # fmt: skip
_page("spoken_otherwise", "読み上げだけを変える", *_MARKUP, (r"<h1", '<h1 aria-label="x"'))
_page(
    "address", "数値のリンク先", *_MARKUP,
    (r'(href="audit_report\.html#n-)[a-z0-9_.]+"', r'\g<1>x.y"'),
)  # fmt: skip
_page("row_address", "監査資料の行の番地", *_MARKUP, (r'<code id="n-[^"]+">', '<code id="n-x.y">'))
_page(
    "row_number", "監査資料の行の掲載値", "E5-PAGE-TEXT", "E5-PAGE-TEXT",
    (r'(<code id="n-[^"]+">[^<]*</code></th><td class="num">)[^<]*(<)', r"\g<1>12.3%\g<2>"),
)  # fmt: skip
_page(
    "printed_shown", "印刷された表のページのセル", "E5-PAGE-TEXT", "E5-PAGE-TEXT",
    (r'(<td id="[^"]+\.\d+">)\d[^<]*(<)', r"\g<1>12,345\g<2>"),
)  # fmt: skip
_page("comment", "見えない注釈", *_MARKUP, (r"</main>", "<!-- x --></main>"))
_page(
    "style_writes", "書式で文字を足す", "E5-PAGE-STYLE", "E5-PAGE-STYLE",
    (r"</style>", 'data::after { content: "0"; }</style>'),
)  # fmt: skip
_page(
    "wrong_identity", "監査のページのハッシュ", "E5-PAGE-TEXT", "E5-PAGE-TEXT",
    (r"(<(?:td|code)[^>]*>)[0-9a-f]{64}(<)", rf"\g<1>{'0' * 64}\g<2>"),
)  # fmt: skip


@both("RO-Crate の利用条件", "E5-CRATE")
def crate_licence(scene: Scene) -> Change:
    """Offer the edition under another licence."""
    path = scene.path(manifest.CRATE)

    def change(crate: dict[str, list[dict[str, str]]]) -> str:
        entity = next(one for one in crate["@graph"] if one["@id"] == "#licence")
        entity["description"] = "CC0 1.0"
        return entity["@id"]

    return Change(f"{path} CC0 1.0", scene.edit_json(path, change))


@both("起動時に実行されるファイル", "E5-SHADOW", full=False)
def start_hook(scene: Scene) -> Change:
    """Put a module beside the package that Python runs whenever it starts."""
    return _module(scene, "src/sitecustomize.py")


@both("ライブラリの名前のファイル", "E5-SHADOW", full=False)
def library_name(scene: Scene) -> Change:
    """Put a module beside the package that stands in for a library."""
    return _module(scene, "src/scipy.py")


@both("プロジェクト直下の、ライブラリの名前のファイル", "E5-SHADOW", full=False)
def library_name_in_root(scene: Scene) -> Change:
    """Put a module into the folder the build works in."""
    return _module(scene, "statistics.py")


def _module(scene: Scene, path: str) -> Change:
    scene.write(path, "import builtins\n")
    return Change(path, path)


@both("計算の手順と環境を載せない版の記録", "E5-ADDED", full=False)
def manifest_without_code(scene: Scene) -> Change:
    """Leave out of the manifest what the edition is made with."""
    path = scene.path(manifest.FILE)
    form = json.loads(scene.read(path))
    files = {one["name"]: dict(one["files"]) for one in form["stages"]}
    for stage in ("code", "environment"):
        files[stage] = {}
    rewrite(scene, form, files)
    return Change(f"{path} code、environment", "src/minato_analysis/numbers/facts.py")


@both("版の記録の日付", "E5-MANIFEST", full=False)
def antedated(scene: Scene) -> Change:
    """Give the manifest, and the ledger with it, an earlier date."""
    path = scene.path(manifest.FILE)
    form = json.loads(scene.read(path))
    form["date"] = "2025-01-01"
    rewrite(scene, form, {one["name"]: one["files"] for one in form["stages"]})
    return Change(f"{path} date", f"{path} date")


@both("公表表の2行の入れ替え（checksum も更新）", "E5-TRANSCRIPTION", alone="E5-CELL", full=False)
def swapped_rows(scene: Scene) -> Change:
    """Give two rows of a table each other's numbers: every sum stays right."""
    about, grid = scene.table()
    one, other = grid[-2], grid[-1]
    one[1:], other[1:] = other[1:], one[1:]
    scene.write_table(about, grid)
    sha = "sha256:" + manifest.sha256((scene.root / "data" / about["path"]).read_bytes())
    scene.substitute("data/datapackage.json", re.escape(about["hash"]), sha)
    return Change(f"data/{about['path']} {one[0]} ⇄ {other[0]}", about["path"])


@both("転記の突き合わせの記録", "E5-TRANSCRIPTION", alone="E5-EVIDENCE", full=False)
def transcription_record(scene: Scene) -> Change:
    """Name another text the tables were compared with."""
    file = next(iter(sorted(scene.root.glob("data/published/*/transcription.json"))), None)
    if file is None:
        raise NotApplicable("no transcription.json")
    path = file.relative_to(scene.root).as_posix()
    scene.substitute(path, r'("text": "sha256:)[0-9a-f]{8}', r"\g<1>00000000")
    return Change(f"{path} text", "data/")


def _pack(name: str, title: str, part: str, pattern: bytes) -> None:
    """Register a change of one digit in a part of the pack, as it lies there or inside a workbook."""

    def apply(scene: Scene) -> Change:
        file = scene.folder / take_away.FILE
        outer, _, inner = part.partition("/xl/")
        held = _unzipped(file)
        if inner:
            book = _unzipped(io.BytesIO(held[outer]))
            book[f"xl/{inner}"] = _one_digit(book[f"xl/{inner}"], pattern)
            held[outer] = packed(book, scene.record().date)
        else:
            held[part] = _one_digit(held[part], pattern)
        file.write_bytes(packed(held, scene.record().date))
        path = scene.path(take_away.FILE)
        return Change(f"{path} {part}", path)

    apply.__name__ = name
    both(title, "E5-PACK", alone="E5-PAGE")(apply)


def _unzipped(file: Path | io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as pack:
        return {one: pack.read(one) for one in pack.namelist()}


def _one_digit(content: bytes, pattern: bytes) -> bytes:
    found = re.search(pattern, content)
    if found is None:
        raise NotApplicable(pattern.decode())
    return content[: found.start()] + b"9" + content[found.end() :]


_pack("pack_csv", "まとめて受け取るファイルのCSV", "numbers.csv", rb"(?<=,)[0-8](?=\d*\.)")
_pack(
    "pack_workbook", "まとめて受け取るファイルの表計算の表", "tables.xlsx/xl/worksheets/sheet5.xml",
    rb"(?<=<v>)[0-8](?=\d*[.<])",
)  # fmt: skip
