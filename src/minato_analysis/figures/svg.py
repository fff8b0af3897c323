"""Matplotlib figure → clean, accessible, byte-identical SVG.

In: a figure drawn inside :func:`~minato_analysis.figures.theme.themed`. Out: SVG text to be placed
inside a page: text stays text in the reader's fonts, title and description are announced by screen
readers, every id begins with the figure's id (many figures share a page), no metadata, no date, no
style sheet (matplotlib's own would leak into the page), coordinates with two decimals.

An artist whose gid is ``strong``, ``halo`` or both is set in bold or gets a white outline.
Matplotlib cannot do either without turning text into outlines or missing the font's weight.
"""

from __future__ import annotations

import io
import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from xml.etree import ElementTree as ET

from minato_analysis.figures.theme import FONT_STACK, themed

MAX_SCALE = 1.6
"""Widest on screen, in px for each point: text of 10 points is then as large as the page's own."""

EMPHASIS = {
    "strong": {"font-weight": "700"},
    "halo": {"paint-order": "stroke", "stroke": "#ffffff", "stroke-width": "3"},
}
"""Parts of a gid → attributes of its group."""

_ID = re.compile(r"[a-z][a-z0-9_-]*")
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_URL = re.compile(r"(?<=url\(#)[^)]+")
_GEOMETRY = {
    "d",
    "x",
    "y",
    "width",
    "height",
    "transform",
    "stroke-width",
    "stroke-dasharray",
    "viewBox",
}
_NEUTRAL = {("stroke-dashoffset", "0")}


def render(fig: Any, id: str, title: str, desc: str) -> str:
    """Return the figure as an ``<svg>`` element.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Not changed.
    id : str
        Lower-case letters, digits, ``-`` and ``_``; unique in the page.
    title, desc : str
        Short and long text alternative, plain text.

    Raises
    ------
    ValueError
        A malformed id, or an unresolved ``{{`` reference anywhere in the SVG.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"figure id {id!r}: use lower-case letters, digits, '-' and '_'")
    out = io.StringIO()
    with themed():
        fig.savefig(out, format="svg", metadata={"Date": None})
    root = ET.fromstring(out.getvalue())
    for element in root.iter():
        _plain(element)
    _drop(root)
    _rename(root, id)
    _flatten(root)
    root.attrib = _root_attributes(root.attrib["viewBox"], id)
    for place, (tag, text) in enumerate((("title", title), ("desc", desc))):
        element = ET.Element(tag, {"id": f"{id}-{tag}"})
        element.text = text
        root.insert(place, element)
    ET.indent(root, "")
    svg = ET.tostring(root, encoding="unicode")
    if "{{" in svg:
        raise ValueError(f"figure {id!r}: an SVG holds no references; pass plain text for them")
    return svg


def _root_attributes(view_box: str, id: str) -> dict[str, str]:
    widest = round(MAX_SCALE * float(view_box.split()[2]))
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": view_box,
        "width": "100%",
        "style": f"max-width:{widest}px;height:auto",
        "role": "img",
        "aria-labelledby": f"{id}-title {id}-desc",
        "font-family": FONT_STACK.replace('"', "'"),
        "stroke-linejoin": "round",
        "stroke-linecap": "butt",
    }


def _plain(element: ET.Element) -> None:
    """Take namespaces away, turn styles into attributes, round numbers."""
    element.tag = _local(element.tag)
    attributes: dict[str, str] = {}
    for name, value in element.attrib.items():
        if name != "style":
            attributes[_local(name)] = value
    for declaration in element.attrib.get("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name and name != "font-family" and (name, value) not in _NEUTRAL:
            attributes[name] = value.removesuffix("px") if name == "font-size" else value
    for name in _GEOMETRY & attributes.keys():
        attributes[name] = " ".join(_NUMBERS.sub(_rounded, attributes[name]).split())
    # Upright text needs no rotation by "-0" degrees.
    transform = attributes.get("transform", "")
    if transform.startswith(("rotate(-0 ", "rotate(0 ")):
        del attributes["transform"]
    moved = re.fullmatch(r"translate\(([^ ]+) ([^ ]+)\)", transform)
    if moved and element.tag == "text":
        del attributes["transform"]
        attributes["x"], attributes["y"] = moved.groups()
    element.attrib = attributes


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _rounded(match: re.Match[str]) -> str:
    # From the printed decimals, not the float: matplotlib has already cut the digits that differ
    # between processors, so a tie is a tie everywhere.
    number = Decimal(match[0]).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return f"{number.normalize() + 0:f}"


def _drop(root: ET.Element) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {"metadata", "style"}:
                parent.remove(child)


def _rename(root: ET.Element, id: str) -> None:
    """Number the ids that are referred to, in order of appearance; read emphasis; drop the rest."""
    used = {name for element in root.iter() for name in _referred(element)}
    names: dict[str, str] = {}
    for element in root.iter():
        own = element.attrib.pop("id", "")
        if own in used:
            names[own] = f"{id}-part{len(names) + 1}"
            element.attrib["id"] = names[own]
        elif element.tag == "g":
            for word in own.split():
                element.attrib.update(EMPHASIS.get(word, {}))
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "href":
                element.attrib[key] = f"#{names[value[1:]]}"
            else:
                element.attrib[key] = _URL.sub(lambda found: names[found[0]], value)


def _referred(element: ET.Element) -> list[str]:
    found = [name for value in element.attrib.values() for name in _URL.findall(value)]
    return [*found, element.attrib["href"][1:]] if "href" in element.attrib else found


def _flatten(element: ET.Element) -> None:
    """Put the children of groups without attributes in the place of the group; drop empty ones."""
    children: list[ET.Element] = []
    for child in element:
        _flatten(child)
        if child.tag in {"g", "defs"} and not len(child):
            continue
        children.extend(child if child.tag == "g" and not child.attrib else [child])
    element[:] = children
    if len(element):
        element.text = None
    element.tail = None
