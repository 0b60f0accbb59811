"""`python -m reportgen.cli` does what the command `reportgen` does."""

from reportgen.cli import main

main()
