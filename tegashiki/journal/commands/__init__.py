"""The journal's sub-commands, a module each: `arguments(parser)` and `run(args) -> exit code`."""
