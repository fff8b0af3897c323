"""``minato.yaml`` of a project of data only: which program makes it.

In: a project folder. Out: the file, and what it says in a sentence. The commit of the program stands in it
where the program's files are as the commit has them: that is where the program of an old project is found.
"""

from __future__ import annotations

from pathlib import Path

from minato_analysis.project import program
from minato_analysis.project.files import write_text
from minato_analysis.published import history


def text() -> str:
    """Return the text of ``minato.yaml`` for the running program."""
    names = program.names(program.HOME)
    clean = history.uncommitted(program.HOME, names) == []
    said = history.git(program.HOME, "rev-parse", "HEAD") if clean else None
    return program.written(said.decode().strip() if said else "")


def update(root: Path) -> str:
    """Let a project name the running program from now on, and say what comes next.

    Raises
    ------
    ProgramError
        ``E0-CARRIED``: the project carries a program of its own; ``E0-INSTALLED``: this one lacks its
        notebooks.
    """
    if (root / program.PACKAGE).exists():
        raise program.ProgramError(
            f"E0-CARRIED {program.PACKAGE}: このプロジェクトは自分のプログラムを持っています。入っている "
            "minato に移すには、src と、自分で直していない notebooks を消してから実行してください。"
        )
    now = text()
    file = root / program.PIN
    if file.is_file() and file.read_text(encoding="utf-8") == now:
        return "今の minato のプロジェクトです。"
    write_text(file, now)
    return (
        f"{program.PIN} を書きました。次は minato report です。公表した版の数値や文が変わるときは、"
        "作り直しは止まり、違うところが示されます（訂正は minato correct）。"
    )
