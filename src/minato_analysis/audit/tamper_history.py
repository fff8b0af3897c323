"""Changes only the history of a file tells: a ledger made shorter or begun anew; a source that is none."""

from __future__ import annotations

import json

from minato_analysis.audit import tamper_together
from minato_analysis.audit.scene import Change, Scene
from minato_analysis.audit.tamper_register import kind
from minato_analysis.published import ledger, manifest


@kind("台帳の削除", "E5-LEDGER")
def ledger_deleted(scene: Scene) -> Change:
    """Delete the ledger."""
    scene.commit()
    (scene.root / ledger.FILE).unlink()
    return Change(ledger.FILE, ledger.FILE)


@kind("台帳の作り直し（コミットまで）", "E5-LEDGER")
def ledger_restarted(scene: Scene) -> Change:
    """Begin the ledger anew after a page was changed, and commit that."""
    scene.commit()
    path = scene.page()
    scene.substitute(path, r"</h1>", "。</h1>")
    scene.write(ledger.FILE, "")
    tamper_together.agree(scene)
    return Change(f"{ledger.FILE} と {path}", ledger.FILE)


@kind("台帳の最後の行の削除（コミットまで）", "E5-LEDGER")
def ledger_shortened(scene: Scene) -> Change:
    """Take back the line of a correction, with the correction, and commit that."""
    before = {name: scene.read(name) for name in (ledger.FILE, scene.path(manifest.FILE))}
    form = json.loads(before[scene.path(manifest.FILE)])
    form["note"] = "corrected"
    tamper_together.rewrite(scene, form, {one["name"]: one["files"] for one in form["stages"]})
    scene.commit()
    for name, text in before.items():
        scene.write(name, text)
    scene.commit()
    return Change(f"{ledger.FILE} 最後の行", ledger.FILE)


@kind("受け取りを断ったファイルを資料に数える（記録もそろえて）", "E5-MANIFEST", full=True)
def refused_file(scene: Scene) -> Change:
    """List a received file from which no value came among the sources."""
    received = "data/received/2025/refused.csv"
    (scene.root / received).parent.mkdir(parents=True, exist_ok=True)
    scene.write(received, "a,b\n1,2\n")
    path = scene.path(manifest.FILE)
    form = json.loads(scene.read(path))
    files = {one["name"]: dict(one["files"]) for one in form["stages"]}
    files["source"][received] = manifest.sha256((scene.root / received).read_bytes())
    tamper_together.rewrite(scene, form, files)
    scene.commit()
    return Change(f"{path} {received}", path)
