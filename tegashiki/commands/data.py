"""tegashiki data list | check: which public sets are known, where to get them, which are here.

tegashiki data list
tegashiki data check --json
"""

from __future__ import annotations

import argparse
import json

from tegashiki.errors import TegashikiError


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki data` takes."""
    parser.add_argument("what", choices=("list", "check"),
                        help="list all known sets, or check which are here")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(args: argparse.Namespace) -> int:
    """0; `check` gives 1 if no set is here at all."""
    from tegashiki.data import sets

    here = {name: sets.here(name) for name in sets.SETS}
    if args.json:
        rows = [{"name": s.name, "what": s.what, "licence": s.licence, "home": s.home,
                 "here": here[s.name] is not None} for s in sets.SETS.values()]
        print(json.dumps(rows, indent=1))
    else:
        for known in sets.SETS.values():
            found = here[known.name]
            print(f"{known.name}: {'here, ' + found.name if found else 'not here'}")
            if args.what == "list" or not found:
                print(f"    {known.what}\n    licence: {known.licence}\n    from: {known.home}\n"
                      f"    as: {known.places[0]} under the data root")
    if args.what == "check" and not any(here.values()):
        sets.data_root()   # says what is wrong with the root, if that is it
        raise TegashikiError("none of the known sets is here; `tegashiki data list` says where to "
                             "get them and how to name them")
    return 0
