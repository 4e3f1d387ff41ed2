"""The command line, one verb a file: `arguments(parser)` and `run(args) -> exit code`."""
