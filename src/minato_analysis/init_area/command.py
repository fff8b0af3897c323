"""The command ``minato init-area``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

NameOption = Annotated[str, typer.Option(help="名前（例 架空市） / name in Japanese")]
StationOption = Annotated[
    list[str] | None, typer.Option(help="警察署の名前。署の数だけ繰り返す / police station, repeat")
]
YearOption = Annotated[int | None, typer.Option(help="西暦 / year")]


def init_area(  # noqa: PLR0913, PLR0917 - each is an option of the command
    code: Annotated[str, typer.Argument(help="標準地域コード5桁（例 13104） / five-digit code")],
    name: NameOption = "",
    name_en: Annotated[str, typer.Option(help="英語名 / name in English")] = "",
    parent: Annotated[str, typer.Option(help="都道府県のコード / code of the prefecture")] = "",
    parent_name: NameOption = "",
    parent_name_en: Annotated[
        str, typer.Option(help="都道府県の英語名 / its name in English")
    ] = "",
    station: StationOption = None,
    shared: Annotated[
        list[str] | None,
        typer.Option(help="ほかの市区町村も管轄する署（例 南=隣町） / station shared with others"),
    ] = None,
    document: Annotated[str, typer.Option(help="資料の題 / title of the document")] = "",
    edition: Annotated[str, typer.Option(help="最初の版の名前 / first edition")] = "",
    first_year: YearOption = None,
    last_year: YearOption = None,
    groups_first_year: YearOption = None,
    target_year: YearOption = None,
    target: Annotated[
        str,
        typer.Option(
            help="目標の形: share（割合）、persons（再犯者数）、share-fall、persons-fall（減少率）"
        ),
    ] = "",
    target_base: Annotated[
        int | None, typer.Option(help="減少率の基準の年（省くと最初の年） / base year of a fall")
    ] = None,
    on: Annotated[str, typer.Option("--date", help="版の日付 YYYY-MM-DD（省くと今日）")] = "",
    into: Annotated[
        Path | None, typer.Option(help="作るフォルダ（省くと隣の area-コード） / folder to be made")
    ] = None,
) -> None:
    """ほかの市区町村のための、空の表を持つプロジェクトを作る / Make a project for another municipality."""
    from minato_analysis import data  # noqa: PLC0415
    from minato_analysis.init_area import asked, project, texts  # noqa: PLC0415
    from minato_analysis.init_area.request import InitError  # noqa: PLC0415
    from minato_analysis.project import editions  # noqa: PLC0415
    from minato_analysis.project.program import ProgramError  # noqa: PLC0415

    options: dict[str, Any] = {
        "name": name,
        "name_en": name_en,
        "parent": parent,
        "parent_name": parent_name,
        "parent_name_en": parent_name_en,
        "stations": station or [],
        "shared": shared or [],
        "target": target,
        "target_base": target_base,
        "document": document,
        "edition": edition,
        "first_year": first_year,
        "last_year": last_year,
        "groups_first_year": groups_first_year,
        "target_year": target_year,
    }
    try:
        root = project.model_folder()
        wanted = asked.request(root, code, options, into, asked.day(on))
        left = project.make(root, wanted)
    except (InitError, data.DataError, editions.EditionError, ProgramError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(getattr(error, "exit_code", 1)) from None
    typer.echo(f"{wanted.area.name_ja}のフォルダを作りました / made: {wanted.into}")
    typer.echo(texts.stations(wanted))
    for one in left:
        typer.echo(f"移していないファイル（この地域のことが書かれているため）: {one}")
    typer.echo(f"次にすること: {wanted.into}/README.md")
