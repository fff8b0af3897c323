"""``python -m minato_analysis`` is the same as ``minato``."""

from minato_analysis.cli import main

main()
