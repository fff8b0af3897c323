"""Changes of what was published: pages, the list of facts, the records, the ledger.

Each is a small function on a :class:`~.scene.Scene` (see :mod:`~.tamper_sources`).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from typing import Any

from minato_analysis.audit.scene import Change, NotApplicable, Scene
from minato_analysis.audit.tamper_register import kind, one_more
from minato_analysis.published import ledger, manifest, page


@kind("ページの数値", "E5-PAGE-NUMBER")
def page_number(scene: Scene) -> Change:
    """Change the digits of a number on a page."""
    path = scene.page(page.facts)
    before = page.facts(scene.read(path))[0]
    scene.substitute(
        path,
        r'(<data class="fact"[^>]*>)([^<]*?)(\d)(\D*</data>)',
        lambda one: f"{one[1]}{one[2]}{one_more(one[3])}{one[4]}",
    )
    after = page.facts(scene.read(path))[0]
    return Change(f"{path} {before.display} → {after.display}", before.id)


@kind("ページの数値（表に出ない値だけ）", "E5-PAGE-NUMBER")
def page_value(scene: Scene) -> Change:
    """Change the machine-readable value of a number, not its print."""
    path = scene.page(page.facts)
    before = page.facts(scene.read(path))[0]
    scene.substitute(path, r'(<data class="fact"[^>]* value=")[^"]*', r"\g<1>99.5")
    return Change(f"{path} value {before.value} → 99.5", before.id)


@kind("ページの文章", "E5-PAGE-TEXT")
def page_sentence(scene: Scene) -> Change:
    """Turn a sentence round."""
    words = r"(<main\b.*?(?:ません|です))。"
    path = scene.page(lambda html: re.search(r"(?:ません|です)。", html))
    scene.substitute(path, words, r"\1とは限りません。")
    return Change(f"{path} 文末の書き換え", path)


@kind("図の座標", "E5-FIGURE")
def svg_coordinate(scene: Scene) -> Change:
    """Move a point of a drawing."""
    path = scene.page(page.drawings)
    id = next(iter(page.drawings(scene.read(path))))
    scene.substitute(
        path, rf'(<figure id="{id}">.*?<use href="[^"]*" x=")([0-9.]+)', r"\g<1>1\g<2>"
    )
    return Change(f"{path} {id} の点", id)


@kind("図の説明文（読み上げ用）", "E5-FIGURE-TEXT")
def svg_description(scene: Scene) -> Change:
    """Change what a screen reader says."""
    path = scene.page(page.drawings)
    id = next(iter(page.drawings(scene.read(path))))
    scene.substitute(path, rf'(<desc id="{id}-desc">)', r"\g<1>割合は下がり続けています。")
    return Change(f"{path} {id} の説明", id)


@kind("埋め込まれたCSV", "E5-CSV")
def embedded_csv(scene: Scene) -> Change:
    """Change a figure in the table a reader downloads."""
    path = scene.page(page.downloads)
    name = next(iter(page.downloads(scene.read(path))))
    scene.substitute(
        path, r'(href="data:text/csv[^"]*%0A[^"]*?%2C[^"]*?)(\d)(?=%|")', r"\g<1>\g<2>0"
    )
    return Change(f"{path} {name}", name)


@kind("ページの書式（スタイルシート）", "E5-PAGE-STYLE")
def page_style(scene: Scene) -> Change:
    """Hide the notes of one page."""
    path = scene.page(lambda html: "。" in html)
    scene.substitute(path, r"</style>", ".notes { display: none; }</style>")
    return Change(f"{path} 注を隠す", path)


@kind("ページの折りたたみ（計算のコード）", "E5-PAGE-CODE")
def page_code(scene: Scene) -> Change:
    """Change the code a page shows."""
    path = scene.page(lambda html: '<details class="code">' in html)
    scene.substitute(path, r"(<details class=\"code\">.*?<pre><code[^>]*>)", r"\g<1># ")
    return Change(f"{path} 表示されたコード", path)


@kind("実行ずみのノートブックの数値", "E5-EXECUTED")
def executed_number(scene: Scene) -> Change:
    """Change the digits of a number in a sentence of an executed notebook."""
    path = _executed(scene)
    pattern = r'(<data class=\\"fact\\" data-fact=\\"([^"\\]+)[^>]*>[^<]*?)(\d)(\D*</data>)'
    scene.substitute(path, pattern, lambda one: f"{one[1]}{one_more(one[3])}{one[4]}")
    return Change(f"{path} 文章の数値", path)


@kind("実行ずみのノートブックのセル", "E5-EXECUTED")
def executed_source(scene: Scene) -> Change:
    """Change a computing cell of an executed notebook."""
    path = _executed(scene)

    def change(form: dict[str, Any]) -> str:
        number, cell = next(
            (number, one)
            for number, one in enumerate(form["cells"], 1)
            if "begin(" in "".join(one["source"])
        )
        cell["source"] = [*cell["source"], "\nconfidence = 0.5"]
        return f"セル{number}"

    return Change(f"{path} 計算", f"{path} {scene.edit_json(path, change)}")


@kind("実行ずみのノートブックの削除", "E5-MISSING")
def deleted_notebook(scene: Scene) -> Change:
    """Delete an executed notebook."""
    path = _executed(scene)
    (scene.root / path).unlink()
    return Change(path, path)


@kind("実行ずみのノートブックの追加", "E5-ADDED")
def added_notebook(scene: Scene) -> Change:
    """Put a notebook beside the executed ones."""
    path = scene.path(f"{manifest.EXECUTED}/zz_added.ipynb")
    shutil.copy(scene.root / _executed(scene), scene.root / path)
    return Change(path, path)


def _executed(scene: Scene) -> str:
    """Return the path of the first executed notebook that tells numbers."""
    for file in sorted((scene.folder / manifest.EXECUTED).glob("*.ipynb")):
        if r"data-fact=\"" in file.read_text(encoding="utf-8"):
            return scene.path(f"{manifest.EXECUTED}/{file.name}")
    raise NotApplicable("no executed notebook")


@kind("数値の一覧の値", "E5-FACT")
def fact_value(scene: Scene) -> Change:
    """Change a value in ``facts.json``."""
    return _edit_fact(scene, "value", lambda value: value + 1)


@kind("数値の一覧の表示桁", "E5-FACT")
def display_digits(scene: Scene) -> Change:
    """Change to how many places a number is printed."""
    return _edit_fact(scene, "digits", lambda digits: digits + 1)


@kind("数値の一覧の元のセル", "E5-FACT")
def fact_origin(scene: Scene) -> Change:
    """Leave out a cell a number is computed from."""
    return _edit_fact(scene, "observations", lambda cells: cells[:-1])


def _edit_fact(scene: Scene, key: str, edit: Callable[[Any], object]) -> Change:
    path = scene.path("facts.json")

    def change(facts: list[dict[str, Any]]) -> str:
        fact = next(one for one in facts if len(one["observations"]) > 1)
        fact[key] = edit(fact[key])
        return str(fact["id"])

    id = scene.edit_json(path, change)
    return Change(f"{path} {id} の {key}", id)


@kind("版の記録の項目", "E5-MANIFEST")
def manifest_entry(scene: Scene) -> Change:
    """Change the recorded hash of a file."""
    path = scene.path(manifest.FILE)
    name = "data/areas.csv"
    scene.substitute(path, rf'("{name}": ")[0-9a-f]{{4}}', r"\g<1>0000")
    return Change(f"{path} {name}", name)


@kind("版の記録の封印された項目", "E5-MANIFEST")
def manifest_parts(scene: Scene) -> Change:
    """Change the manifest outside its stages."""
    path = scene.path(manifest.FILE)
    scene.substitute(path, r'"date": "\d{4}', '"date": "1999')
    return Change(f"{path} date", "seal")


@kind("RO-Crate の項目", "E5-CRATE")
def crate_entry(scene: Scene) -> Change:
    """Change a hash in the crate."""
    path = scene.path(manifest.CRATE)

    def change(crate: dict[str, list[dict[str, str]]]) -> str:
        entity = next(one for one in crate["@graph"] if one["@id"] == "#data/areas.csv")
        entity["sha256"] = "0" * 64
        return entity["name"]

    return Change(f"{path} の sha256", scene.edit_json(path, change))


@kind("台帳の行", "E5-LEDGER")
def ledger_line(scene: Scene) -> Change:
    """Change the recorded hash of a published edition."""
    old = scene.substitute(
        ledger.FILE, rf"^({scene.edition},[^,]*,)([0-9a-f]{{8}})", r"\g<1>00000000"
    )
    return Change(f"{ledger.FILE} {old}", ledger.FILE)


@kind("ページの削除", "E5-MISSING")
def deleted_page(scene: Scene) -> Change:
    """Delete a page."""
    path = scene.page()
    (scene.root / path).unlink()
    return Change(path, path)


@kind("ページの追加", "E5-ADDED")
def added_page(scene: Scene) -> Change:
    """Put a page beside the others."""
    path = scene.path("zz_added.html")
    shutil.copy(scene.root / scene.page(), scene.root / path)
    return Change(path, path)


@kind("別の版との取り違え", "E5-EDITION")
def swapped_edition(scene: Scene) -> Change:
    """Let the folder of this edition hold another one's parameters and record."""
    other = f"{scene.edition}x"
    for name in ("edition.yaml", manifest.FILE):
        scene.substitute(scene.path(name), rf'"{scene.edition}"', f'"{other}"')
    return Change(f"reports/{scene.edition} に版 {other}", f"reports/{scene.edition}/")


@kind("ページと版の記録をそろえて書き換え", "E5-LEDGER")
def colluding(scene: Scene) -> Change:
    """Change a page and write a manifest that agrees with it: only the ledger can tell."""
    path = scene.page(lambda html: "。" in html)
    scene.substitute(path, r"。</p>", "、とは言い切れません。</p>")
    form = json.loads(scene.read(scene.path(manifest.FILE)))
    files = {one["name"]: dict(one["files"]) for one in form["stages"]}
    files["product"][path] = manifest.sha256((scene.root / path).read_bytes())
    scene.write(scene.path(manifest.FILE), manifest.rewritten(form, files))
    return Change(f"{path} と manifest.json", ledger.FILE)
