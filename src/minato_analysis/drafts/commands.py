"""The commands of the year: ``minato new-year``, ``accept``, ``unaccept``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FromOption = Annotated[
    Path | None,
    typer.Option(
        "--from", help="受け取ったファイル（xlsx・csv・txt） / file as received", exists=True
    ),
]
YearArgument = Annotated[
    int, typer.Argument(help="暦年（西暦） / calendar year", min=1945, max=2100)
]


def new_year(
    year: YearArgument,
    received: FromOption = None,
    source: Annotated[
        str, typer.Option(help="受け取った資料の名前（例 moj-2027-03） / name of the document")
    ] = "",
    not_public: Annotated[
        bool, typer.Option("--not-public", help="公表されていない資料 / must not be published")
    ] = False,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="読み取った内容を確かめた / what was read is right")
    ] = False,
) -> None:
    """新しい年の下書きを作る（空の表、または受け取ったファイルから） / Begin a new year's draft."""
    from minato_analysis import data  # noqa: PLC0415
    from minato_analysis.drafts.scaffold import scaffold  # noqa: PLC0415
    from minato_analysis.project import editions  # noqa: PLC0415
    from minato_analysis.published.lock import alone  # noqa: PLC0415

    try:
        root = data.root()
        series_id = editions.newest(root).source_id
        with alone(root, _tell):
            filled, key = None, ""
            if received is not None:
                from minato_analysis.drafts import arrival  # noqa: PLC0415 - reads xlsx

                filled, key = arrival.take(
                    root,
                    received,
                    year=year,
                    series_id=series_id,
                    source_id=source,
                    public=not not_public,
                    tell=typer.echo,
                    confirmed=confirmed,
                )
            files = scaffold(root, year, series_id, filled, received=key, public=not not_public)
    except ValueError as error:
        raise _stop(error) from None
    where = files[0].parent.relative_to(root).as_posix()
    typer.echo(f"下書きを作りました / draft: {where}/")
    for file in files:
        typer.echo(f"  {file.relative_to(root).as_posix()}")
    typer.echo("値を書き込んだら minato check を実行してください。")


def accept(
    year: YearArgument,
    source: Annotated[
        str, typer.Option(help="資料の名前（例 moj-2027-03） / name of the document")
    ],
    as_of: Annotated[str, typer.Option(help="資料の日付 YYYY-MM-DD / its date")],
    title: Annotated[str, typer.Option(help="資料の題 / its title")] = "",
    publisher: Annotated[str, typer.Option(help="資料の作成者 / who made it")] = "",
    not_public: Annotated[
        bool, typer.Option("--not-public", help="公表されていない資料 / must not be published")
    ] = False,
) -> None:
    """確かめた下書きをデータに加える / Take a checked draft into the data."""
    from minato_analysis import data  # noqa: PLC0415
    from minato_analysis.drafts import accept as taking  # noqa: PLC0415
    from minato_analysis.drafts import edition, ladder, trial  # noqa: PLC0415
    from minato_analysis.drafts.draft import drafts  # noqa: PLC0415
    from minato_analysis.published.lock import alone  # noqa: PLC0415

    try:
        root = data.root()
        with alone(root, _tell):
            found = [one for one in drafts(root) if one.year == year]
            if not found:
                raise data.DataError(
                    f"E6-DRAFT {year}: {year}年の下書きがありません。"
                    f"minato new-year {year} で作ってください。"
                )
            document = taking.Document(
                source, as_of, title or source, publisher or "記載なし", public=not not_public
            )
            if not taking.done(root, found[0], document):
                taking.check(root, found[0], document)
                wrong = [one for step in ladder.climb(root) for one in step.errors]
                if not wrong:
                    typer.echo("受け入れた後の状態で、最新の版を試しに作っています（数十秒）…")
                    wrong = trial.problems(root, year, document)
                if wrong:
                    raise data.DataError("\n".join(wrong))
            paths = taking.accept(root, found[0], document)
    except ValueError as error:
        raise _stop(error) from None
    for path in paths:
        typer.echo(f"データに加えました / accepted: data/{path}")
    if said := edition.behind(root):
        typer.echo(said)
    typer.echo(
        f"minato report <新しい版の名前> で版を作れます。取り消すには minato unaccept {source}"
    )


def unaccept(
    source: Annotated[str, typer.Argument(help="受け入れた資料の名前 / name of the document")],
) -> None:
    """最後の受け入れを取り消し、下書きに戻す / Take the last acceptance back."""
    from minato_analysis import data  # noqa: PLC0415
    from minato_analysis.drafts.unaccept import unaccept as taking_back  # noqa: PLC0415
    from minato_analysis.published.lock import alone  # noqa: PLC0415

    try:
        root = data.root()
        with alone(root, _tell):
            folder = taking_back(root, source)
    except ValueError as error:
        raise _stop(error) from None
    typer.echo(f"下書きに戻しました / a draft again: {folder.relative_to(root).as_posix()}/")


def _tell(message: str) -> None:
    typer.echo(message, err=True)


def _stop(error: ValueError) -> typer.Exit:
    typer.echo(str(error), err=True)
    typer.echo("\nデータは変わっていません / nothing was changed.", err=True)
    return typer.Exit(getattr(error, "exit_code", 1))
