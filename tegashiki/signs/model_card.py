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
    "mp543-104": "Landmarks from 104 public collections, one person each; most state no licence: "
                 "the landmarks are not redistributed, and the model is for study.",
    "ksl13": "Landmarks of 13 Korean signs in four recording sets, Apache-2.0. Whether these are "
             "four people nobody has told: \"signer\" above means recording set.",
    "gislr": "Google - Isolated Sign Language Recognition (Kaggle), CC BY 4.0.",
}
ROWS = (
    ("accuracy", "signers left out, all sequences", "{:.1%}"),
    ("accuracy_of_signers", "signers left out, mean of signers", "{:.1%}"),
    ("people", "people", "{}"),
    ("interval", "95 % interval of that mean, people drawn again", "{0[0]:.1%} to {0[1]:.1%}"),
    ("worst_tenth", "signers left out, mean of the worst tenth of people", "{:.1%}"),
    ("without_doubted", "mean of people without takes whose labels are doubted", "{:.1%}"),
    ("without_doubted_interval", "95 % interval of that", "{0[0]:.1%} to {0[1]:.1%}"),
    ("without_doubted_worst_tenth", "worst tenth of people, likewise", "{:.1%}"),
    ("worst_person", "worst person, left out", "{0[0]}: {0[1]:.1%}"),
    ("best_person", "best person, left out (the last of those read best)", "{0[0]}: {0[1]:.1%}"),
    ("chosen_by_others", "the first, had other signers chosen the reader", "{:.1%}"),
    ("signers_spread", "standard deviation between signers", "{:.1%}"),
    ("networks_mean", "one network, mean of its seeds", "{:.1%}"),
    ("networks_spread", "standard deviation between seeds", "{:.1%}"),
    ("seeds_spread", "standard deviation between seeds", "{:.1%}"),
    ("ridge", "plain ridge, for comparison", "{:.1%}"),
    ("megabytes", "size, MB", "{:.2f}"),
    ("ms", "one recognition, median ms, one thread", "{:.1f}"),
    ("difference", "largest difference to Keras, log probability", "{:.3f}"),
)


def write_card(path: Path, run: str, data: str, words: Sequence[str],
               figures: Mapping[str, Any]) -> None:
    """Write the card. `run` is the id of the run that trained and measured."""
    table = "\n".join(f"| {name} | {form.format(figures[key])} |"
                      for key, name, form in ROWS if key in figures)
    per_word = figures.get("people_of_words", {})
    people = "- **People of each sign:** " + ", ".join(
        f"{word} {count}" for word, count in per_word.items()) + ".\n" if per_word else ""
    Path(path).write_text(f"""# Model card: signs, {data}

Body landmarks over time in, one word of sign language out: {', '.join(words)}. Trained and
measured by run `{run}` on {figures['n']} sequences.

| | |
|---|---|
{table}

{people}- **How the accuracy was measured:** every sequence was read by readers that never saw its
  signer. The file itself is trained on all signers, so scored on them again it does better than
  this, and that would say nothing.
- **Use:** `tegashiki.signs.recognizer.SignRecognizer.load(folder).candidates(points)`, points
  (T, 543, 3) in GISLR's order.
- **Data:** {SOURCES.get(data, data)}
- **Not for:** words outside the list (it always names one of them), running signing, and anything
  that decides about people.
""", encoding="utf-8")
