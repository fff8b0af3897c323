"""Make a virtual environment from a closed lock: install what is listed, never resolve anything.

    python3 tools/install.py .venv requirements.lock [--package] [--this-python]

In: a lock file with the hashes of every package (and ``requirements-installer.lock`` with those of the
installers). Out: the folder with the packages, and in it a stamp that says what it holds; without the
stamp the folder counts as half made. Ends in under a tenth of a second where the stamp says all is there.

The way: venv, then pip fetches the locked `uv` and uv installs the lock; where uv has no wheel or cannot
reach the index pip is set up for, the locked pip does all (``MINATO_INSTALLER=pip`` asks for that). Both
are called so that nothing is chosen on the day: no dependencies followed, hashes required, wheels only.
``MINATO_WHEELHOUSE=DIR`` takes the wheels from a folder and asks no index.

Only the standard library, and nothing newer than Python 3.7 in the grammar: the wrong Python must be able
to say which one is right. Exit code 2: could not be done, with one sentence that says what to do.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INSTALLERS = os.path.join(HERE, "requirements-installer.lock")
STAMP = ".installed"
BEGUN = ".begun"
ROOM = 1500
"""Megabytes a whole installation may take; measured: 900 with uv, 1,300 with pip, tests included."""

CLOSED = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]


class Stop(Exception):
    """What ends the installation: a code, a Japanese and an English sentence."""

    def __init__(self, code, japanese, english):
        super().__init__(f"{code} {japanese}\n  {english}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("lock")
    parser.add_argument("--package", action="store_true", help="install this project as well")
    parser.add_argument(
        "--this-python", action="store_true", help="not an environment of another Python"
    )
    asked = parser.parse_args()
    folder, lock = os.path.abspath(asked.folder), os.path.join(HERE, asked.lock)
    try:
        if not ready(folder, lock, asked.this_python):
            install(folder, lock, asked.package)
    except Stop as stop:
        say(str(stop))
        return 2
    except KeyboardInterrupt:
        say("E9-INTERRUPTED 中断しました。もう一度同じ命令を実行すると、はじめから作り直します。")
        say("  Interrupted. The same command begins anew.")
        return 130
    return 0


# ---- what is there already ------------------------------------------------------------------------------


def ready(folder, lock, this_python):
    """Tell whether `folder` holds what `lock` lists, made here and by a Python that still runs."""
    stamp = read_stamp(folder)
    if stamp is None or stamp.get("folder") != folder or not os.path.exists(python_of(folder)):
        return False
    if this_python and stamp["python"] != version():
        say(
            f"環境 {os.path.relpath(folder)} は Python {stamp['python']} のものなので、Python {version()} で"
            "作り直します。 / made anew with this Python."
        )
        return False
    return stamp["contents"].get(os.path.basename(lock)) == contents(lock)


def read_stamp(folder):
    try:
        with open(os.path.join(folder, STAMP), encoding="utf-8") as stream:
            found = json.load(stream)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def contents(lock):
    """Return the hash of all that decides what is installed."""
    found = hashlib.sha256()
    for file in (INSTALLERS, lock, os.path.join(HERE, "pyproject.toml")):
        with open(file, "rb") as stream:
            found.update(stream.read())
    return found.hexdigest()


# ---- what can be known in the first second --------------------------------------------------------------


def look(folder):
    """Refuse at once what cannot end well."""
    low, high = bounds()
    if not low <= sys.version_info[:2] < high:
        raise Stop(
            "E9-PYTHON",
            f"Python {dotted(low)} 以上 {dotted(high)} 未満が要ります（これは {version()}）。"
            "入っているものを make PYTHON=/path/to/python3.12 … のように指定してください。",
            f"Python {dotted(low)} or newer, below {dotted(high)}, is needed; this is {version()}. "
            "Use: make PYTHON=/path/to/python3.12 …",
        )
    try:
        import ensurepip  # noqa: F401, PLC0415 - whether it is there is the question
        import venv  # noqa: F401, PLC0415
    except ImportError:
        raise Stop(
            "E9-VENV",
            "この Python には venv がありません。Debian・Ubuntu では apt install python3-venv で入ります。",
            "This Python lacks venv: on Debian and Ubuntu, apt install python3-venv.",
        ) from None
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise Stop(
            "E9-FOLDER",
            f"{folder} を作れません（{error.strerror}）。"
            "プロジェクトを、書き込める所に写してから実行してください。",
            "The environment's folder cannot be made; copy the project to a place you can write to.",
        ) from None
    if os.path.isdir(folder) and os.listdir(folder) and not ours(folder):
        raise Stop(
            "E9-OTHER",
            f"{folder} は、このプロジェクトが作った環境ではありません。よそへ移すか、make clean で消してから"
            "もう一度実行してください。",
            "This environment was not made by this project: move it away or run make clean, then try again.",
        )
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < ROOM:
        raise Stop(
            "E9-DISK",
            f"空きが {free} MB しかありません（{ROOM} MB 要ります）。空けてからもう一度実行してください。",
            f"Only {free} MB are free here, {ROOM} MB are needed.",
        )


def bounds():
    """Return the lowest supported Python and the first one that is not, as ``pyproject.toml`` says."""
    with open(os.path.join(HERE, "pyproject.toml"), encoding="utf-8") as stream:
        said = re.search(r'requires-python = ">=(\d+)\.(\d+),<(\d+)\.(\d+)"', stream.read())
    numbers = [int(one) for one in said.groups()]
    return tuple(numbers[:2]), tuple(numbers[2:])


def ours(folder):
    return any(os.path.exists(os.path.join(folder, name)) for name in (STAMP, BEGUN))


def dotted(pair):
    return ".".join(map(str, pair))


def version():
    return ".".join(map(str, sys.version_info[:3]))


# ---- the installation -----------------------------------------------------------------------------------


def install(folder, lock, package):
    """Make the environment; add to the one that is there where it is whole and only this lock is missing."""
    stamp = read_stamp(folder)
    name = os.path.basename(lock)
    added_to = stamp is not None and stamp.get("folder") == folder and stamp.get("whole") == whole()
    if not added_to or name in stamp["contents"] or not os.path.exists(python_of(folder)):
        look(folder)
        say(f"環境を用意しています（初めてのときだけ） / setting up {os.path.relpath(folder)}")
        stamp = {"folder": folder, "python": version(), "whole": whole(), "contents": {}}
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
    else:
        os.replace(os.path.join(folder, STAMP), os.path.join(folder, BEGUN))
    with open(os.path.join(folder, BEGUN), "a", encoding="utf-8"):
        pass
    if not os.path.exists(python_of(folder)):
        call([sys.executable, "-m", "venv", folder], "E9-VENV")
    if not (with_uv(folder, lock, package) or with_pip(folder, lock, package)):
        raise AssertionError("with_pip ends in an environment or in a sentence")
    stamp["contents"][name] = contents(lock)
    temporary = os.path.join(folder, STAMP + ".new")
    with open(temporary, "w", encoding="utf-8") as stream:
        json.dump(stamp, stream)
    os.replace(temporary, os.path.join(folder, STAMP))
    os.remove(os.path.join(folder, BEGUN))


def whole():
    """Return what an environment must agree in to be added to."""
    with open(INSTALLERS, "rb") as one, open(os.path.join(HERE, "pyproject.toml"), "rb") as other:
        return hashlib.sha256(one.read() + other.read()).hexdigest()


def with_uv(folder, lock, package):
    """Install through uv; False where that way is closed and pip's may be open."""
    if os.environ.get("MINATO_INSTALLER") == "pip":
        return False
    uv = os.path.join(
        os.path.dirname(python_of(folder)), "uv" + (".exe" if os.name == "nt" else "")
    )
    pip = [python_of(folder), "-m", "pip", *PIP]
    if not os.path.exists(uv):
        run([*pip, "install", *CLOSED, *source(), "-r", INSTALLERS])
    if not os.path.exists(uv):
        return False
    into = ["--python", python_of(folder), "--quiet"]
    steps = [["install", *into, *CLOSED, *source(), "-r", lock]]
    if package:
        steps.append(
            ["install", *into, "--no-deps", "--no-build-isolation", "--offline", "-e", HERE]
        )
    steps.append(["check", *into])
    for step in steps:
        done = run([uv, "pip", *step])
        if done.returncode and re.search(
            "(?i)hash mismatch|os error 28|no space left", done.stderr
        ):
            raise refused(lock, done.stderr)
        if done.returncode and step[0] == "check":
            raise refused(lock, done.stdout + done.stderr)
        if done.returncode:
            return False
    return True


