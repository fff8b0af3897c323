"""Adds to a finished page what pages of areas have besides: HTML in, HTML out.

Sections need no new sheet in print; the overview has the script that sorts its table and finds rows in it.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

SCRIPT = Path(__file__).with_name("sort.js")

PRINT = """
@media print {
  .lay { line-height: 1.33; }
  .lay h1 { margin: 1mm 0; font-size: 14pt; }
  .lay h2 { font-size: 12pt; }
  .lay main > h2:not(:first-of-type) { break-before: auto; margin-top: 1.5mm; }
  .lay :is(figure, .table) { margin: 1mm 0; }
  .lay :is(th, td) { padding-block: .2mm; }
  .lay figure { break-inside: auto; }
  .lay main > ul, .lay footer { font-size: 9pt; line-height: 1.4; }
  .lay footer p { display: inline; }
  .lay .drawing { break-inside: avoid; }
  .sortable th [role="button"]::after { content: ""; }
  .tools, .more { display: none; }
  .lay .table:has(.sortable) { break-inside: auto; }
  .sortable :is(th, td) { font-size: 7.5pt; }
}
@media screen {
  .table:has(.sortable) { width: calc(100vw - 3rem); margin-inline: calc(50% - 50vw + 1.5rem); }
  .scroll:has(.sortable) { max-height: 90vh; overflow: auto; }
  .sortable thead th { position: sticky; top: 0; z-index: 1; }
  .sortable thead tr:first-child > :first-child { z-index: 2; }
  .sortable .later { display: none; }
}
"""

BUTTONS = """
.tools { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; }
.tools :is(input, select) { font: inherit; padding: .2rem .4rem; max-width: 100%; box-sizing: border-box; }
.pair { display: flex; flex-wrap: wrap; gap: 1rem 2rem; }
.pair svg { flex: 1 1 18rem; max-width: 40rem; height: auto; align-self: start; }
.pair :is(th, td) { white-space: normal; overflow-wrap: anywhere; }
.pair caption { text-align: start; font-weight: 700; }
.sortable th [role="button"] { cursor: pointer; text-decoration: underline dotted; }
.sortable th [role="button"]:focus-visible { outline: 3px solid #000; outline-offset: 2px; }
.sortable th [role="button"]::after { content: " \\2195" / ""; }
.sortable th[aria-sort="ascending"] [role="button"]::after { content: " \\25b2" / ""; }
.sortable th[aria-sort="descending"] [role="button"]::after { content: " \\25bc" / ""; }
"""

_POLICY = "style-src 'unsafe-inline';"


def dressed(html: str, *, sortable: bool) -> str:
    """Return the page with its style and, if it is `sortable`, the script.

    The script is allowed by its hash in the page's policy, and nothing else is.

    Raises
    ------
    ValueError
        Not a page of :mod:`minato_analysis.reporting.exporter`.

    Examples
    --------
    >>> page = "<meta content=\\"default-src 'none'; style-src 'unsafe-inline';\\"></head></body>"
    >>> "script-src 'sha256-" in dressed(page, sortable=True)
    True
    >>> page = page.replace("inline';", "inline'; script-src 'sha256-a';")
    >>> dressed(page, sortable=True).count("script-src")
    1
    """
    style = (BUTTONS if sortable else "") + PRINT
    html = _before(html, "</head>", f"<style>{style}</style>\n")
    if not sortable:
        return html
    script = SCRIPT.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    html = _before(html, "</body>", f"<script>{script}</script>\n")
    start, found, end = html.partition(_POLICY)
    if not found:
        raise ValueError(f"the page has no {_POLICY}")
    # A page may have a script already; a browser heeds only the first list of scripts.
    end = end.removeprefix(" script-src") if end.startswith(" script-src") else f";{end}"
    return f"{start}{found} script-src 'sha256-{digest}'{end}"


def _before(html: str, tag: str, part: str) -> str:
    start, found, end = html.rpartition(tag)
    if not found:
        raise ValueError(f"the page has no {tag}")
    return start + part + found + end
