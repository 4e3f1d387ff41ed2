"""Preprocessing a set of any size as a stream: memory bounded, restartable, by many workers.

    done = preprocess("mathwriting-2024.tgz", "s3://bucket/mathwriting",
                      LargeConfig(vocabulary="wide"), workers=4)
    done["parts"]["train"]["examples"]

The source is read once, forwards, and cut into chunks; a worker makes of each what `data.shards`
describes, writes it, and then a note that the chunk is done. Who is killed loses at most the
chunks in progress: the same command reads the source again and goes on, and a chunk whose files
have changed is made anew. Chunks depend on the source alone, so every byte that is written is the
same whatever the number of workers.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from tegashiki.data import crohme, shards, splits, tfrecord
from tegashiki.errors import TegashikiError
from tegashiki.ink.prepare import EPSILON, prepare
from tegashiki.parallel.ordered import ordered
from tegashiki.storage.archives import iterate
from tegashiki.storage.place import Place
from tegashiki.tex.tokens import Vocabulary, published, wide

CHUNK_BYTES = 16 * 2**20      # of source in a chunk at most: a few chunks a worker are in memory
NOTES = "chunks"              # folder of the notes
VOCABULARIES = {"published": published, "wide": wide}

File = tuple[str, bytes | str]       # name, and what is in it or why it cannot be had


@dataclass(frozen=True)
class LargeConfig:
    """What the shards depend on, beside the source."""

    vocabulary: str = "published"    # or "wide", see tex.tokens
    folder: str = ""                 # only files in a folder of this name, e.g. "train"; "" for all
    held_out: float = 0.1            # share of the formulas that goes to the part validation
    epsilon: float = EPSILON         # simplification, in stroke heights
    seed: int = 0                    # of the split
    chunk_files: int = 1000          # files of the source in a chunk at most

    def __post_init__(self) -> None:
        if self.vocabulary not in VOCABULARIES:
            raise TegashikiError(f"vocabulary: {self.vocabulary!r} is unknown; give "
                                 f"{' or '.join(VOCABULARIES)}")
        if not 0 <= self.held_out < 1 or self.chunk_files < 1 or self.epsilon < 0:
            raise TegashikiError(f"{self}: held_out from 0 to below 1, chunk_files at least 1, "
                                 "epsilon at least 0")


@dataclass(frozen=True)
class Chunk:
    """Work for one task."""

    number: int
    files: list[File]
    sha256: str          # of the files' names and contents


def preprocess(source: str | os.PathLike, address: str, config: LargeConfig | None = None,
               workers: int = 1, scheduler: str | None = None,
               progress: Any = None) -> dict[str, Any]:
    """Write the shards of `source` (folder, zip or tar of InkML) to `address`; the manifest.

    `progress(files, examples)` is called after each chunk. Raises TegashikiError where the address
    holds a set of other settings, and where there is no ink.
    """
    config, place = config or LargeConfig(), Place(address)
    _begin(place, config)
    chunks = files = examples = 0
    work = partial(_work, config, address)
    for note in ordered(work, _chunks(source, config), workers, scheduler):
        chunks += 1
        files += note["files"]
        examples += sum(shard["examples"] for shard in note["shards"].values())
        if progress is not None:
            progress(files, examples)
    if chunks == 0:
        raise TegashikiError(f"{source}: no .inkml" + (f" in a folder named {config.folder}"
                                                      if config.folder else ""))
    return _finish(place, config, chunks)


def _begin(place: Place, config: LargeConfig) -> None:
    """Make sure that what is there has the same settings."""
    name = f"{NOTES}/settings.json"
    there, ours = place.read(name), shards.encoded(asdict(config))
    if there not in (None, ours):
        raise TegashikiError(f"{place.name}: holds a set of other settings; choose another address "
                             "or give the same")
    place.write(name, ours)


def _finish(place: Place, config: LargeConfig, count: int) -> dict[str, Any]:
    """The manifest of all notes. They stay: who adds to the source does only what is new."""
    notes = [json.loads(place.read(_note_name(number))) for number in range(count)]
    parts: dict[str, Any] = {}
    for part in ("train", "validation"):
        found = [note["shards"][part] for note in notes if part in note["shards"]]
        parts[part] = {"examples": sum(shard["examples"] for shard in found), "shards": found}
    skipped = [pair for note in notes for pair in note["skipped"]]
    lines = ("\t".join(" ".join(text.split()) for text in pair) + "\n" for pair in skipped)
    place.write(shards.SKIPPED, "".join(lines).encode())
    manifest = shards.seal({
        "version": shards.VERSION, "settings": asdict(config), "parts": parts,
        "vocabulary": list(VOCABULARIES[config.vocabulary]().tokens), "skipped": len(skipped)})
    place.write(shards.MANIFEST, shards.encoded(manifest))
    return manifest


def _chunks(source: str | os.PathLike, config: LargeConfig) -> Iterator[Chunk]:
    files: list[File] = []
    size = number = 0
    for name, content in _files(source, config.folder):
        files.append((name, content))
        size += len(content)
        if len(files) == config.chunk_files or size >= CHUNK_BYTES:
            yield Chunk(number, files, _digest(files))
            files, size, number = [], 0, number + 1
    if files:
        yield Chunk(number, files, _digest(files))


def _files(source: str | os.PathLike, folder: str) -> Iterator[File]:
    bad: list[File] = []
    for file in iterate(source, ".inkml", lambda name, reason: bad.append((name, reason))):
        for name, content in (*bad, file):
            if not folder or folder in PurePosixPath(name).parts[:-1]:
                yield name, content
        bad.clear()
    yield from bad


def _digest(files: list[File]) -> str:
    digest = hashlib.sha256()
    for name, content in files:
        content = content.encode() if isinstance(content, str) else content
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _note_name(number: int) -> str:
    return f"{NOTES}/{number:05}.json"


def _work(config: LargeConfig, address: str, chunk: Chunk) -> dict[str, Any]:
    """In a worker: write the shards of a chunk and its note, unless they are there."""
    place = Place(address)
    there = place.read(_note_name(chunk.number))
    if there is not None and (note := json.loads(there))["source"] == chunk.sha256:
        return note
    vocabulary = VOCABULARIES[config.vocabulary]()
    made, skipped = _made(config, chunk, vocabulary)
    note = {"source": chunk.sha256, "files": len(chunk.files), "skipped": skipped, "shards": {}}
    for part, examples in made.items():
        name = f"{part}/{chunk.number:05}.tfrecord.gz"
        content = tfrecord.pack(examples, vocabulary)
        place.write(name, content)
        note["shards"][part] = {"file": name, "examples": len(examples), "bytes": len(content),
                                "sha256": hashlib.sha256(content).hexdigest()}
    place.write(_note_name(chunk.number), shards.encoded(note))
    return note


def _made(config: LargeConfig, chunk: Chunk, vocabulary: Vocabulary
          ) -> tuple[dict[str, list], list[tuple[str, str]]]:
    """Examples by part, and what was left out with the reason."""
    made: dict[str, list] = {}
    skipped = []
    fractions = {"validation": config.held_out, "train": 1 - config.held_out}
    for name, content in chunk.files:
        try:
            if isinstance(content, str):
                raise TegashikiError(content)
            example = crohme.example_of(name, content, vocabulary)
        except TegashikiError as error:
            skipped.append((name, str(error).removeprefix(f"{name}: ")))
            continue
        key = splits.formula_key(example.tokens)
        [part] = splits.assign([key], fractions, salt=str(config.seed))
        made.setdefault(part, []).append(
            replace(example, ink=prepare(example.ink, config.epsilon)))
    return made, skipped
