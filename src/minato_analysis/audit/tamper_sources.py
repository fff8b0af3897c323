"""Changes of what an edition is made from, and of what is read from it: tables, parameters, code, libraries.

Each is a small function on a :class:`~.scene.Scene`: it makes the change and returns what it did, and the
part of the place a finding must name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from minato_analysis.audit.scene import Change, NotApplicable, Scene
from minato_analysis.audit.tamper_register import NO_EFFECT, UNUSED, kind, one_more
from minato_analysis.project.prose_cells import prose
from minato_analysis.published import manifest


@kind("公表表の1セル", "E5-CELL")
def input_cell(scene: Scene) -> Change:
    """Change the last digit of a printed count."""
    about, grid = scene.table()
    row = next(one for one in reversed(grid) if one[-1][-1:] != "%")
    old = row[-1]
    row[-1] = re.sub(r"\d(?=\D*$)", lambda one: one_more(one[0]), old)
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
        path, r",(\d+),persons,ok,", lambda one: f",{one_more(one[1])},persons,ok,"
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
            if (prose(cell) is None) == (what == "code") and number > 4:
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
    path = "src/minato_analysis/numbers/facts.py"
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


@kind("プログラム（どの計算にも使われない）", "E5-CODE")
def code_not_used(scene: Scene) -> Change:
    """Change a file that no step of the edition uses."""
    path = "src/minato_analysis/cli.py"
    scene.write(path, scene.read(path) + "\n# A comment.\n")
    return Change(f"{path} 注釈の追加", path)


@kind("説明の文書（この版に使われない）", UNUSED)
def document(scene: Scene) -> Change:
    """Change a text that no edition is made from."""
    scene.write("NOTES.md", "An idea.\n")
    return Change("NOTES.md", "NOTES.md")


@kind("プログラムの追加", "E5-ADDED")
def code_added(scene: Scene) -> Change:
    """Add a file to the package that nothing uses yet."""
    path = "src/minato_analysis/analyses/added.py"
    scene.write(path, "VALUE = 1\n")
    return Change(path, path)


@kind("ページのひな形の書式", "E5-CODE")
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
