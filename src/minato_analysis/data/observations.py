"""The data folder: published tables in, validated observations out.

``data/datapackage.json`` says what every table is, how it is read and which checksum it has.
:func:`build_observations` turns all of them into ``data/tidy/observations.csv``;
:func:`observations` reads that file back, validated, for notebooks.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minato_analysis.cleaning import tables
from minato_analysis.data import categories, revisions
from minato_analysis.project import yamls
from minato_analysis.project.checksums import KEYED, checksum, make_key
from minato_analysis.project.files import NOT_PUBLIC, write_text

if TYPE_CHECKING:
    import pandas as pd

DESCRIPTOR = "data/datapackage.json"
OBSERVATIONS = "data/tidy/observations.csv"
AREAS = "data/areas.csv"
CLOSED = "data/not-public/observations.csv"
"""Values of sources that are not public; the folder stays out of version control."""
STATUSES = ("ok", "zero", "not_applicable", "missing", "suppressed", "provisional", "revised")


class DataError(ValueError):
    """A problem with the data that stops the build; the text says what to look at first."""


def root(start: Path | None = None) -> Path:
    """Return the project folder: ``$MINATO_ROOT``, or the nearest folder upwards with the descriptor."""
    if (named := os.environ.get("MINATO_ROOT")) and start is None:
        return Path(named)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / DESCRIPTOR).is_file():
            return folder
    raise DataError(
        f"E0-ROOT {here}: {DESCRIPTOR} が見つかりません。リポジトリの中で実行してください。"
    )


def descriptor(folder: Path | None = None) -> dict[str, Any]:
    """Return the data package descriptor."""
    text = ((folder or root()) / DESCRIPTOR).read_text(encoding="utf-8")
    package: dict[str, Any] = json.loads(text)
    return package


def published(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the descriptor's resources that are tables of numbers (see :func:`sealed` for all)."""
    return [one for one in sealed(package) if not one.get("register")]


