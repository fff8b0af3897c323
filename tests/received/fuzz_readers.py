"""Coverage-guided fuzzing of everything that reads received bytes. Not collected by pytest.

In a throw-away environment, from the project folder::

    python3.11 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris
    export PYTHONPATH=src:.:.venv/lib/python3.11/site-packages
    /tmp/fuzz/bin/python tests/received/fuzz_readers.py /tmp/fuzz/corpus \\
        -max_total_time=600 -max_len=8192 -timeout=30 -rss_limit_mb=1500

The first byte chooses what is read: csv, xlsx, one XML part within a sound xlsx, a csv mapped onto tables, an
answer file, a number format, one cell escaped, an xlsx of chosen cells, a csv of chosen words. A finding is
any exception but a refusal, a text that changes on its way through :mod:`escape`, a slow input, or memory
over the limit; libFuzzer stops there and writes the input. Every 5,000 runs the outcomes are counted into
``fuzz_readers.json`` beside the corpus, with the errors behind ``E6-XLSX-BROKEN``: that refusal must not hide
mistakes of our own.
"""

from __future__ import annotations

import json
import struct
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["minato_analysis.received", "minato_analysis.cleaning", "openpyxl", "defusedxml"]
):
    # The readers import these where they are used; here they must come while imports are instrumented.
    import defusedxml.ElementTree
    import openpyxl.reader.excel

    from minato_analysis import data
    from minato_analysis.received import reading, text_file, workbook
    from minato_analysis.received.answers import checked, loads
    from minato_analysis.received.errors import ReceivedError
    from minato_analysis.received.escape import escape, unescape
    from minato_analysis.received.shown import NotShown, shown
    from minato_analysis.received.targets import targets

from tests.received.files import packed, sheet
from tests.received.test_any_bytes import PARTS, SMALL, WELL_MADE
from tests.received.world import NATION, SHARES, as_csv, project

INSTRUMENTED = (defusedxml.ElementTree, openpyxl.reader.excel, text_file, workbook)
FOLDER = Path(tempfile.mkdtemp(prefix="fuzz-readers-"))
TARGETS = targets(project(FOLDER), FOLDER)
DEFINITIONS = data.definitions(FOLDER)
WORDS = {name: one["title"] for name, one in DEFINITIONS.items()}
NAMES = {code: area.name_ja for code, area in data.areas(FOLDER).items()}
NO_ANSWERS = checked(None)


def words(text: str) -> tuple[str, ...]:
    """Return the parts of a text between bars."""
    return tuple(text.split("|"))


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PLACES = words("A1|B1|C1|A2|B2|C2|A3|B3|Z9|XFD1|A1048576|A0|1|A|ZZZZ1")
KINDS = words("n|s|str|b|e|d|inlineStr|x|")
VALUES = (
    *words("0|1|-1|0.462|1e999|NaN|44927|| |R5|令和4年|図表1-1|検挙人員|#REF!|2023-01-01|12:00:00"),
    *words("T|_x001B_|=A1|&lt;b&gt;|検挙人員※1 （人）"),
    "9" * 400,
)
TOKENS = (
    *(",", ",", "\n", "\n\n", '"', "\u202e"),
    *words("図表1-1|図表1-2 |警察署ごとの大麻の検挙人員|再犯者の割合の推移（架空市）"),
    *words("令和2年|R2|平成31 (2019)年|2020|R3|令和27年|令和2年度|前年比|year|measure|value"),
    *words("検挙人員|初犯者数|再犯者数|再犯者数割合|北|南|東|計|全国|架空県|認知件数|（人）"),
    *words("検挙人員(人)|認知件数(件)|983|524人|459|46.7%|46.75|4 (1)|△3|-|…|x| |　|<b>|=1"),
    *words(
        "（単位：人）|（単位：千人）|※1|reoffenders|1月～6月|架空区|速報値|注 新方式|少年を除く|うち再犯者"
    ),
)
MAPPED = words(
    "図表1-1|\n|,|R2|\n|検挙人員|,|983|\n|初犯者数|,|524人|\n|再犯者数|,|459|\n|再犯者数割合|,|46.7%|\n"
)
"""A table that is taken without a refusal."""
OUTCOMES: Counter[str] = Counter()
COUNTED = 5_000


def read(content: bytes, name: str) -> None:
    """Read bytes as a file and map what it holds."""
    try:
        sheets = reading.sheets_of(content, name, SMALL)
    except ReceivedError as refused:
        OUTCOMES[refused.code] += 1
        if refused.__cause__ is not None:
            last = traceback.extract_tb(refused.__cause__.__traceback__)[-1]
            where = f"{Path(last.filename).name}:{last.name}"
            OUTCOMES[f"{refused.code} {type(refused.__cause__).__name__} {where}"] += 1
        return
    for one in sheets:
        assert len({len(row) for row in one.cells}) <= 1
        assert sum(map(len, one.cells)) <= SMALL.cells
    around = reading._Around(NO_ANSWERS, DEFINITIONS, NAMES, frozenset())
    tables = [region for one in sheets for region in reading.regions(one)]
    found, refused_tables, _ = reading._found(
        sheets, tables, TARGETS, 2020, NO_ANSWERS, (), WORDS, around
    )
    assert all(around.understood(one, 2020) for one in found)
    OUTCOMES["read"] += 1
    OUTCOMES["tables taken"] += sum(bool(one.cells) for one in found)
    OUTCOMES["tables refused"] += len(refused_tables) + sum(bool(one.refused) for one in found)


