"""The kinds of change an audit must notice, each a small function on a :class:`~.scene.Scene`.

A kind says which code a finding must have. The function makes the change and returns what it did, and the
part of the place a finding must name.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from minato_analysis.audit import ledger, manifest, page
from minato_analysis.audit.scene import Change, NotApplicable, Scene

NO_EFFECT = "N5-NO-EFFECT"
"""Code of a change that is noticed and shown to alter nothing published."""

UNUSED = "UNUSED"
"""In place of a code: the change is outside what the edition is made from, the verdict stays 0."""


@dataclass(frozen=True)
class Kind:
    """One kind of change."""

    name: str
    title: str
    code: str
    apply: Callable[[Scene], Change]
    full: bool = False
    """Whether only a rebuild can judge it."""


KINDS: list[Kind] = []


def kind(title: str, code: str, *, full: bool = False) -> Callable[..., Callable[[Scene], Change]]:
    """Register a function as a kind of change."""

    def register(apply: Callable[[Scene], Change]) -> Callable[[Scene], Change]:
        KINDS.append(Kind(apply.__name__.replace("_", "-"), title, code, apply, full))
        return apply

    return register


def _one_more(digits: str) -> str:
    """Return the number with its last digit changed."""
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


@kind("公表表の1セル", "E5-CELL")
def input_cell(scene: Scene) -> Change:
    """Change the last digit of a printed count."""
    about, grid = scene.table()
    row = next(one for one in reversed(grid) if one[-1][-1:] != "%")
    old = row[-1]
    row[-1] = re.sub(r"\d(?=\D*$)", lambda one: _one_more(one[0]), old)
    scene.write_table(about, grid)
    return Change(f"data/{about['path']} {old} → {row[-1]}", about["path"])


@kind("公表表のセルの入れ替え", "E5-CELL")
def swapped_cells(scene: Scene) -> Change:
    """Swap two printed numbers."""
    about, grid = scene.table()
    line = next(row for row in reversed(grid) if row[-1] != row[-3])
    line[-1], line[-3] = line[-3], line[-1]
    scene.write_table(about, grid)
    return Change(f"data/{about['path']} {line[-1]} ⇄ {line[-3]}", about["path"])


@kind("公表表の1セル（checksum も更新）", "E5-CELL")
def sealed_cell(scene: Scene) -> Change:
    """Change a printed number and the checksum that would give it away."""
    change = input_cell(scene)
    about, _ = scene.table()
    sha = "sha256:" + manifest.sha256((scene.root / "data" / about["path"]).read_bytes())
    scene.substitute("data/datapackage.json", re.escape(about["hash"]), sha)
    return Change(f"{change.what}、記述子も", change.place)


@kind("記述子の checksum", "E5-DESCRIPTOR")
def descriptor_checksum(scene: Scene) -> Change:
    """Change the checksum of a table."""
    about, _ = scene.table()
    new = about["hash"][:-1] + ("0" if about["hash"][-1] != "0" else "1")
    scene.substitute("data/datapackage.json", re.escape(about["hash"]), new)
    return Change(f"{about['name']} の hash", about["name"])


@kind("公表表の削除", "E5-MISSING")
def deleted_table(scene: Scene) -> Change:
    """Delete a published table."""
    about, _ = scene.table()
    (scene.root / "data" / about["path"]).unlink()
    return Change(f"data/{about['path']}", about["path"])


@kind("整理した値の1行", "E5-TIDY")
def tidy_row(scene: Scene) -> Change:
    """Change a value in ``observations.csv``."""
    path = "data/tidy/observations.csv"
    old = scene.substitute(
        path, r",(\d+),persons,ok,", lambda one: f",{_one_more(one[1])},persons,ok,"
    )
    return Change(f"{path} {old}", path)


@kind("整理した値の行の削除", "E5-TIDY")
def tidy_row_deleted(scene: Scene) -> Change:
    """Delete a line of ``observations.csv``."""
    path = "data/tidy/observations.csv"
    lines = scene.read(path).splitlines(keepends=True)
    scene.write(path, "".join(lines[:-1]))
    return Change(f"{path} 最後の行", path)


@kind("照合の結果の1行", "E5-DATA")
def identity_row(scene: Scene) -> Change:
    """Turn the result of an identity round."""
    path = "data/tidy/identities.csv"
    scene.substitute(path, r",True,", ",False,")
    return Change(f"{path} True → False", path)


@kind("点検する記述", "E5-DECLARATION")
def statement(scene: Scene) -> Change:
    """Change a statement that is checked against the tables."""
    path = "data/statements.yaml"
    told = scene.substitute(path, r"- id: (\S+)$", r"- id: \1-x")
    return Change(f"{path} {told}", told.removeprefix("- id: "))


@kind("系列の切れ目", "E5-DECLARATION")
def series_break(scene: Scene) -> Change:
    """Change a declared break of a series."""
    path = "data/breaks.yaml"
    old = scene.substitute(
        path, r"\d{4}-\d{2}-\d{2}", lambda one: f"{int(one[0][:4]) - 1}{one[0][4:]}"
    )
    return Change(f"{path} {old}", path)


@kind("値の定義", "E5-DECLARATION")
def definition(scene: Scene) -> Change:
    """Change whom a definition counts."""
    path = "data/definitions.yaml"
    name = scene.substitute(path, r"^([a-z-]+):$", r"\1:").rstrip(":")
    scene.substitute(path, r"^  age: .*?$", "  age: 不明")
    return Change(f"{path} {name}", f"{path} {name}")


@kind("恒等式の宣言", "E5-DECLARATION")
def identity_declaration(scene: Scene) -> Change:
    """Loosen an identity."""
    path = "data/identities.yaml"
    scene.substitute(path, r"kind: equal", "kind: at_most")
    return Change(f"{path} equal → at_most", path)


@kind("パラメータ", "E5-PARAMETER")
def parameter(scene: Scene) -> Change:
    """Change a year of the edition."""
    path = scene.path("edition.yaml")
    old = scene.substitute(path, r"^last_year: (\d+)", lambda one: f"last_year: {int(one[1]) - 1}")
    return Change(f"{path} {old}", "last_year")


@kind("ノートブックの計算のセル", "E5-NOTEBOOK")
def notebook_code(scene: Scene) -> Change:
    """Change a code cell."""
    path, number = _edit_cell(scene, "code", lambda source: source + "\n_ = study.facts")
    return Change(f"{path} セル{number}", f"{path} セル{number}")


@kind("ノートブックの文章に直接書いた数", "E5-NOTEBOOK", full=True)
def notebook_prose_number(scene: Scene) -> Change:
    """Type a number into the prose, as the build refuses it."""
    path, number = _edit_cell(
        scene, "markdown", lambda source: source + "\n\n再犯者は1,234人です。"
    )
    return Change(f"{path} セル{number} 「1,234人」", f"{path} セル{number}")


def _edit_cell(scene: Scene, what: str, edit: Callable[[str], str]) -> tuple[str, int]:
    file = sorted((scene.root / "notebooks").glob("[0-9]*.ipynb"))[0]
    path = file.relative_to(scene.root).as_posix()
    found = 0

    def change(notebook: dict[str, list[dict[str, object]]]) -> str:
        nonlocal found
        for number, cell in enumerate(notebook["cells"], 1):
            if cell["cell_type"] == what and number > 4:
                source = cell["source"]
                assert isinstance(source, list)
                cell["source"] = edit("".join(source)).splitlines(keepends=True)
                found = number
                return path
        raise NotApplicable(path)

    scene.edit_json(path, change)
    return path, found


@kind("プログラム（結果が変わる）", "E5-CODE", full=True)
def code_with_effect(scene: Scene) -> Change:
    """Round down instead of half up."""
    path = "src/minato_analysis/facts.py"
    text = scene.read(path)
    scene.write(path, text.replace("ROUND_HALF_UP", "ROUND_DOWN"))
    return Change(f"{path} 四捨五入 → 切り捨て", path)


@kind("プログラム（結果は変わらない）", NO_EFFECT, full=True)
def code_without_effect(scene: Scene) -> Change:
    """Add a comment to a file that one notebook uses."""
    uses = scene.record().uses
    users = {
        file: [one for one in uses if file in uses[one]]
        for files in uses.values()
        for file in files
    }
    path = min(
        (one for one in users if "/analyses/" in one and not one.endswith("__init__.py")),
        key=lambda one: (len(users[one]), users[one], one),
    )
    scene.write(path, scene.read(path) + "\n# A comment changes no result.\n")
    return Change(f"{path} 注釈の追加", path)


@kind("プログラム（この版に使われない）", UNUSED)
def code_not_used(scene: Scene) -> Change:
    """Change a file that no step of the edition uses."""
    path = "src/minato_analysis/cli.py"
    if path in scene.record().files:
        raise NotApplicable(path)
    scene.write(path, scene.read(path) + "\n# A comment.\n")
    return Change(f"{path} 注釈の追加", path)


@kind("ページの書式", "E5-CODE")
def template(scene: Scene) -> Change:
    """Hide the notes of every page."""
    path = "src/minato_analysis/reporting/templates/report/report.css"
    scene.write(path, scene.read(path) + "\n.notes { display: none; }\n")
    return Change(f"{path} 注を隠す", path)


@kind("ライブラリの版の指定", "E5-LOCK")
def lock_entry(scene: Scene) -> Change:
    """Change the locked version of a library."""
    path = "requirements.lock"
    old = scene.substitute(path, r"^numpy==([0-9.]+)", "numpy==1.26.4")
    return Change(f"{path} {old} → 1.26.4", "numpy")


@kind("environment.yml の版の指定", "E5-PIN")
def environment_pin(scene: Scene) -> Change:
    """Change a version in the file for conda users."""
    path = "environment.yml"
    old = scene.substitute(path, r"pandas==([0-9.]+)", "pandas==2.0.0")
    return Change(f"{path} {old} → 2.0.0", "pandas")


@kind("ページの数値", "E5-PAGE-NUMBER")
def page_number(scene: Scene) -> Change:
    """Change the digits of a number on a page."""
    path = scene.page(page.facts)
    before = page.facts(scene.read(path))[0]
    scene.substitute(
        path,
        r'(<data class="fact"[^>]*>)([^<]*?)(\d)(\D*</data>)',
        lambda one: f"{one[1]}{one[2]}{_one_more(one[3])}{one[4]}",
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
    words = r"(?<=ではありません)。|(?<=ません)。|(?<=です)。"
    path = scene.page(lambda html: re.search(words, html))
    scene.substitute(path, words, "とは限りません。")
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


@kind("ページの折りたたみ（計算のコード）", "E5-PAGE-CODE")
def page_code(scene: Scene) -> Change:
    """Change the code a page shows."""
    path = scene.page(lambda html: '<details class="code">' in html)
    scene.substitute(path, r"(<details class=\"code\">.*?<pre><code>)", r"\g<1># ")
    return Change(f"{path} 表示されたコード", path)


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
