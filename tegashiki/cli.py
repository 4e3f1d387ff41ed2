"""The command line: joins the rooms, knows what each is called and nothing of how it works.

    tegashiki run ink2tex --profile quick
    tegashiki ls --status ok
    tegashiki show latest

A sub-command is one module with `arguments(parser)` and `run(args) -> exit code`, imported only
when it is the one that was asked for. To add one, name it in COMMANDS.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from tegashiki import __version__
from tegashiki.errors import TegashikiError

# name: (module, help)
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("tegashiki.commands.run", "execute a series or a notebook, archive the runs"),
    "sweep": ("tegashiki.commands.sweep", "a grid of runs at once, on Dask"),
    "ls": ("tegashiki.commands.ls", "list the archived runs"),
    "show": ("tegashiki.commands.show", "show one run"),
    "tag": ("tegashiki.commands.tag", "tags of a run, and why it was made"),
    "watch": ("tegashiki.commands.watch", "follow a run while it goes on"),
    "curves": ("tegashiki.commands.curves", "the curves of runs in one frame"),
    "diff": ("tegashiki.commands.diff", "every cause for which two runs differ"),
    "resume": ("tegashiki.commands.resume", "go on with a run that stopped early"),
    "verify": ("tegashiki.commands.verify", "do a run again and judge what came out"),
    "cron": ("tegashiki.commands.cron", "the lines that run a series every night"),
    "site": ("tegashiki.commands.site", "the archive as a static site"),
    "bundle": ("tegashiki.commands.bundle", "one run as one file"),
    "ingest": ("tegashiki.commands.ingest", "take in runs that were made elsewhere"),
    "export": ("tegashiki.commands.export", "a run for MLflow, RO-Crate, the Hub and others"),
    "push": ("tegashiki.commands.push", "copy artifacts to the store"),
    "pull": ("tegashiki.commands.pull", "fetch artifacts from the store"),
    "prune": ("tegashiki.commands.prune", "let artifacts go that the rules do not keep"),
    "check": ("tegashiki.commands.check", "manifests, sizes, secrets, rights, lineage, index"),
    "sign": ("tegashiki.commands.sign", "vouch for runs with an ssh key"),
    "withdraw": ("tegashiki.commands.withdraw", "take pictures out of a run that may not be shown"),
    "preprocess": ("tegashiki.commands.preprocess", "a set of any size as TFRecord shards"),
    "recognize": ("tegashiki.commands.recognize", "ink files to candidates"),
    "evaluate": ("tegashiki.commands.evaluate", "score a model on a labelled set"),
    "data": ("tegashiki.commands.data", "which public sets are known, and which are here"),
    "pad": ("tegashiki.commands.pad", "open the handwriting pad in the browser"),
    "badges": ("tegashiki.commands.badges", "rewrite the Colab badges of the notebooks"),
}

# What some commands need and a plain install has not, and the extra that brings it.
EXTRAS = {"tensorflow": "cpu", "jax": "accelerator", "cv2": "images", "sklearn": "signs",
          "scipy": "signs", "pyarrow": "parquet", "distributed": "sweep", "optuna": "sweep",
          "skimage": "images", "fsspec": "store", "s3fs": "store", "anywidget": "notebook"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 if it worked, 1 with one line on stderr if a person can mend it."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(words)
        sys.stdout.flush()  # here, where a reader that has gone away is still caught
        return code
    except TegashikiError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        print(f"error: {error.name} is missing; install it with "
              f'pip install "tegashiki[{extra}]"', file=sys.stderr)  # fmt: skip
        return 1
    except BrokenPipeError:  # `tegashiki ls | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _run(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tegashiki", description="Handwriting is formula: a journal of experiments."
    )
    parser.add_argument("--version", action="version", version=f"tegashiki {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    # Only the module of the command that is meant is imported: --help stays quick.
    meant = next((word for word in words if word in COMMANDS), None)
    for name, (module, purpose) in COMMANDS.items():
        asked = importlib.import_module(module) if name == meant else None
        synopsis = asked.__doc__ if asked else purpose
        command = commands.add_parser(
            name, help=purpose, description=synopsis,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        if asked:
            asked.arguments(command)
            command.set_defaults(module=asked)
    args = parser.parse_args(words)
    return args.module.run(args)


if __name__ == "__main__":
    sys.exit(main())
