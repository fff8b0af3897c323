"""A saved notebook becomes its page again, in the browser; what fails is told, and the watch goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect
from tests import specimen

from minato_analysis.tasks import watch
from minato_analysis.tasks.served import News, served

NAME = "07_measures"
PAGE = (
    "<!DOCTYPE html><html lang='ja'><title>t</title><main style='height: 5000px'>{}</main></html>"
)


def get(address: str, **headers: str) -> tuple[bytes, str]:
    with urlopen(Request(address, headers=headers)) as answer:
        return answer.read(), str(answer.headers)


def news(address: str, after: object = "") -> dict[str, object]:
    found: dict[str, object] = json.loads(get(f"{address}news?after={after}")[0])
    return found


@pytest.fixture
def pages(tmp_path: Path, complete: Path) -> Path:
    for one in ("07_measures.html", "facts.json"):
        shutil.copy(complete / "reports" / specimen.EDITION / one, tmp_path)
    return tmp_path


def test_a_page_is_served_as_it_was_built_and_to_this_machine_alone(pages: Path) -> None:
    with served(pages, News()) as address:
        assert address.startswith("http://127.0.0.1:")
        body, headers = get(f"{address}{NAME}.html")
        assert body == (pages / f"{NAME}.html").read_bytes()
        assert "no-store" in headers
        around, headers = get(address)
        assert "default-src 'none'" in headers
        assert b"<iframe" in around
        for wrong, code in (("nothing.html", 404), ("../conftest.py", 404), ("%2e%2e/", 404)):
            with pytest.raises(HTTPError) as refused:
                get(f"{address}{wrong}")
            assert refused.value.code == code
        with pytest.raises(HTTPError) as refused:
            get(f"{address}{NAME}.html", Host="elsewhere.example")
        assert refused.value.code == 403
    with pytest.raises(OSError, match="refused"):
        get(address)


def test_whoever_knows_the_last_news_waits_for_the_next(pages: Path) -> None:
    told = News()
    assert told.after(0, seconds=0.01)["number"] == 0
    with served(pages, told) as address:
        timer = threading.Timer(0.3, told.tell, ["できました", NAME])
        timer.start()
        assert news(address, 0) == {
            "number": 1,
            "said": "できました",
            "page": NAME,
            "problem": False,
        }
        assert news(address, 0)["number"] == 1  # at once for those who missed it
        timer.join()


def test_the_browser_follows(pages: Path, browser: Browser) -> None:
    told = News()
    page = browser.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    told.tell("作りました", NAME)
    with served(pages, told) as address:
        page.goto(address)
        frame = page.frame_locator("iframe")
        expect(frame.locator("h1")).to_be_visible()
        assert page.frames[1].url == f"{address}{NAME}.html"
        (pages / f"{NAME}.html").write_text(PAGE.format("一つ"), encoding="utf-8")
        told.tell("また作りました", NAME)
        expect(frame.locator("main")).to_have_text("一つ")
        page.frames[1].evaluate("window.scrollTo(0, 700)")
        (pages / f"{NAME}.html").write_text(PAGE.format("二つ"), encoding="utf-8")
        told.tell("<b>だめ</b>でした", NAME, problem=True)
        expect(page.get_by_role("status")).to_have_text("<b>だめ</b>でした")
        expect(frame.locator("main")).to_have_text("一つ")
        told.tell("できました", NAME)
        expect(frame.locator("main")).to_have_text("二つ")
        page.wait_for_function("document.querySelector('iframe').contentWindow.scrollY === 700")
        (pages / "other.html").write_text(PAGE.format("ほか"), encoding="utf-8")
        told.tell("ほかを作りました", "other")
        expect(frame.locator("main")).to_have_text("ほか")
    told.tell("終わります")  # the last question is answered; the next finds nobody
    expect(page.get_by_role("status")).to_have_text("minato watch は終わっています。")
    assert [one for one in wrong if "ERR_CONNECTION_REFUSED" not in one] == []
    page.close()


@pytest.fixture
def watched(complete: Path, tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    root = tmp_path / "project"
    shutil.copytree(complete, root, ignore=shutil.ignore_patterns("__pycache__"))
    own = {"MINATO_ROOT": str(root), "PYTHONPATH": str(root / "src")}
    with subprocess.Popen(
        [sys.executable, "-m", "minato_analysis", "watch", f"notebooks/{NAME}.ipynb"],
        cwd=root,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Ignored where the suite runs in the background. No threads here that could hold a lock.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        yield root, process
        process.kill()


def test_a_notebook_that_is_saved_becomes_its_page_and_one_that_fails_is_told(
    watched: tuple[Path, subprocess.Popen[str]],
) -> None:
    root, process = watched
    notebook, page = (
        root / f"notebooks/{NAME}.ipynb",
        root / f"build/{specimen.EDITION}/pages/{NAME}.html",
    )
    published = {one: one.read_bytes() for one in (root / "reports").rglob("*") if one.is_file()}
    text = notebook.read_text(encoding="utf-8")
    assert process.stdout is not None
    address = process.stdout.readline().split()[0]
    assert process.stdout.readline().startswith(f"{NAME} のページを作り直しました")
    assert "もう一つ書きました" not in page.read_text(encoding="utf-8")

    form = json.loads(text)
    title = next(
        one for one in form["cells"] if "".join(one["source"]).startswith(("# ", "%%prose"))
    )
    title["source"] = [*title["source"], "\n\nもう一つ書きました。"]
    notebook.write_text(json.dumps(form), encoding="utf-8")
    assert process.stdout.readline().startswith(f"{NAME} のページを作り直しました")
    assert "もう一つ書きました" in page.read_text(encoding="utf-8")
    assert news(address)["problem"] is False

    form["cells"][-1] |= {"cell_type": "code", "source": "1 / 0", "outputs": []}
    form["cells"][-1] |= {"execution_count": None}
    notebook.write_text(json.dumps(form), encoding="utf-8")
    said = process.stdout.readline()
    assert said.startswith(f"E3-NOTEBOOK notebooks/{NAME}.ipynb セル [")
    assert process.stdout.readline().startswith("ページは前に作ったままです")
    told = news(address)
    assert (told["problem"], str(told["said"]).splitlines()[0]) == (True, said.rstrip("\n"))

    notebook.write_text(text, encoding="utf-8")
    assert process.stdout.readline().startswith(f"{NAME} のページを作り直しました")
    assert {one: one.read_bytes() for one in published} == published
    process.send_signal(signal.SIGINT)
    said, end = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, ""), said + end
    assert end.splitlines()[-1].startswith("止めました。")
    assert "Traceback" not in end


def test_a_notebook_that_is_not_there_is_refused_with_those_that_are(complete: Path) -> None:
    with pytest.raises(watch.WatchError, match=r"^E3-WATCH notebooks/none\.ipynb: .*07_measures"):
        watch.watch(complete, "none", print)
