"""The card that lies beside an exported recogniser, written from the runs' own numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tegashiki.data.sets import SETS
from tegashiki.kanji import fonts
from tegashiki.storage.files import write_text


def write_card(
    path: Path,
    run: str,
    trained: Any,
    prepared: Any,
    file: Mapping[str, float],
    made: Mapping[str, float],
    read: Mapping[str, Mapping[str, Any]],
    split: str,
    also: Sequence[str] = (),
) -> None:
    """Write MODEL_CARD.md. `trained` and `prepared`: the runs it comes from; `run`: the export."""
    network, real = trained.results, trained.results["real"]
    licences = {font[0]: (font[1], font[2]) for font in fonts.KNOWN.values()}
    lines = [
        "# Character recogniser",
        "",
        f"One picture in normal form (48 x 48, ink 1) -> log probabilities of "
        f"{'46 hiragana' if network['characters'] == 'hiragana' else '3,111 characters'}. "
        f"{network['parameters']:,} parameters, {file['megabytes']:.2f} MB with 8-bit weights. "
        f"Exported by run {run} from training run {trained.id}; pictures of run {prepared.id}.",
        *([f"Its answer is the mean with that of {', '.join(also)}."] if also else []),
        "",
        "## Trained on",
        "",
        f"- {network['seen']:,} pictures in {network['step']:,} steps, of KanjiVG's strokes "
        "(Ulrich Apel and others, CC BY-SA 3.0, https://kanjivg.tagaini.net) and of outline fonts:",
        *[
            f"  - {name}: {licences[name][0]} ({licences[name][1]})"
            for name in prepared.results["fonts"]
        ],
        *(
            [
                f"- handwriting of the training writers: {name} ({SETS[name].licence})"
                for name in real
            ]
            or ["- no handwriting at all; some of the fonts were drawn after a hand"]
        ),
        "",
        "No picture of any set is in the file or beside it.",
        "",
        "## How it reads",
        "",
        "| set | pictures | right | among ten | look-alikes folded | ms |",
        "|---|---|---|---|---|---|",
        f"| made, not seen | {made['n']} | {made['accuracy']:.2%} | {made['top10']:.2%} | | |",
        *[
            f"| {name} | {one['n']} | {one['accuracy']:.2%} | {one['top10']:.2%} | "
            f"{one['accuracy_folded']:.2%} | {one['ms_median']:.2f} |"
            for name, one in read.items()
        ],
        "",
        {
            "none": "Real sets whole.",
            "writers": "Real sets: writers of the test part only, whom no training saw.",
            "random": "Real sets: divided by lot, so the writers are known.",
        }[split],
        "Small kana count as large ones; size is context.",
        "",
        "## Not for",
        "",
        "Whole words or lines, print as such, cursive of old books, characters beyond JIS level 1. "
        "It always names something: what is no character gets a name too.",
        "",
    ]
    write_text(path, "\n".join(lines))
