"""`minato …`: thin commands over the package; heavy parts are imported where they are used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from minato_analysis.audit import commands as audit
from minato_analysis.difference import command as difference
from minato_analysis.drafts import commands as year
from minato_analysis.init_area.command import init_area
from minato_analysis.project import program, yamls
from minato_analysis.project.own_code import hand_over
from minato_analysis.project.program import PIN, ProgramError

_STOPPED = 130
_STOPPED_SENTENCE = "止めました。データも版も、前のままか、新しいものかのどちらかです。 / stopped."

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="公表数値の再現できる分析 / Reproducible analysis of public statistics.",
)

EditionArgument = Annotated[
    str | None, typer.Argument(help="版の名前（省くと最新の版） / edition, by default the newest")
]


@app.command()
def report(
    edition: EditionArgument = None,
    built: Annotated[
        str, typer.Option(help="新しい版の日付 YYYY-MM-DD（省くと今日） / date of a new edition")
    ] = "",
    areas: Annotated[
        Path | None,
        typer.Option(
            help="多くの地域の表（CSV）から地域ごとのページを作る（--example で例） / a page for each area"
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="--areas のページの置き場所")] = None,
    dask: Annotated[
        str, typer.Option(help="--areas を Dask で分担する / address of a Dask scheduler")
    ] = "",
) -> None:
    """表を読み、ノートブックを実行し、報告書を作る / Read, run, render."""
    if areas:
        _report_areas(areas, out, dask)
        return
    from minato_analysis.project import editions  # noqa: PLC0415
    from minato_analysis.published.lock import alone  # noqa: PLC0415
    from minato_analysis.tasks import build, published  # noqa: PLC0415

    root = _root()
    try:
        with alone(root, _say):
            name = edition or editions.newest(root).edition
            if name not in editions.names(root):
                _begin(root, name, built)
            editions.load(root, name)
            outcome = published.report(root, name, typer.echo)
            if not (outcome.refusal or outcome.problems or published.in_ledger(root, name)):
                difference.beside(root, name)
    except ValueError as error:
        raise typer.Exit(_say(str(error), error)) from None
    if outcome.refusal:
        raise typer.Exit(_say(outcome.refusal))
    if outcome.problems:
        _say("\n\n".join(outcome.problems))
        if any(one.startswith("E3-STOPPED") for one in outcome.problems):
            raise typer.Exit(_STOPPED)
        typer.echo(f"\n前の版はそのまま残っています / unchanged: reports/{name}/", err=True)
        raise typer.Exit(1)
    typer.echo("\n開くファイル / open these files:")
    for page, what in build.doors(root, name):
        typer.echo(f"  {page.relative_to(root).as_posix():44} {what}")


@app.command()
def correct(
    edition: Annotated[str, typer.Argument(help="公表した版の名前 / a published edition")],
    why: Annotated[
        str, typer.Option(help="訂正の理由（1文、120字まで） / the reason, one sentence")
    ],
    on: Annotated[str, typer.Option(help="訂正の日付 YYYY-MM-DD（省くと今日） / its date")] = "",
) -> None:
    """公表した版を、理由を付けて訂正する / Correct a published edition, with a reason."""
    from minato_analysis.project import days, editions  # noqa: PLC0415
    from minato_analysis.published import ledger  # noqa: PLC0415
    from minato_analysis.published.lock import alone  # noqa: PLC0415
    from minato_analysis.tasks import COMMITTED_LOCK, correction  # noqa: PLC0415

    root = _root()
    values = {"date": on or days.today().isoformat(), "why": " ".join(why.split())}
    try:
        one = editions.validate(editions.Correction, values, "minato correct", strict=False)
        with alone(root, _say):
            typer.echo(f"版 {edition} を今のデータとプログラムで作り直します（1分ほど）。")
            correction.correct(root, edition, one)
    except ValueError as error:
        _say(str(error))
        raise typer.Exit(
            _say(f"\n公表された版はそのままです / unchanged: reports/{edition}/")
        ) from None
    typer.echo(f"訂正しました / corrected: reports/{edition}/（{one.date}、{one.why}）")
    typer.echo(ledger.read(root).splitlines()[-1])
    changed = ("data", "reports", COMMITTED_LOCK, "environment.yml", PIN)
    typer.echo(
        "初めに公表した見込み（projections.json）はそのままです。\n"
        f"git add {' '.join(one for one in changed if (root / one).exists())}"
        " と git commit で記録してください。"
    )


def _report_areas(table: Path, out: Path | None, dask: str) -> None:
    from minato_analysis.areas import command  # noqa: PLC0415
    from minato_analysis.areas.table import EXAMPLE  # noqa: PLC0415

    if table == Path("--example"):
        typer.echo(EXAMPLE, nl=False)
        return
    try:
        page = command.report(_root(), table, out=out, dask=dask or None, say=typer.echo)
    except ValueError as error:
        raise typer.Exit(_say(str(error), error)) from None
    typer.echo(f"\n開くファイル / open this file:\n  {os.path.relpath(page)}")


@app.command()
def check() -> None:
    """公表された表を、形式、恒等式、もっともらしさの順に確かめる / Check format, identities, plausibility."""
    from minato_analysis.drafts import check_page, ladder  # noqa: PLC0415
    from minato_analysis.project import editions  # noqa: PLC0415
    from minato_analysis.project.files import write_text  # noqa: PLC0415

    root = _root()
    try:
        steps = ladder.climb(root)
    except ValueError as error:
        raise typer.Exit(_say(str(error), error)) from None
    for number, step in enumerate(steps, 1):
        typer.echo(f"{number} {step.name}: {step.summary}")
        for sentence in step.errors:
            typer.echo(f"  誤り {sentence}", err=True)
        for sentence in step.warnings:
            typer.echo(f"  注意 {sentence}")
    _say_waiting(root)
    if editions.names(root):
        write_text(root / check_page.FILE, check_page.check_page(steps, root))
        typer.echo(f"読みやすいページ / as a page: {check_page.FILE}")
    if any(step.errors for step in steps):
        raise typer.Exit(1)


@app.command()
def seal() -> None:
    """公表表の訂正や、記入した表を記録する / Record corrected tables, and those that were filled in."""
    from minato_analysis import data  # noqa: PLC0415
    from minato_analysis.init_area import waiting  # noqa: PLC0415
    from minato_analysis.published.lock import alone  # noqa: PLC0415

    root = _root()
    with alone(root, _say):
        taken, gone, problems = waiting.admit(root)
        changed = data.seal(root)
    for path in taken:
        typer.echo(f"データに加えました: data/{path}")
    for path in gone:
        typer.echo(f"データから外しました（数値がすべて空のため）: data/{path}")
    if problems:
        raise typer.Exit(_say("\n".join(problems)))
    for path in changed:
        typer.echo(f"checksum を更新しました: data/{path}")
    if not (taken or gone or changed):
        typer.echo("変わった表はありません。")


@app.command()
def update() -> None:
    """データだけのプロジェクトを、今の minato に移す / Take a project of data only to this minato."""
    from minato_analysis.init_area import pin  # noqa: PLC0415

    typer.echo(pin.update(_root()))


@app.command()
def new_notebook(
    name: Annotated[
        str, typer.Argument(help="ページの名前（例 08_my_question） / name of the page")
    ],
    label: Annotated[str, typer.Option(help="目次に載せる言葉 / its label")] = "新しい問い",
) -> None:
    """自分の問いのためのノートブックを、ひな形から作る / A notebook for a question of your own."""
    from minato_analysis.reporting import new_notebook  # noqa: PLC0415

    root = _root()
    try:
        file = new_notebook.create(root, name, label)
    except ValueError as error:
        raise typer.Exit(_say(str(error))) from None
    typer.echo(f"作りました / created: {file.relative_to(root).as_posix()}")
    opened = "make lab で" if program.home(root) == root else "JupyterLab で"
    typer.echo(
        f"{opened}開いて書き換えてください。minato report で build/<版>/pages/ にページができます"
        "（公表した版は変わりません）。"
    )


@app.command()
def watch(
    notebook: Annotated[
        str,
        typer.Argument(
            help="ノートブック（省くと、どれでも最後に保存したもの） / by default the one saved last"
        ),
    ] = "",
) -> None:
    """保存するたびにそのノートブックのページを作り直し、ブラウザーに出す / Rebuild a page at each save."""
    from minato_analysis.tasks import watch as watching  # noqa: PLC0415

    root = _root()
    try:
        watching.watch(root, Path(notebook).stem, typer.echo)
    except ValueError as error:
        raise typer.Exit(_say(str(error), error)) from None


for _command in (
    init_area,
    year.new_year,
    year.accept,
    year.unaccept,
    audit.verify,
    audit.explain,
    audit.bundle,
    audit.workbook,
    audit.take_away,
    audit.certify,
    audit.ledger,
):
    app.command()(_command)
app.command()(difference.diff)


def _begin(root: Path, name: str, built: str) -> None:
    """Begin an edition that is not there yet, where the data have something new."""
    from minato_analysis.drafts import edition  # noqa: PLC0415
    from minato_analysis.project import days  # noqa: PLC0415

    file = edition.begin(root, name, days.day(built) if built else days.today())
    if file:
        typer.echo(f"新しい版を始めます / a new edition: {file.relative_to(root).as_posix()}")


def _say_waiting(root: Path) -> None:
    from minato_analysis.init_area import waiting  # noqa: PLC0415

    for sentence in waiting.notes(root):
        typer.echo(f"  {sentence}")


def _root() -> Path:
    from minato_analysis import data  # noqa: PLC0415

    try:
        return data.root()
    except data.DataError as error:
        raise typer.Exit(_say(str(error), error)) from None


def _say(message: str, error: ValueError | None = None) -> int:
    """Say what is wrong; return the exit code: 2 for what a slip or the machine stops, else 1."""
    typer.echo(message, err=True)
    return getattr(error, "exit_code", 1)


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("PYTHONUTF8", "1")
    try:
        hand_over()
        app()
    except KeyboardInterrupt:
        _say(_STOPPED_SENTENCE)
        raise SystemExit(_STOPPED) from None
    except SystemExit as end:
        if (
            end.code == _STOPPED
        ):  # Typer ends like this where a command is interrupted, and says nothing
            _say(_STOPPED_SENTENCE)
        raise
    except (yamls.SlipError, ProgramError) as error:
        raise SystemExit(_say(str(error), error)) from None
    except OSError as error:
        what = f"{error.filename or ''}: {error.strerror or error}"
        _say(f"E0-DISK {what}。空き容量と、読み書きの権限を確かめてください。")
        raise SystemExit(2) from None
