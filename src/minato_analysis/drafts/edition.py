"""A new edition from the one before: the same questions, one year of data more.

In: the newest edition and the data. Out: the text of the new ``edition.yaml``. Only what the data decide
is changed; everything else stays as the researcher wrote it.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import yaml

from minato_analysis import data
from minato_analysis.cleaning.years import era_of
from minato_analysis.project import earlier, editions
from minato_analysis.project.files import write_text
from minato_analysis.published import ledger

INDICATOR = "reoffender_share"


def begin(folder: Path, name: str, built: date) -> Path | None:
    """Write ``reports/<name>/edition.yaml`` if the data have something new; return the file.

    Returns
    -------
    Path or None
        None where no value is newer than the newest edition: then the name is probably mistyped.

    Raises
    ------
    EditionError
        There is no edition to begin from, a name that is not one, or ``E6-DATE``: a date before that of
        the newest document.
    """
    last = editions.newest(folder)
    newest = earlier.newest_value(folder)
    if newest <= last.as_of:
        return None
    if built.isoformat() < newest:
        raise editions.EditionError(
            f"E6-DATE {name}: 版の日付 {built.isoformat()} が最も新しい資料の日付 {newest} より前です。"
            f"--built {newest} のように、版の日付を書いてください。"
        )
    file = folder / "reports" / name / editions.FILE
    text = text_of(folder, name, built)
    values = yaml.load(text, Loader=yaml.BaseLoader)
    editions.validate(editions.Edition, values, f"reports/{name}/{editions.FILE}", strict=False)
    write_text(file, text)
    return file


def text_of(folder: Path, name: str, built: date) -> str:
    """Return the text of ``reports/<name>/edition.yaml``.

    Parameters
    ----------
    folder : Path
        The project folder.
    name : str
        Name of the new edition.
    built : datetime.date
        Date of the edition; also the date up to which documents count.
    """
    last = editions.newest(folder)
    year = last_year(folder, last)
    era, number = era_of(built.year)
    values = {
        "edition": f'"{name}"',
        "title": last.title.replace(last.edition, name),
        "built": f"{era}{number}({built.year})年{built.month}月{built.day}日",
        "as_of": f'"{built.isoformat()}"',
        "last_year": str(year),
    }
    file = folder / "reports" / last.edition / editions.FILE
    text = editions.uncorrected(file.read_text(encoding="utf-8"))
    for key, value in values.items():
        text = re.sub(rf"(?m)^{key}:.*$", f"{key}: {value}", text)
    return text


def last_year(folder: Path, edition: editions.Edition) -> int:
    """Return the newest year for which the area's reoffender share is published."""
    rows = data.select(
        data.frame(data.read_published(folder)),
        series_id=edition.source_id,
        area_code=edition.area_code,
        measure=INDICATOR,
    )
    rows = rows[rows["value"].notna() & (rows["table"] != "prose")]
    return int(rows["year"].max())


def behind(folder: Path) -> str:
    """Return what to do with an edition in preparation that ends before the newest year; "" if it does not.

    It was begun before that year was accepted, and its years are set by hand.
    """
    edition = editions.newest(folder)
    published = {one.edition for one in ledger.parse(ledger.read(folder))}
    last = last_year(folder, edition)
    if edition.edition in published or last <= edition.last_year:
        return ""
    return (
        f"準備中の {edition.edition} は{edition.last_year}年までの版です。{last}年を入れるには、"
        f"reports/{edition.edition}/{editions.FILE} の last_year を {last} にしてから作り直してください。"
    )
