"""The audit's commands: ``minato verify``, ``explain``, ``bundle``, ``ledger``, ``take-away``."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from minato_analysis.project.files import write_all

EditionArgument = Annotated[
    str | None, typer.Argument(help="版の名前（省くと最新の版） / edition, by default the newest")
]
MARK = "data/datapackage.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What an edition can be called: a folder of its own, and none outside."""


def verify(
    edition: EditionArgument = None,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="実行せずに照合 / records only")] = False,
    tamper_test: Annotated[
        bool, typer.Option("--tamper-test", help="判定が破れを見つけるか / can the verdict fail?")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="JSONで出力 / machine output")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="環境を新しく作って判定 / in an environment made anew")
    ] = False,
) -> None:
    """公表物が公表表から出てくるかを判定する（0 確認済み、1 不一致、2 未完了） / Does it follow?"""
    from minato_analysis.audit import show  # noqa: PLC0415

    root, name = _project(edition)
    if fresh:
        from minato_analysis.audit import fresh as anew  # noqa: PLC0415

        asked = {"--quick": quick, "--tamper-test": tamper_test, "--json": json}
        try:
            code = anew.run(root, ["verify", name, *(one for one, on in asked.items() if on)])
        except (anew.NoEnvironment, OSError) as error:
            typer.echo(f"判定 2  確認を完了できませんでした\n  {error}", err=True)
            code = 2
        raise typer.Exit(code)
    if tamper_test:
        from minato_analysis.audit import tamper  # noqa: PLC0415

        try:
            results = tamper.run(root, name, tell=None if json else typer.echo)
        except tamper.NoBaseline as error:
            typer.echo(f"判定 2  確認を完了できませんでした\n  {error}", err=True)
            raise typer.Exit(2) from None
        if json:
            typer.echo(show.json_text(tamper.as_json(results)))
        else:
            typer.echo(tamper.summary(results))
        raise typer.Exit(tamper.exit_code(results))
    from minato_analysis.audit import verify as audit  # noqa: PLC0415

    try:
        verdict = audit.quickly(root, name) if quick else audit.fully(root, name)
    except Exception as error:  # whatever stops an audit must not look like a verdict
        typer.echo(
            f"判定 2  確認を完了できませんでした\n  {type(error).__name__}: {error}", err=True
        )
        raise typer.Exit(2) from None
    typer.echo(show.json_text(show.as_json(verdict)) if json else show.text(verdict))
    raise typer.Exit(verdict.exit_code)


def explain(
    asked: Annotated[
        str,
        typer.Argument(
            help="記録名、掲載値、文の一部、ページの所（….html#文）、セル（図表2-10!2022） / what to trace"
        ),
    ],
    edition: EditionArgument = None,
) -> None:
    """数値から印刷されたセルまで、セルから掲載箇所までたどる / Trace a number or a cell."""
    from minato_analysis.audit.explain import Explainer, NotFound  # noqa: PLC0415

    root, name = _project(edition)
    try:
        lines = Explainer(root, name).explain(asked)
    except (NotFound, ValueError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1 if isinstance(error, NotFound) else 2) from None
    typer.echo("\n".join(lines))


def ledger(
    action: Annotated[str, typer.Argument(help="list、add、sign、verify、strip")] = "list",
    edition: EditionArgument = None,
    *,
    key: Annotated[Path | None, typer.Option(help="sign に使うSSHの鍵 / SSH key")] = None,
    signers: Annotated[
        Path | None, typer.Option(help="verify に使う、名前と公開鍵の一覧 / allowed signers")
    ] = None,
) -> None:
    """公表した版の台帳: 一覧、記録、署名、署名の確認、議事録用の控え / The ledger of published editions."""
    from minato_analysis.published import anchors  # noqa: PLC0415
    from minato_analysis.published import ledger as book  # noqa: PLC0415

    root, name = _project(edition)
    try:
        if action == "list":
            _list(root)
        elif action == "add":
            typer.echo(_add(root, name))
        elif action == "sign" and key:
            typer.echo(anchors.sign(root, key).relative_to(root).as_posix())
        elif action == "verify":
            typer.echo(anchors.signed_by(root, signers))
        elif action == "strip":
            typer.echo(anchors.strip(root))
        else:
            told = "sign には --key で鍵を指定してください。" if action == "sign" else ""
            told = (
                told
                or f"「{action}」はできません。list、add、sign、verify、strip から選んでください。"
            )
            typer.echo(f"E5-LEDGER {told}", err=True)
            raise typer.Exit(2)
    except (book.LedgerError, anchors.NotSigned) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(getattr(error, "exit_code", 1)) from None