def sealed(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the descriptor's resources that are published, registers of words among them.

    A register (``"register": true``) lists names, not numbers: it has no reading and gives no
    observations; its rows are read with :func:`register`.
    """
    return [one for one in package["resources"] if not one.get("generated")]


def read_cells(resource: Mapping[str, Any], folder: Path) -> list[list[str]]:
    """Return the cells of one published table after comparing its checksum.

    Raises
    ------
    DataError
        ``E0-CHECKSUM``: the file is not the one the descriptor describes.
    """
    file = folder / "data" / resource["path"]
    if not file.is_file() and resource.get("not_public"):
        raise DataError(
            f"E0-NOT-PUBLIC data/{resource['path']}: 公表されていない資料で、この計算機にありません。"
            "資料を持つ担当者から受け取って、同じ場所に置いてください。"
        )
    if not file.is_file():
        raise DataError(f"E0-FILE data/{resource['path']}: ファイルがありません。")
    if checksum(file, folder) != resource["hash"]:
        raise DataError(
            f"E0-CHECKSUM data/{resource['path']}: 内容が data/datapackage.json の checksum と違います。"
            "意図しない変更なら元に戻してください（git checkout）。"
            "転記の訂正なら、訂正を確かめたうえで `minato seal` を実行してください。"
        )
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))
    except UnicodeDecodeError:
        raise DataError(
            f"E0-TEXT data/{resource['path']}: UTF-8 の文字として読めません（Shift_JIS で保存したときなど）。"
            "まず保存したソフトの文字コードを確かめ、「CSV UTF-8」で保存し直してください。"
        ) from None


def register(name: str, folder: Path | None = None) -> list[dict[str, str]]:
    """Return the rows of a published register, its cells as printed, after comparing its checksum.

    Raises
    ------
    DataError
        ``E0-REGISTER``: the descriptor has no such register. ``E0-CHECKSUM``: see :func:`read_cells`.
    """
    folder = folder or root()
    found = [
        one for one in sealed(descriptor(folder)) if one["name"] == name and one.get("register")
    ]
    if not found:
        raise DataError(f"E0-REGISTER {name}: {DESCRIPTOR} にこの一覧がありません。")
    header, *body = read_cells(found[0], folder)
    return [dict(zip(header, row, strict=True)) for row in body]


def lines(source: str, folder: Path, as_of: str) -> list[dict[str, str]]:
    """Return the lines of a collected series as printed, those known at a date, with source and grade.

    Raises
    ------
    DataError
        ``E0-CHECKSUM``: see :func:`read_cells`.
    """
    [found] = [one for one in published(descriptor(folder)) if one["source_id"] == source]
    header, *body = read_cells(found, folder)
    rows = (dict(zip(header, row, strict=True)) for row in body)
    return [one for one in rows if one[found["reading"]["known_from"]] <= as_of]


def table_id(resource: Mapping[str, Any]) -> str:
    """Return the table's short name in observations: its 図表 number, or ``prose`` / ``series``."""
    return resource["figure"] or resource["name"].rsplit("-", 1)[-1]


def read_published(folder: Path | None = None) -> list[tables.Observation]:
    """Read every published table into observations, in the order of the descriptor.

    Raises
    ------
    DataError, CleaningError
        With file, row and column of the first cell that cannot be read with certainty.
    """
    folder = folder or root()
    found: list[tables.Observation] = []
    package = descriptor(folder)
    _check_places(package)
    for resource in published(package):
        found += tables.observations(
            read_cells(resource, folder),
            resource["reading"],
            source_id=resource["source_id"],
            series_id=resource.get("series_id", ""),
            as_of=resource["date"],
            table=table_id(resource),
            file=f"data/{resource['path']}",
        )
    known = definitions(folder)
    for one in found:
        if one.definition not in known:
            raise DataError(
                f"E0-DEFINITION {one.table} {one.row}: definition「{one.definition}」が"
                " data/definitions.yaml にありません。"
            )
    return categories.translate(found, categories.load(folder), files(folder))


def _check_places(package: Mapping[str, Any]) -> None:
    """Refuse a table of a source that is not public outside the folder that is not published."""
    closed = closed_sources(package)
    for one in sealed(package):
        if one["source_id"] in closed and not one["path"].startswith(f"{NOT_PUBLIC}/"):
            raise DataError(
                f"E0-NOT-PUBLIC data/{one['path']}: 公表されていない資料「{one['source_id']}」の表が、"
                "公表されるフォルダーにあります。まず版管理に入っていないかを確かめ、"
                f"data/{NOT_PUBLIC}/ に移し、data/datapackage.json の path と not_public を直してから、"
                "minato seal を実行してください。"
            )


def dumps(rows: list[tables.Observation]) -> str:
    """Return ``observations.csv``: numbers as printed digits, nothing for a value that is not there."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(tables.COLUMNS)
    writer.writerows(["" if cell is None else str(cell) for cell in astuple(row)] for row in rows)
    return stream.getvalue()


def tidy(rows: list[tables.Observation], folder: Path) -> dict[Path, str]:
    """Return the texts of the observations by file: what must not be published apart from the rest."""
    closed = closed_sources(descriptor(folder))
    texts = {OBSERVATIONS: dumps([one for one in rows if one.source_id not in closed])}
    if closed:
        texts[CLOSED] = dumps([one for one in rows if one.source_id in closed])
    return {folder / name: text for name, text in texts.items()}


def closed_sources(package: Mapping[str, Any]) -> set[str]:
    """Return the ids of the sources the data package declares ``"not_public": true``.

    A declaration stands with the source (``source_documents``) or with one of its tables.
    """
    documents = package.get("source_documents", {})
    return {name for name, one in documents.items() if one.get("not_public")} | {
        one["source_id"] for one in package.get("resources", []) if one.get("not_public")
    }


def frame(rows: list[tables.Observation]) -> pd.DataFrame:
    """Return observations as a validated data frame."""
    return loads(dumps(rows))


def loads(text: str) -> pd.DataFrame:
    """Parse and validate the text of ``observations.csv``.

    Returns
    -------
    pandas.DataFrame
        One row a printed value. `value` float, `year` nullable integer, all else text
        (so that ``01100`` stays ``01100``).
    """
    import pandas as pd  # noqa: PLC0415 - 0.4 s, and only reading needs it
    import pandera.pandas as pa  # noqa: PLC0415 - 0.5 s

    text_columns = [name for name in tables.COLUMNS if name not in ("year", "value")]
    table = pd.read_csv(
        io.StringIO(text),
        dtype={**dict.fromkeys(text_columns, "str"), "year": "Int64", "value": "float64"},
        keep_default_na=False,
        na_values={"year": [""], "value": [""]},
    )
    schema = pa.DataFrameSchema(
        {
            "area_code": pa.Column(str, pa.Check.str_matches(r"^([0-9]{5})?$")),
            "as_of": pa.Column(str, pa.Check.str_matches(r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$")),
            "status": pa.Column(str, pa.Check.isin(STATUSES)),
            "unit": pa.Column(str, pa.Check.isin(["persons", "cases", "percent"])),
            "value": pa.Column(float, pa.Check.ge(0), nullable=True),
        },
        checks=[
            pa.Check(
                lambda rows: (
                    rows["value"].notna()
                    == rows["status"].isin(["ok", "zero", "provisional", "revised"])
                ),
                error="value and status disagree",
            )
        ],
        unique=["source_id", "table", "row", "column", "measure"],
    )
    return schema.validate(table)


def observations(folder: Path | None = None, as_of: str | None = None) -> pd.DataFrame:
    """Return the observations that count, as they were known at a date.

    Parameters
    ----------
    folder : Path, optional
    as_of : str, optional
        Date ``YYYY-MM-DD``; without it everything that is known. See :func:`revisions.current`.
    """
    return revisions.current(history(folder), as_of)


def history(folder: Path | None = None) -> pd.DataFrame:
    """Return all observations (see :func:`loads`), those replaced by later documents among them."""
    folder = folder or root()
    text = (folder / OBSERVATIONS).read_text(encoding="utf-8")
    if (folder / CLOSED).is_file():
        _, _, closed = (folder / CLOSED).read_text(encoding="utf-8").partition("\n")
        text += closed
    return loads(text)


def definitions(folder: Path | None = None) -> dict[str, dict[str, str]]:
    """Return what each definition counts: population, age rule, offences, meaning of reoffender."""
    file = (folder or root()) / "data/definitions.yaml"
    found: dict[str, dict[str, str]] = yamls.read(file)
    return found


@dataclass(frozen=True)
class Area:
    """One area: its 標準地域コード as text, short key for fact ids, and names."""

    code: str
    key: str
    name_ja: str
    name_en: str
    kind: str
    parent_code: str


def areas(folder: Path | None = None) -> dict[str, Area]:
    """Return the known areas by code.

    Raises
    ------
    DataError
        ``E0-AREAS``: ``data/areas.csv`` has other columns, or is no UTF-8 text.
    """
    try:
        with ((folder or root()) / AREAS).open(encoding="utf-8", newline="") as stream:
            return {row["code"]: Area(**row) for row in csv.DictReader(stream)}
    except (UnicodeDecodeError, TypeError, KeyError):
        names = ",".join(Area.__dataclass_fields__)
        raise DataError(
            f"E0-AREAS {AREAS}: 地域の一覧として読めません。UTF-8 で保存し、見出しを {names} にしてください。"
        ) from None


def matching(rows: pd.DataFrame, selector: Mapping[str, Any]) -> pd.DataFrame:
    """Return the rows a selector means; none may be left.

    Parameters
    ----------
    rows : pandas.DataFrame
        Observations.
    selector : mapping
        Column to a value, to several values (any of them), or to ``{"not": value}``, as in
        ``identities.yaml``, ``plausibility.yaml`` and ``statements.yaml``.
    """
    left: Iterable[int] = range(len(rows))
    for (
        column,
        wanted,
    ) in selector.items():  # plain objects: a mask of pandas costs thirty times as much
        values = rows[column].to_numpy(dtype=object)
        if isinstance(wanted, Mapping):
            left = [
                at for at in left if (values[at] != wanted["not"]) is True
            ]  # not so where it is NA
        else:
            several = isinstance(wanted, (list, tuple, set, range))
            any_of = set(wanted) if several else {wanted}
            left = [at for at in left if values[at] in any_of]
    return rows.take([*left]) if selector else rows


def select(rows: pd.DataFrame, **wanted: Any) -> pd.DataFrame:
    """Return the rows whose columns have the wanted values (see :func:`matching`).

    Raises
    ------
    DataError
        No row is left: a selection that finds nothing is a mistake, not an empty answer.
    """
    kept = matching(rows, wanted)
    if kept.empty:
        asked = ", ".join(f"{column}={value}" for column, value in wanted.items())
        raise DataError(
            f"E0-SELECT {asked}: 該当する値がありません。条件のつづりとデータの年を確かめてください。"
        )
    return kept


def series(rows: pd.DataFrame, **wanted: Any) -> pd.Series:
    """Return values by year for one selection; a year may occur once.

    Raises
    ------
    DataError
        Nothing selected, or two values for one year (the selection is not one series).
    """
    kept = select(rows, **wanted)
    kept = kept[kept["value"].notna()]
    if kept["year"].duplicated().any():
        raise DataError(f"E0-SERIES {wanted}: 1つの年に値が2つ以上あります。条件を絞ってください。")
    return kept.set_index("year")["value"].sort_index().astype(float)


def files(folder: Path) -> dict[str, str]:
    """Return the file of every published table by its address prefix ``<source>/<table>``."""
    return {
        f"{one['source_id']}/{table_id(one)}": f"data/{one['path']}"
        for one in sealed(descriptor(folder))
    }


def seal(folder: Path) -> list[str]:
    """Write the present checksums of the published tables into the descriptor; return what changed."""
    package = descriptor(folder)
    changed = []
    for one in sealed(package):
        path = folder / "data" / one["path"]
        if one.get("not_public") and not path.is_file():
            continue
        if one.get("not_public"):
            make_key(folder)
        if one["hash"] != checksum(path, folder):
            one.pop("bytes", None)
            one.update(described(path, folder))
            changed.append(one["path"])
    if changed:
        text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
        write_text(folder / DESCRIPTOR, text)
    return changed


def described(file: Path, folder: Path) -> dict[str, Any]:
    """Return checksum and size of a table; no size where it is not public: it tells of the digits."""
    found: dict[str, Any] = {"hash": checksum(file, folder)}
    return found if found["hash"].startswith(KEYED) else found | {"bytes": file.stat().st_size}
