"""``python -m minato_analysis`` is the same as ``minato``."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the folder the command runs in: no module there may stand in for a library

from minato_analysis.cli import main

main()
