"""`python -m vlmingest`."""

from vlmingest.cli import main

main()
