"""The review queue: operations for the command line, and how a question looks in a terminal."""
