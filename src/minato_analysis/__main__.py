"""The program's first lines: ``python -m minato_analysis`` is the same as ``minato``.

Loading takes a third of a second; whoever stops the program then is told so, too.
"""

import sys


def main() -> None:
    """Load the command line and run it."""
    try:
        from minato_analysis.cli import main as run  # noqa: PLC0415 - may be interrupted
    except KeyboardInterrupt:
        sys.stderr.write("止めました。 / stopped.\n")
        raise SystemExit(130) from None
    run()


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[
            0
        ]  # the folder the command runs in: no module there may stand in for a library
    main()
