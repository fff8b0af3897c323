"""``minato diff``."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

Place = Annotated[
    str | None,
    typer.Option(
        metavar="フォルダー|コミット", help="版を作ったファイルの所 / where its files are"
    ),
]


def diff(
    before: Annotated[str, typer.Argument(help="前の版 / the earlier edition")],
    after: Annotated[str, typer.Argument(help="後の版 / the later edition")],
    *,
    a: Place = None,
    b: Place = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="再実行せず、内訳を計算しない / no attribution")
    ] = False,
    environment: Annotated[
        bool,
        typer.Option("--environment", help="環境の違いも分ける（取得に数分） / split environments"),
    ] = False,
) -> None:
    """2つの版の違いと、その内訳（データ、コード、環境、パラメータ） / What changed, and why."""
    from minato_analysis import data  # noqa: PLC0415
    from minato_analysis.difference import compare, page, text  # noqa: PLC0415
    from minato_analysis.published.lock import alone  # noqa: PLC0415

    options = compare.Options(
        before=a, after=b, attribute=not quick, environment=environment, tell=_tell
    )
    try:
        root = data.root()
        with alone(root, _tell), TemporaryDirectory(prefix="minato-diff-") as scratch:
            found = compare.difference(root, before, after, options, Path(scratch))
            typer.echo(text.text(found))
            written = page.write(found, root)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"\n読みやすいページ / as a page: {written}")


def beside(root: Path, edition: str) -> None:
    """Write what changed since the edition before, without attribution, where no such page is yet.

    The front page of an edition leads to it.
    """
    from minato_analysis.difference import compare, page, words  # noqa: PLC0415
    from minato_analysis.project import earlier  # noqa: PLC0415
    from minato_analysis.published import manifest  # noqa: PLC0415

    name = max(earlier.names(root, edition), default="")
    there = root / "reports" / name / manifest.FILE
    if not name or not there.is_file():  # a copy for a rebuild holds no other edition
        return
    if (root / "reports" / edition / words.page_name(name)).is_file():
        return
    with TemporaryDirectory(prefix="minato-diff-") as scratch:
        options = compare.Options(attribute=False)
        page.write(compare.difference(root, name, edition, options, Path(scratch)), root)


def _tell(line: str) -> None:
    typer.echo(line, err=True)
