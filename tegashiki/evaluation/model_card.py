"""The model card, written from the run's own numbers.

    write_card(folder / "MODEL_CARD.md", run=run.id, described=..., figures=report.as_dict(), ...)
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tegashiki.data import sets

MADE = "Hershey fonts, written by the project itself: no restriction known"
NON_COMMERCIAL = "Non-commercial use of the model follows from them"
ROWS = (
    ("exact", "exact match, best candidate, canonical spelling", "{:.1%}"),
    ("raw_exact", "the same raw: tokens compared as they are", "{:.1%}"),
    ("top5", "right one among 5 candidates", "{:.1%}"),
    ("within1", "at most one token error", "{:.1%}"),
    ("within2", "at most two token errors", "{:.1%}"),
    ("token_error_rate", "token error rate", "{:.1%}"),
    ("model_mb", "file size, MB", "{:.2f}"),
    ("ms_median", "an expression, median ms, one thread", "{:.1f}"),
    ("ms_p95", "an expression, 95th percentile ms", "{:.1f}"),
)


def write_card(path: Path, run: str, trained: str, described: dict, spelling: str, data: str,
               figures: dict[str, float], part: str = "test",
               by_length: Sequence[dict[str, float]] = (), used: Sequence[str] = (),
               mistakes: str = "", elsewhere: Mapping[str, dict[str, float]] | None = None,
               composed: Sequence[str] = ()) -> None:
    """Write the card. `run` measured the figures, `trained` made the weights: run ids.

    `part`: of the data, on which it was measured. `by_length`: rows of `Report.by_length`. `used`:
    names of the public sets that were trained on (see `data.sets`). `mistakes`: where pictures of
    typical ones are. `elsewhere`: what it was measured on besides, by a name that says so: dicts
    like `figures`. `composed`: tokens that too few people drew, so that their ink was made of
    similar parts.
    """
    table = "\n".join(f"| {name} | {form.format(figures[key])} |"
                      for key, name, form in ROWS if key in figures)
    lengths = "".join(f"| {row['tokens']} | {row['n']} | {row['exact']:.1%} | "
                      f"{row['raw_exact']:.1%} | {row['top5']:.1%} |\n" for row in by_length)
    if lengths:
        lengths = ("\nBy length of the formula, in tokens:\n\n"
                   "| tokens | n | exact | raw | among 5 |\n"
                   f"|---|---|---|---|---|\n{lengths}")
    others = "".join(
        f"| {name} | {one['n']} | {one['exact']:.1%} | {one['top5']:.1%} | "
        f"{one['token_error_rate']:.1%} |\n" for name, one in (elsewhere or {}).items())
    if others:
        others = ("\nOn other ink and with other alphabets:\n\n"
                  "| ink, alphabet | n | exact | among 5 | token error rate |\n"
                  f"|---|---|---|---|---|\n{others}")
    config = ", ".join(f"{name} {value}" for name, value in described["config"].items())
    path.write_text(f"""# Model card: {described['network']}

Pen strokes in, TeX out. Trained by run `{trained}`; every figure below was measured by run
`{run}` on the exported file, on {figures['n']} expressions of the {part} part of `{data}`, with
formulas compared in canonical spelling as published work does.

| | |
|---|---|
{table}
{lengths}{others}
- **Network:** {described['network']} ({config}), {spelling} spelling of formulas.
- **Training data:** {data}. {_licences(used)}
- **Use:** a folder with this card, `model.json`, `vocabulary.txt`, the `.tflite` and, where there
  are, `language.json`, which sets the order, and the second reader `picture.json` with its
  file; see `tegashiki.decoding.recognizer` and `tegashiki.image2tex.recognizer`.
- **Not for:** formulas outside the vocabulary, text, diagrams, several lines.
{_composed(composed)}{_weaknesses(by_length, mistakes)}""", encoding="utf-8")


def _licences(used: Sequence[str]) -> str:
    if not used:
        return MADE
    known = "; ".join(f"{name} ({sets.SETS[name].licence})" for name in used)
    return f"{known}. {NON_COMMERCIAL}."


def _composed(tokens: Sequence[str]) -> str:
    if not tokens:
        return ""
    return ("- **Drawn by few:** the ink of these was composed of similar parts or copied with "
            f"distortion: {' '.join(f'`{token}`' for token in tokens)}.\n")


def _weaknesses(by_length: Sequence[dict[str, float]], mistakes: str) -> str:
    worst = min(by_length, key=lambda row: row["exact"], default=None)
    lines = []
    if worst:
        lines.append(f"formulas of {worst['tokens']} tokens, of which {worst['exact']:.1%} are "
                     "exact; letters that differ in size only")
    if mistakes:
        lines.append(f"pictures of typical mistakes: `{mistakes}`")
    return f"- **Known weaknesses:** {'; '.join(lines)}.\n" if lines else ""
