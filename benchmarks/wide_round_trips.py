r"""Every formula of the wide text corpus: read, written, packed, unpacked, and past the grammar.

    python benchmarks/wide_round_trips.py PATH/formulas_wide.txt.xz

Prints how many lines pass each check and, for those that do not, why, with an example. The checks:
`read`: the parser writes what it read; `canonical`: bringing it to canonical form a second time
changes nothing; `known`: the wide vocabulary has the tokens; `packed`: unpacking gives back the
canonical tokens; `grammar`: each packed token was allowed.
"""

import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tegashiki.storage.archives import open_text  # noqa: E402
from tegashiki.tex.tokenizer import by_name  # noqa: E402
from tegashiki.tex.tree import canonical  # noqa: E402
from tests.tex.round_trips import problems  # noqa: E402


def main(path: str) -> None:
    """Check all lines of a file."""
    tokenizer, causes, examples, began = by_name("packed-wide"), Counter(), {}, time.perf_counter()
    lines = passed = changed = 0
    for line in open_text(path):
        tokens = line.rstrip("\n").partition("\t")[2].split()
        found = list(problems(tokens, tokenizer))
        lines += 1
        passed += not found
        changed += not found and canonical(tokens) != tokens
        causes.update(found)
        for cause in found:
            examples.setdefault(cause, " ".join(tokens)[:160])
    print(f"{passed:,} of {lines:,} lines pass ({100 * passed / lines:.3f} %), "
          f"{changed:,} of them in another spelling; {time.perf_counter() - began:.0f} s")
    for cause, count in causes.most_common():
        print(f"{count:7,}  {cause}\n         {examples[cause]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
