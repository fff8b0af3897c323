"""The SVG itself: accessible, without leaks into the page, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure as Canvas

from minato_analysis.figures import render, themed

SVG = "{http://www.w3.org/2000/svg}"

RUN = """
import hashlib, importlib.util
spec = importlib.util.spec_from_file_location("samples", {path!r})
samples = importlib.util.module_from_spec(spec)
spec.loader.exec_module(samples)
print(hashlib.sha256("".join(one.svg for one in samples.every()).encode()).hexdigest())
"""


def canvas(**text) -> Canvas:
    with themed():
        fig = Canvas(figsize=(2, 1))
        fig.text(0.5, 0.5, text.pop("text", "数"), **text)
    return fig


def test_title_and_description_are_announced(drawn):
    for id, root in drawn.items():
        assert root.attrib["role"] == "img"
        announced = root.attrib["aria-labelledby"].split()
        assert announced == [f"{id}-title", f"{id}-desc"]
        assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
        assert [root[0].attrib["id"], root[1].attrib["id"]] == announced
        assert root[0].text
        assert root[1].text


def test_nothing_leaks_and_no_two_figures_of_a_page_share_an_id(every, drawn):
    ids = [one.attrib["id"] for root in drawn.values() for one in root.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    for figure in every:
        own = set(re.findall(r'\bid="([^"]+)"', figure.svg))
        assert all(name.startswith(f"{figure.id}-") for name in own)
        referred = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', figure.svg))
        assert {a or b for a, b in referred} <= own
        for leak in ("<?xml", "<!DOCTYPE", "metadata", "<style", "xlink", "rdf", "Matplotlib"):
            assert leak not in figure.svg


def test_the_page_keeps_the_size(drawn):
    for root in drawn.values():
        left, top, wide, tall = map(float, root.attrib["viewBox"].split())
        assert (left, top) == (0, 0)
        assert wide in (475, 290, 236)
        assert tall > 50
        assert root.attrib["width"] == "100%"
        assert "height" not in root.attrib
        assert root.attrib["style"] == f"max-width:{round(1.6 * wide)}px;height:auto"


def test_text_is_text_in_the_fonts_of_the_reader_and_large_enough_in_print(drawn):
    for root in drawn.values():
        assert root.attrib["font-family"].startswith("'Noto Sans JP','BIZ UDPGothic'")
        texts = list(root.iter(f"{SVG}text"))
        assert texts
        assert all(float(text.attrib["font-size"]) >= 9 for text in texts)
        assert "IPAex" not in "".join(str(one.attrib) for one in root.iter())


def test_no_reference_enters_the_svg(every):
    for figure in every:
        assert "{{" in figure.title
        assert "{{" not in figure.svg


def test_a_reference_in_a_text_of_the_svg_is_refused():
    with pytest.raises(ValueError, match="holds no references"):
        render(canvas(text='{{ fact("a.b") }}'), "a", "t", "d")
    with pytest.raises(ValueError, match="holds no references"):
        render(canvas(), "a", "t", '{{ fact("a.b") }}')


@pytest.mark.parametrize("id", ["", "A", "1a", "a b", 'a"', "a.b", "図"])
def test_a_malformed_id_is_refused(id):
    with pytest.raises(ValueError, match="figure id"):
        render(canvas(), id, "t", "d")


def test_markup_in_texts_is_escaped():
    svg = render(canvas(text="a<b & c"), "a", "t<u>", 'd & "e"')
    assert "a&lt;b &amp; c" in svg
    assert "<u>" not in svg


def test_coordinates_have_two_decimals(every):
    for figure in every:
        geometry = re.findall(r' (?:d|x|y|width|height|transform|points)="([^"]*)"', figure.svg)
        assert geometry
        assert not re.search(r"\.\d{3}|\d[eE]-?\d|-0(?![.\d])", " ".join(geometry))


def test_the_last_digits_of_the_data_do_not_show(samples):
    exact = samples.fan("fan").svg
    samples_shares = samples.SHARES.copy()
    try:
        samples.SHARES *= 1 + 1e-13
        assert samples.fan("fan").svg == exact
        samples.SHARES += 0.1
        assert samples.fan("fan").svg != exact
    finally:
        samples.SHARES[:] = samples_shares


def test_settings_of_the_reader_neither_enter_nor_change(samples):
    expected = samples.shares("shares").svg
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "lines.linewidth": 9}):
        before = dict(mpl.rcParams)
        assert samples.shares("shares").svg == expected
        assert dict(mpl.rcParams) == before


def test_the_same_bytes_in_other_processes(every):
    here = hashlib.sha256("".join(one.svg for one in every).encode()).hexdigest()
    path = str(Path(__file__).with_name("samples.py"))
    running = [
        subprocess.Popen(
            [sys.executable, "-c", RUN.format(path=path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("0", "1")
    ]
    assert [one.communicate()[0].strip() for one in running] == [here, here]