def part(content: bytes) -> None:
    """Read a sound xlsx in which one part is these bytes."""
    names = sorted(PARTS)
    name = names[content[0] % len(names)] if content else names[0]
    read(packed(PARTS | {name: content[1:]}), "t.xlsx")


def sheet_of_cells(content: bytes) -> None:
    """Read a well-formed xlsx whose cells, merged ranges and hidden columns these bytes choose."""
    rows, merged, hidden = [], [], []
    for where, kind, value, style in zip(*[iter(content)] * 4, strict=False):
        place = PLACES[where % len(PLACES)]
        if kind % 11 == 9:
            merged.append(f'<mergeCell ref="{place}:{PLACES[value % len(PLACES)]}"/>')
        elif kind % 11 == 10:
            hidden.append(f'<col min="{value}" max="{style}" hidden="1"/>')
        else:
            formula = "<f>A1</f>" if style % 3 == 0 else ""
            text = VALUES[value % len(VALUES)]
            shape = f"<is><t>{text}</t></is>" if style % 5 == 0 else f"<v>{text}</v>"
            rows.append(
                f'<row r="{place.lstrip(LETTERS) or 1}"><c r="{place}" t="{KINDS[kind % len(KINDS)]}" '
                f's="{style % 3}">{formula}{shape}</c></row>'
            )
    after = f"<cols>{''.join(hidden)}</cols><mergeCells>{''.join(merged)}</mergeCells>"
    read(packed(PARTS | {"xl/worksheets/s.xml": sheet("".join(rows), after)}), "t.xlsx")


def table_of_words(content: bytes) -> None:
    """Map a csv whose cells these bytes choose from the words of real tables."""
    read("".join(TOKENS[one % len(TOKENS)] for one in content).encode(), "t.csv")


def answers(content: bytes) -> None:
    """Read an answer file."""
    try:
        checked(loads(content.decode("utf-8", "replace")))
    except ReceivedError as refused:
        OUTCOMES[refused.code] += 1


def number(content: bytes) -> None:
    """Show a number in a format."""
    value = struct.unpack("<d", content[:8].ljust(8, b"\0"))[0]
    try:
        assert isinstance(shown(value, content[8:].decode("utf-8", "replace")), str)
    except NotShown as refused:
        OUTCOMES[refused.code] += 1


def cell(content: bytes) -> None:
    """Escape a cell and read it back."""
    text = content.decode("utf-8", "replace")
    assert unescape(escape(text)) == text


READERS = (
    lambda content: read(content, "t.csv"),
    lambda content: read(content, "t.xlsx"),
    part,
    lambda content: read(content, "図表1-1.csv"),
    answers,
    number,
    cell,
    sheet_of_cells,
    table_of_words,
)


def one_input(content: bytes) -> None:
    """Run one input of the fuzzer."""
    if content:
        READERS[content[0] % len(READERS)](content[1:])
    OUTCOMES["executions"] += 1
    if OUTCOMES["executions"] % COUNTED == 0:
        report = json.dumps(dict(OUTCOMES.most_common()), ensure_ascii=False, indent=1)
        Path(sys.argv[1]).with_name("fuzz_readers.json").write_text(report, encoding="utf-8")


def seeds() -> list[bytes]:
    """Return inputs that reach every reader."""
    tables = [
        as_csv([["図表1-1", "", ""], *SHARES]),
        as_csv([["図表2-1", "", "", "", ""], *NATION]),
    ]
    texts = [text.encode(encoding) for text in tables for encoding in ("utf-8", "cp932")]
    parts = [bytes([2, number]) + PARTS[name].encode() for number, name in enumerate(sorted(PARTS))]
    return [
        *(bytes([reader]) + text for reader in (0, 3) for text in texts),
        b"\x01" + WELL_MADE,
        b"\x01" + packed(PARTS),
        *parts,
        b"\x04" + "labels: {1-1: {再犯者: {to: 再犯者数, kind: exact, reason: x}}}".encode(),
        b"\x05" + struct.pack("<d", 0.462) + '#,##0.0"%";△0;[Red]@'.encode(),
        b"\x06=HYPERLINK(1)",
        b"\x07" + bytes([0, 1, 0, 1, 1, 0, 3, 1, 2, 9, 4, 0, 4, 2, 5, 0, 3, 10, 1, 2]),
        b"\x08" + bytes(map(TOKENS.index, MAPPED)),
    ]


def main() -> None:
    """Write the seeds and fuzz until the time is over."""
    corpus = Path(sys.argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number:02}").write_bytes(seed)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
