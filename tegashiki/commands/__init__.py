"""Commands of the command line that join rooms; those of the archive live in `journal.commands`."""
