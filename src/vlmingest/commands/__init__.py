"""The commands, one module per group; each is a thin call of a job, the store or a pure function."""
