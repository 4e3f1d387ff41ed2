"""Texts and series for the notebooks on recurrent networks: read where they are, else made here.

    text = text_of("made", np.random.default_rng(0))      # or "real": Alice, found by data.sets
    reviews = reviews_of("made", np.random.default_rng(0))        # [(1, "i love this film ."), ...]
    load = load_of("made", np.random.default_rng(0))              # float64 (n,), 96 values a day

Each `*_of(source, rng)` takes "made", "real" or a path. Real sets are read where `tegashiki data
list` says; what is made comes from `tegashiki.sequences.synthetic` and needs no download.
"""

import re
import zipfile
from pathlib import Path

import numpy as np

from tegashiki.data import sets
from tegashiki.errors import TegashikiError
from tegashiki.sequences import synthetic

Sentence = list[tuple[str, str]]   # (word, tag)

ALICE, SENTIMENT, TREEBANK, ELECTRICITY = "alice", "umich-sentiment", "treebank", "electricity"


def place(source: str, name: str) -> Path | None:
    """What is read for `source`: None for "made", the set's path for "real", else the path itself.

    Raises TegashikiError where that is missing.
    """
    if source == "made":
        return None
    return sets.find(name if source == "real" else source)


def text_of(source: str, rng: np.random.Generator, characters: int = 0) -> str:
    """Running text; `characters` > 0 keeps that many from its beginning."""
    path = place(source, ALICE)
    text = synthetic.topics_text(rng) if path is None else read_text(path)
    return text[:characters] if characters else text


def reviews_of(source: str, rng: np.random.Generator, count: int = 2500) -> list[tuple[int, str]]:
    """(1 for liked or 0, sentence) each; `count` is how many are made."""
    path = place(source, SENTIMENT)
    return synthetic.reviews(rng, count) if path is None else read_sentiment(path)


def tagged_of(source: str, rng: np.random.Generator, files: int = 40) -> dict[str, list[Sentence]]:
    """{file: sentences of (word, tag)}; `files` is how many are made."""
    path = place(source, TREEBANK)
    return synthetic.tagged_files(rng, files) if path is None else read_treebank(path)


def load_of(source: str, rng: np.random.Generator, days: int = 16) -> np.ndarray:
    """Electricity use, float64 (n,), a value each quarter of an hour; `days` are made."""
    path = place(source, ELECTRICITY)
    return synthetic.load(rng, days) if path is None else read_load(path)


def read_text(path: str | Path) -> str:
    """A text file in UTF-8, without what Project Gutenberg puts around a book.

    Raises TegashikiError if it is no UTF-8 or empty.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TegashikiError(f"{path}: no UTF-8 text ({error}); give a text file") from None
    text = re.split(r"^\*\*\* ?START OF .*$", text, maxsplit=1, flags=re.MULTILINE)[-1]
    text = re.split(r"^\*\*\* ?END OF .*$", text, maxsplit=1, flags=re.MULTILINE)[0]
    # Some copies have a title and fields such as "Language: English" instead of the first mark.
    text = re.sub(r"\A(?:(?:#[^\n]*|[A-Z][\w ]*:[^\n]*)\n\s*)+", "", text).strip() + "\n"
    if len(text) < 2:
        raise TegashikiError(f"{path}: holds no text; give a text file")
    return text


def read_sentiment(path: str | Path) -> list[tuple[int, str]]:
    """UMICH SI650: lines of `0 or 1, tab, sentence`. Raises TegashikiError naming a bad line."""
    found = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        label, tab, sentence = line.partition("\t")
        if not tab or label not in ("0", "1"):
            raise TegashikiError(f"{path}: line {number}: not `0 or 1, tab, sentence`; give the "
                                 "training file of the set")
        found.append((int(label), sentence.strip()))
    return found


def read_treebank(path: str | Path) -> dict[str, list[Sentence]]:
    """The tagged files (`*.pos`) of the Penn Treebank sample, from the zip file or its folder.

    Where annotators left two tags (`VBG|NN`) the first counts. Raises TegashikiError if there is
    no such file.
    """
    path = Path(path)
    if path.is_dir():
        contents = {found.name: found.read_bytes() for found in path.rglob("*.pos")}
    else:
        try:
            with zipfile.ZipFile(path) as archive:
                contents = {Path(name).name: archive.read(name) for name in archive.namelist()
                            if name.endswith(".pos")}
        except (OSError, zipfile.BadZipFile) as error:
            raise TegashikiError(f"{path}: no zip file ({error}); give treebank.zip as it "
                                 "was downloaded, or its folder") from None
    if not contents:
        raise TegashikiError(f"{path}: has no tagged files (*.pos); give the whole sample")
    return {name: parse_tagged(contents[name].decode("latin-1")) for name in sorted(contents)}


def parse_tagged(text: str) -> list[Sentence]:
    r"""Sentences of one `.pos` file: blank lines part them, brackets mark phrases.

    >>> parse_tagged("[ The/DT book/NN ]\n1\\/2/CD ./.\n\n[ It/PRP ]\nran/VBD|NN")
    [[('The', 'DT'), ('book', 'NN'), ('1/2', 'CD'), ('.', '.')], [('It', 'PRP'), ('ran', 'VBD')]]
    """
    sentences = []
    for block in re.split(r"\n\s*\n|^=+$", text, flags=re.MULTILINE):
        pairs = [token.rpartition("/") for token in block.split() if token not in "[]"]
        if sentence := [(word.replace("\\/", "/"), tag.split("|")[0])
                        for word, slash, tag in pairs if slash]:
            sentences.append(sentence)
    return sentences


def read_load(path: str | Path, client: str = "MT_250") -> np.ndarray:
    """One client's use: a `.npy` of one series, or the official table LD2011_2014.txt.

    Returns float64 (n,), from the first value that is not 0. Raises TegashikiError for anything
    else.
    """
    path = Path(path)
    try:
        values = np.load(path, allow_pickle=False) if path.suffix == ".npy" else _column(
            path, client)
    except (OSError, ValueError) as error:
        raise TegashikiError(f"{path}: no series ({error}); give LD2011_2014.txt, or a .npy of "
                             "one series") from None
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.number):
        raise TegashikiError(f"{path}: holds {values.dtype} {values.shape}; give one series of "
                             "numbers")
    return np.trim_zeros(values.astype(np.float64), "f")


def _column(path: Path, client: str) -> np.ndarray:
    """A column of the official table: `;` between fields, decimal commas, names in line 1."""
    with path.open(encoding="utf-8") as lines:
        names = [name.strip('"') for name in next(lines).rstrip().split(";")]
        if client not in names:
            raise ValueError(f"no client {client}")
        index = names.index(client)
        return np.array([float(line.split(";")[index].replace(",", ".")) for line in lines])