PIP = ["--disable-pip-version-check", "--no-input", "--quiet", "--retries", "2"]


def with_pip(folder, lock, package):
    """Install through the locked pip."""
    pip = [python_of(folder), "-m", "pip", *PIP]
    steps = [
        ["install", *CLOSED, *source(), "-r", pip_alone(folder)],
        ["install", *CLOSED, *source(), "-r", lock],
    ]
    if package:
        steps.append(["install", "--no-deps", "--no-build-isolation", "--no-index", "-e", HERE])
    steps.append(["check"])
    for step in steps:
        done = run([*pip, *step])
        if done.returncode:
            raise refused(lock, done.stdout + done.stderr)
    return True


def pip_alone(folder):
    """Return a lock with pip's own lines: where uv has no wheel, pip must still be the locked one."""
    with open(INSTALLERS, encoding="utf-8") as stream:
        entries = re.findall(r"(?m)^pip==(?:.*\\\n)*.*\n?", stream.read())
    file = os.path.join(folder, "pip.lock")
    with open(file, "w", encoding="utf-8") as stream:
        stream.write("".join(entries))
    return file


def source():
    """Return where wheels come from: the index the installer is set up for, or a folder alone."""
    wheelhouse = os.environ.get("MINATO_WHEELHOUSE")
    return ["--no-index", "--find-links", os.path.abspath(wheelhouse)] if wheelhouse else []


