"""The card of a sign recogniser, from the numbers of the run that made it.

    write_card(folder / "MODEL_CARD.md", run=run.id, data="mp543", words=words, figures=results)
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SOURCES = {
    "synthetic": "Made up by the project itself: no restriction known. It knows no real signing.",
    "mp543": "Landmarks from 25 public collections by as many people; most state no licence: the "
             "landmarks are not redistributed, and the model is for study.",
    "ksl13": "Landmarks of 13 Korean signs, four recording sets, Apache-2.0.",
    "gislr": "Google - Isolated Sign Language Recognition (Kaggle), CC BY 4.0.",
}
ROWS = (
    ("accuracy", "signers left out, all sequences", "{:.1%}"),
    ("accuracy_of_signers", "signers left out, mean of signers", "{:.1%}"),
    ("chosen_by_others", "the first, had other signers chosen the reader", "{:.1%}"),
    ("signers_spread", "standard deviation between signers", "{:.1%}"),
    ("networks_mean", "one network, mean of its seeds", "{:.1%}"),
    ("networks_spread", "standard deviation between seeds", "{:.1%}"),
    ("seeds_spread", "standard deviation between seeds of the forest", "{:.1%}"),
    ("ridge", "ridge on statistics alone", "{:.1%}"),
    ("megabytes", "size, MB", "{:.2f}"),
    ("ms", "one recognition, median ms, one thread", "{:.1f}"),
    ("difference", "largest difference to Keras, log probability", "{:.3f}"),
)


def write_card(path: Path, run: str, data: str, words: Sequence[str],
               figures: Mapping[str, Any]) -> None:
    """Write the card. `run` is the id of the run that trained and measured."""
    table = "\n".join(f"| {name} | {form.format(figures[key])} |"
                      for key, name, form in ROWS if key in figures)
    Path(path).write_text(f"""# Model card: signs, {data}

Body landmarks over time in, one word of sign language out: {', '.join(words)}. Trained and
measured by run `{run}` on {figures['n']} sequences.

| | |
|---|---|
{table}

- **How the accuracy was measured:** every sequence was judged by networks that never saw its
  signer. The file itself is trained on all signers, so scored on them again it does better than
  this, and that would say nothing.
- **Use:** `tegashiki.signs.recognizer.SignRecognizer.load(folder).candidates(points)`, points
  (T, 543, 3) in GISLR's order.
- **Data:** {SOURCES.get(data, data)}
- **Not for:** words outside the list (it always names one of them), running signing, and anything
  that decides about people.
""", encoding="utf-8")
