"""A made-up letter with the figures of 2023, as an xlsx somebody might send.

The figures are invented (see :mod:`tests.drafts.year_2023`). `docs/a-year.md` is written with these files.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from tests.drafts.year_2023 import BODIES, PREFECTURE

STATIONS = ["愛宕", "三田", "高輪", "麻布", "赤坂", "東京湾岸", "計"]
LABELS = {
    "t2-04": ["刑法犯総数", "凶悪犯", "粗暴犯", "窃盗犯", "知能犯", "風俗犯", "その他の刑法犯"],
    "t2-06": ["覚醒剤取締法", "大麻取締法", "麻薬等取締法", "計"],
    "t2-10": ["検挙人員", "初犯者数", "再犯者数", "再犯者数割合"],
    "t3-02": STATIONS,
    "t3-03": ["20～29歳", "30～39歳", "40～49歳", "50～59歳", "60～64歳", "65歳以上", "計"],
    "t3-04": STATIONS,
    "t3-05": STATIONS,
}
TITLES = {
    "t2-04": "図表2-4 区内の刑法犯検挙人員の推移（港区）",
    "t2-06": "図表2-6 主な薬物犯罪の検挙人員の推移（港区）",
    "t2-10": "図表2-10 再犯者の割合の推移（港区）",
    "t3-02": "図表3-2 警察署ごとの大麻取締法による検挙人員及び再犯者数",
    "t3-03": "図表3-3 年齢層別の大麻取締法による検挙人員",
    "t3-04": "図表3-4 警察署ごとの刑法犯（粗暴犯）検挙人員及び再犯者数",
    "t3-05": "図表3-5 警察署ごとの刑法犯（窃盗犯）検挙人員及び再犯者数",
}
PREFECTURE_TITLE = "図表2-8 刑法犯検挙人員中の初犯者数・再犯者数・再犯者の割合（東京都）"
REPRINTED = ["1,053 人", "536 人", "517 人", "49.1%"]
"""Table 2-10 of the year before, with one reoffender more than the plan prints."""
WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")


def write(file: Path, *, first: bool) -> None:
    """Write the letter: the first one, with three slips of the sender, or the second one.

    Both print 2022 again and swap two digits of the persons arrested.
    """
    book = Workbook()
    book.active.title = "はじめに"
    book.active["A1"] = "この数値はすべて架空です。手順を示すために作りました。"
    for name, body in BODIES.items():
        lines = dict(zip(LABELS[name], body, strict=True))
        if name == "t2-06":
            lines = {label: text.translate(WIDE) for label, text in lines.items()}
        if name == "t2-10":
            lines["検挙人員"] = "1,094 人"
        if name == "t3-02" and first:
            del lines["高輪"]
        sheet = book.create_sheet(TITLES[name].split()[0])
        sheet["A1"] = TITLES[name]
        again = REPRINTED if name == "t2-10" else None
        years = ["令和4(2022)年"] if again else []
        sheet.append([None])
        sheet.append(["", *years, "令和27年" if first and name == "t3-03" else "令和5(2023)年"])
        for number, (label, text) in enumerate(lines.items()):
            sheet.append([label, *([again[number]] if again else []), text])
    sheet = book.create_sheet("図表2-8")
    sheet["A1"] = PREFECTURE_TITLE
    sheet.append([None])
    sheet.append(["", "刑法犯検挙人数 (人)", None, None, "再犯者の割合 (%)"])
    sheet.append(["", None, "初犯者 (人)", "再犯者 (人)", None])
    sheet.merge_cells("B3:D3")
    sheet.append(["R5" if first else "令和5(2023)年", *PREFECTURE])
    book.save(file)