def refused(lock, said):
    """Return the sentence for a lock that could not be installed."""
    lines = [one.strip() for one in said.splitlines() if one.strip()]
    text = "\n  ".join(lines[-6:])
    name = os.path.basename(lock)
    if re.search("(?i)hash(es)? (mismatch|do not match)|DO NOT MATCH THE HASHES", said):
        return Stop(
            "E9-HASH",
            f"{name} の検査値と、届いたファイルの検査値が違います。"
            f"{name} を元に戻してください（git checkout {name}）。"
            "それでも続くなら、届いたファイルが公表されたものと違います。使わないでください。",
            "A file does not have the hash of the lock.\n  " + text,
        )
    if re.search("(?i)os error 28|no space left", said):
        return Stop(
            "E9-DISK", "途中で空きがなくなりました。空けてからもう一度実行してください。", text
        )
    if os.environ.get("MINATO_WHEELHOUSE"):
        return Stop(
            "E9-WHEELHOUSE",
            "{} のライブラリが {} に揃っていません（下の行）。".format(
                name, os.environ["MINATO_WHEELHOUSE"]
            ),
            text,
        )
    return Stop(
        "E9-INDEX",
        f"{name} のライブラリを取得できませんでした。"
        "通信（代理サーバーの設定）を確かめて、もう一度実行してください。"
        "通信できない計算機では、ライブラリ入りの保存用フォルダを使い、make … WHEELHOUSE=DIR とします。",
        "The packages could not be fetched: check the network (proxy), or use WHEELHOUSE=DIR.\n  "
        + text,
    )


def python_of(folder):
    return (
        os.path.join(folder, "Scripts", "python.exe")
        if os.name == "nt"
        else os.path.join(folder, "bin", "python")
    )


def run(command):
    """Run a command with what it says kept; the caller's Python settings do not reach it."""
    steering = (
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONSTARTUP",
        "VIRTUAL_ENV",
        "PIP_REQUIRE_VIRTUALENV",
    )
    kept = {name: value for name, value in os.environ.items() if name not in steering}
    if not (kept.get("HOME") or os.name == "nt"):  # uv keeps its cache there
        kept.setdefault("UV_NO_CACHE", "1")
    return subprocess.run(  # noqa: PLW1510 - every caller looks at the exit code
        command,
        env=kept,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )


def call(command, code):
    done = run(command)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Stop(
            code,
            f"環境を作れませんでした（{said[-1] if said else done.returncode}）。",
            "The environment could not be made.",
        )


def say(text):
    """Print on the error stream, in UTF-8 whatever the locale."""
    stream = getattr(sys.stderr, "buffer", None)
    if stream is None:
        sys.stderr.write(text + "\n")
        return
    stream.write((text + "\n").encode("utf-8"))
    stream.flush()


if __name__ == "__main__":
    sys.exit(main())
