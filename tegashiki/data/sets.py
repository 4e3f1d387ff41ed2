"""The public sets that this project knows: what they are, where to get them, where they are here.

    path = find("crohme")            # a folder or the archive as downloaded; raises if missing
    for known in SETS.values(): print(known.name, known.home, here(known.name))

Nothing is downloaded: each set has its own terms, which a person should see. Put it under the data
root, `TEGASHIKI_DATA` or ../shared/data beside the checkout, under one of the names in `places`.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from tegashiki.errors import TegashikiError


@dataclass(frozen=True)
class Set:
    """A public set: ink, its labels, texts or series."""

    name: str                   # what `find` and `-p data=` take
    what: str
    licence: str
    home: str                   # the official place to get it
    places: tuple[str, ...]     # paths under the data root, best first; patterns of pathlib.glob


SETS: dict[str, Set] = {known.name: known for known in (
    Set("crohme", "handwritten expressions of the CROHME competitions: 8,835 to train, tests of "
        "2011 to 2014, with the symbol of every stroke",
        "CC BY-NC-SA 3.0",
        "https://tc11.cvc.uab.es/datasets/ICDAR2019-CROHME-TDF_1",
        ("math/crohme/inkml.tar.xz", "math/crohme/inkml", "crohme/inkml.tar.xz", "crohme",
         "CROHME*", "TC11_package*.zip", "TC11_CROHME*", "ICFHR_package*.zip", "inkml.tar.xz")),
    Set("crohme-labels", "the token strings that published CROHME results are scored on "
        "(train_caption.txt and the like: id, tab, tokens)",
        "CC BY-NC-SA 3.0 as CROHME",
        "https://github.com/JianshuZhang/WAP (folder data)",
        ("math/crohme/labels", "crohme/labels", "crohme-labels", "labels")),
    Set("mathwriting", "MathWriting 2024: 230,000 handwritten and 400,000 composed expressions "
        "(the excerpt: 100 and 100)",
        "CC BY-NC-SA 4.0",
        "https://github.com/google-research/google-research/tree/master/mathwriting",
        ("math/mathwriting/mathwriting-2024.tgz", "math/mathwriting/mathwriting-2024",
         "mathwriting-2024*", "math/mathwriting/excerpt-train.tar.xz", "mathwriting")),
    Set("mathwriting-symbols", "MathWriting 2024, the folder symbols: 6,423 single symbols",
        "CC BY-NC-SA 4.0",
        "https://github.com/google-research/google-research/tree/master/mathwriting",
        ("math/mathwriting/symbols.tar.xz", "math/mathwriting/symbols", "mathwriting-2024*",
         "mathwriting")),
    Set("detexify", "single symbols drawn by visitors of Detexify, one JSON object a line: "
        "command, strokes",
        "ODbL 1.0",
        "https://github.com/kirel/detexify-data",
        ("math/detexify/detexify.jsonl.xz", "detexify*.jsonl*", "detexify")),
    Set("hwrt", "single symbols of write-math.com, one JSON object a line: latex, strokes, user",
        "ODbL 1.0",
        "https://github.com/MartinThoma/hwrt",
        ("math/hwrt/hwrt_writemath_2014-05.jsonl.gz", "math/hwrt/*.jsonl*", "hwrt*.jsonl*",
         "hwrt")),
    Set("expressmatch-new", "202 expressions of 12 formulas that CROHME left out, by 24 writers, "
        "with matrices, determinants and the symbol of every stroke",
        "none stated; research, non-commercial",
        "the ExpressMatch project, IME, University of São Paulo",
        ("math/extra/expressmatch_new", "expressmatch_new*", "expressmatch*")),
    Set("mathbrush-symbols", "MathBrush: 2,069 drawings of 113 single symbols",
        "none stated; research, non-commercial",
        "the MathBrush project, University of Waterloo",
        ("math/extra/mathbrush_base/mathbrush_base.jsonl.xz", "mathbrush_base*")),
    Set("detypify", "drawings of 467 Typst symbols by visitors of Detypify, one JSON object a line",
        "MIT",
        "the Detypify project",
        ("math/extra/detypify_data/detypify.jsonl.xz", "detypify*.jsonl*", "detypify*")),
    Set("omniglot-greek", "Omniglot: 24 lower-case Greek letters by 20 drawers, with time",
        "MIT",
        "https://github.com/brendenlake/omniglot",
        ("math/extra/omniglot_greek/greek.jsonl.xz", "omniglot_greek*", "greek.jsonl*")),
    Set("formulas-wide", "formulas without ink in the wide vocabulary, one a line: count, tab, "
        "tokens",
        "mixed, non-commercial; see the SOURCES.md beside it",
        "made of published TeX for this project; any text file in the same form does",
        ("math/formulas/formulas_wide.txt.xz", "formulas_wide.txt.xz", "formulas_wide.txt")),
    Set("formulas-wide-tags", "for each line of formulas-wide the kinds of its sources, one letter "
        "and count each (m: MathWriting)",
        "as formulas-wide",
        "made with formulas-wide",
        ("math/formulas/formulas_wide_tags.txt.xz", "formulas_wide_tags.txt.xz",
         "formulas_wide_tags.txt")),
    Set("formulas", "formulas without ink, one a line: count, tab, tokens",
        "mixed, non-commercial; see the SOURCES.md beside it",
        "made of published TeX for this project; any text file in the same form does",
        ("math/formulas/formulas.txt.xz", "formulas.txt.xz", "formulas.txt")),
    Set("alice", "Alice's Adventures in Wonderland as plain text (any text file does)",
        "public domain in the United States",
        "https://www.gutenberg.org/ebooks/11",
        ("text/pg11/pg11-images-3.txt", "text/pg11/*.txt", "pg11*.txt", "pg11/*.txt")),
    Set("umich-sentiment", "UMICH SI650: 7,086 sentences about films, liked or not; training.txt",
        "none stated",
        "https://www.kaggle.com/c/si650winter11",
        ("text/rnn_seminar/training.txt", "umich*/training.txt", "si650*/training.txt",
         "training.txt")),
    Set("treebank", "the sample of the Penn Treebank that NLTK hands out: 199 articles, tagged",
        "non-commercial use",
        "https://www.nltk.org/nltk_data/ (Penn Treebank Sample)",
        ("text/treebank/treebank.zip", "treebank.zip", "corpora/treebank*", "treebank")),
    Set("electricity", "ElectricityLoadDiagrams 2011-2014: use of 370 clients each quarter of an "
        "hour",
        "CC BY 4.0",
        "https://archive.ics.uci.edu/dataset/321/electricityloaddiagrams20112014",
        ("text/rnn_seminar/LD_250.npy", "LD2011_2014.txt", "electricity*/LD2011_2014.txt",
         "LD_*.npy")),
    Set("kanjivg", "the strokes of 6,700 Japanese characters in the order of writing, one SVG each",
        "CC BY-SA 3.0",
        "https://kanjivg.tagaini.net (or the package kanjivg of PyPI, its folder kanji)",
        ("kanji/kanjivg/*.tar.xz", "kanji/kanjivg", "kanjivg*.zip", "kanjivg*")),
    Set("etl8b", "ETL8B2: 956 characters of 160 writers, 64 x 63 with 1 bit; ETL8B2C1 is hiragana",
        "research use, no redistribution",
        "http://etlcdb.db.aist.go.jp",
        ("kanji/etl8b_hiragana46/*.bin", "kanji/ETL8B*", "ETL8B*")),
    Set("etl8g", "ETL8G: the same forms, 128 x 127 with 4 bits (here: 6 kanji in one .npz)",
        "research use, no redistribution",
        "http://etlcdb.db.aist.go.jp",
        ("kanji/ETL8G*", "ETL8G*", "kanji/etl8g_6kanji/*.npz")),
    Set("etl9b", "ETL9B: 3,036 characters, 200 samples each, 64 x 63 with 1 bit",
        "research use, no redistribution",
        "http://etlcdb.db.aist.go.jp",
        ("kanji/ETL9B*", "ETL9B*")),
    Set("etl9g", "ETL9G: the same forms, 128 x 127 with 4 bits",
        "research use, no redistribution",
        "http://etlcdb.db.aist.go.jp",
        ("kanji/ETL9G*", "ETL9G*")),
    Set("open100", "Mediotaku: 100 characters, 4,100 pictures of 28 and 64 pixels, some misnamed",
        "CC BY 4.0",
        "Mediotaku, published by its author under that name",
        ("kanji/mediotaku_open100/*.npz", "open100*.npz")),
    Set("omniglot-katakana", "Omniglot: 47 katakana by 20 people, drawn on a screen",
        "MIT",
        "https://github.com/brendenlake/omniglot",
        ("kanji/omniglot_katakana/*.npz", "omniglot_katakana*.npz")),
    Set("kmnist", "Kuzushiji-MNIST, the test part: 10,000 cursive hiragana of old books",
        "CC BY-SA 4.0",
        "http://codh.rois.ac.jp/kmnist/",
        ("kanji/kmnist_test", "kmnist*")),
)}


def data_root() -> Path:
    """Where public sets are looked for: TEGASHIKI_DATA, else ../shared/data beside the checkout.

    Raises TegashikiError if TEGASHIKI_DATA names no folder, or if it is not set and there is no
    folder beside the checkout.
    """
    named = os.environ.get("TEGASHIKI_DATA", "")
    root = Path(named) if named else Path(__file__).parents[3] / "shared" / "data"
    if not root.is_dir():
        where = f"TEGASHIKI_DATA={named}" if named else f"TEGASHIKI_DATA is not set and {root}"
        raise TegashikiError(f"{where}: is no folder; set TEGASHIKI_DATA to the folder that holds "
                             "the public sets (`tegashiki data list` says where to get them)")
    return root


def find(name: str | os.PathLike) -> Path:
    """The path of a known set under the data root, or a path that exists as it is.

    Raises TegashikiError saying what is missing, where to get it and where to put it.
    """
    known = SETS.get(str(name))
    if known is None:
        if Path(name).exists():
            return Path(name)
        raise TegashikiError(f"{name}: is neither a path that exists nor a known set; known are "
                             f"{', '.join(SETS)}")
    root = data_root()
    path = _look(known, root)
    if path is None:
        raise TegashikiError(f"{known.name}: not found under {root}; get it from {known.home} "
                             f"({known.licence}) and put it there as {known.places[0]}")
    return path


def here(name: str) -> Path | None:
    """As `find` for a known set, but None where it is missing."""
    try:
        return _look(SETS[name], data_root())
    except TegashikiError:
        return None


def _look(known: Set, root: Path) -> Path | None:
    for place in known.places:
        for path in sorted(root.glob(place)):
            return path
    return None