def _list(root: Path) -> None:
    from minato_analysis.published import ledger as book  # noqa: PLC0415

    text = book.read(root)
    typer.echo("\n".join(book.lines(text)))
    found = [*book.check_lines(text), *book.over_time(root)]
    for one in found:
        typer.echo(f"{one.code} {one.place}: {one.message}", err=True)
    raise typer.Exit(int(any(one.severity == "different" for one in found)))


def _add(root: Path, name: str) -> str:
    """Enter an edition and return its line."""
    from minato_analysis.audit import quick  # noqa: PLC0415
    from minato_analysis.published import ledger as book  # noqa: PLC0415
    from minato_analysis.published import manifest  # noqa: PLC0415
    from minato_analysis.published.lock import alone  # noqa: PLC0415

    found, record = quick.check(root, name)
    wrong = [one for one in found if one.severity != "note" and one.stage != "ledger"]
    if wrong or record is None:
        typer.echo(f"{wrong[0].code} {wrong[0].place}: {wrong[0].message}", err=True)
        typer.echo(
            "記録と合わない版は台帳に載せられません。`make report` のあとにしてください。", err=True
        )
        raise typer.Exit(1)
    sha = manifest.sha256((root / "reports" / name / manifest.FILE).read_bytes())
    try:
        with alone(root, lambda told: typer.echo(told, err=True)):
            return book.add(root, name, record.date, sha)
    except OSError as error:
        told = (
            f"E5-LEDGER {book.FILE}: 書き込めませんでした（{error.strerror}）。台帳は元のままです。"
        )
        typer.echo(told, err=True)
        raise typer.Exit(2) from None


def certify(
    edition: EditionArgument = None,
    *,
    by: Annotated[str, typer.Option("--as", help="確認する人の名前 / your name")],
    on: Annotated[str, typer.Option(help="日付 YYYY-MM-DD（省くと今日） / date")] = "",
    to: Annotated[Path | None, typer.Option(help="置く所（省くと dist/） / folder")] = None,
) -> None:
    """第二の人の確認書を作る: 判定、人への問い、codecheck.yml / A second person's certificate."""
    from minato_analysis.audit import certify  # noqa: PLC0415
    from minato_analysis.audit import verify as audit  # noqa: PLC0415
    from minato_analysis.project import days  # noqa: PLC0415
    from minato_analysis.published import (  # noqa: PLC0415
        anchors,
        manifest,
        words,
    )
    from minato_analysis.published import ledger as book  # noqa: PLC0415

    root, name = _project(edition)
    date = days.day(on).isoformat() if on else days.today().isoformat()
    typer.echo(f"版 {name} を作り直して確かめます（1分ほど）。")
    verdict = audit.fully(root, name)
    typer.echo(words.headline(verdict))
    if verdict.exit_code:
        typer.echo(
            "確認済みでない版の確認書は作りません。`minato verify` を見てください。", err=True
        )
        raise typer.Exit(verdict.exit_code)
    choices = "、".join(f"{n} {one}" for n, one in enumerate(certify.ANSWERS, 1))
    answers = []
    for asked in certify.QUESTIONS:
        number = 0
        while number not in (1, 2, 3):
            number = typer.prompt(f"{asked}\n  {choices}", type=int)
        answers.append(certify.ANSWERS[number - 1])
    try:
        strip = anchors.strip(root)
    except book.LedgerError as error:
        strip = str(error)
    about = manifest.load(root, name).parameters
    folder = to or root / "dist" / f"certificate-{name}"
    write_all(
        {
            folder / "codecheck.yml": certify.codecheck(verdict, about, by, date, answers),
            folder / "certificate.html": certify.page(verdict, by, date, answers, strip, about),
        }
    )
    typer.echo(f"{folder}\n印刷して署名してください / print and sign: certificate.html")


def workbook(
    edition: EditionArgument = None,
    *,
    to: Annotated[Path | None, typer.Option(help="ファイル（省くと dist/） / file")] = None,
) -> None:
    """掲載値を、印刷されたセルの上の計算式で確かめる表（xlsx） / Live formulas over the printed cells."""
    from minato_analysis.audit import workbook as made  # noqa: PLC0415

    root, name = _project(edition)
    file = to or root / "dist" / f"audit-{name}.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(made.content(root, name))
    typer.echo(file)


def take_away(
    edition: EditionArgument = None,
    *,
    to: Annotated[Path | None, typer.Option(help="ファイル（省くと dist/） / file")] = None,
) -> None:
    """表、図、数値と、会議資料のPDFを一つのZIPに / Tables, figures, numbers and the report as PDF."""
    from minato_analysis.audit import take_away as made  # noqa: PLC0415
    from minato_analysis.published import sheets  # noqa: PLC0415

    root, name = _project(edition)
    folder = root / "reports" / name
    report = sheets.pdf(folder / "council_report.html")
    file = to or root / "dist" / f"take-away-{name}.zip"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(made.content(root, name, folder, report or b""))
    typer.echo(file)
    if not report:
        typer.echo("印刷できるブラウザー（Chromium）がないので、会議資料のPDFは入っていません。")


def bundle(
    edition: EditionArgument = None,
    *,
    to: Annotated[
        Path | None, typer.Option(help="置く所（省くと dist/） / folder of the bag")
    ] = None,
    with_libraries: Annotated[
        bool,
        typer.Option("--with-libraries", help="ライブラリも入れる / with the locked libraries"),
    ] = False,
    platform: Annotated[
        Literal["here", "all"],
        typer.Option(help="どの計算機のライブラリか / libraries for which machines"),
    ] = "here",
    wheelhouse: Annotated[
        Path | None,
        typer.Option(
            help="ライブラリのあるフォルダー（省くと取得する） / folder of wheels", exists=True
        ),
    ] = None,
) -> None:
    """版を保存用にまとめる（BagIt、SHA-512） / Bag an edition for an archive."""
    from minato_analysis.audit import bundle as bags  # noqa: PLC0415
    from minato_analysis.audit.libraries import NoLibraries  # noqa: PLC0415
    from minato_analysis.published.lock import alone  # noqa: PLC0415

    root, name = _project(edition)
    try:
        with alone(root, lambda told: typer.echo(told, err=True)):
            made = bags.bundle(
                root,
                name,
                to or root / "dist" / f"edition-{name}",
                with_libraries=with_libraries or wheelhouse is not None or platform == "all",
                every_machine=platform == "all",
                wheelhouse=wheelhouse,
            )
    except (bags.NotBundled, NoLibraries) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(getattr(error, "exit_code", 1)) from None
    typer.echo(f"{made}\n最初に開くファイル / start here: {bags.START}")


def _project(edition: str | None) -> tuple[Path, str]:
    """Return project folder and edition, found without reading any data."""
    named = os.environ.get("MINATO_ROOT")
    here = Path(named).resolve() if named else Path.cwd().resolve()
    root = next((one for one in (here, *here.parents) if (one / MARK).is_file()), None)
    if root is None:
        typer.echo(
            f"E0-ROOT {here}: {MARK} が見つかりません。リポジトリの中で実行してください。", err=True
        )
        raise typer.Exit(2)
    names = sorted(one.parent.name for one in (root / "reports").glob("*/edition.yaml"))
    if not names and edition is None:
        typer.echo("E0-EDITION reports/: 版がありません。", err=True)
        raise typer.Exit(2)
    if edition is not None and not NAME.fullmatch(edition):
        typer.echo(
            f"E5-EDITION 「{edition}」は版の名前ではありません。ある版: {'、'.join(names)}",
            err=True,
        )
        raise typer.Exit(2)
    return root, names[-1] if edition is None else edition
