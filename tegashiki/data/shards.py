"""A set of examples as TFRecord shards with a manifest, in a folder or a bucket.

    manifest = read_manifest(Place("s3://bucket/mathwriting"))
    for example in read(Place("s3://bucket/mathwriting"), "train"): ...

What lies there, VERSION 1:

    train/00012.tfrecord.gz      what chunk 12 of the source has for the part; see data/tfrecord.py
    manifest.json                the last to be written: where it is, the set is whole
    skipped.tsv                  `file TAB reason`, a line for each file that could not be used
    chunks/00012.json            what was made of chunk 12, so that it need not be made again

The manifest: `version`; `settings` of the preprocessing; `vocabulary`, id -> token; `parts`, for
each its number of `examples` and its `shards` (file, examples, bytes, sha256); `skipped`, a number;
`sha256` of all of that: two sets with the same content have the same one.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from tegashiki.data import tfrecord
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.storage.files import parse_json, read_limited
from tegashiki.storage.place import Place
from tegashiki.tex.tokens import Vocabulary

VERSION = 1
MANIFEST = "manifest.json"
SKIPPED = "skipped.tsv"


def encoded(value: Any) -> bytes:
    """JSON that is the same for the same value."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def seal(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with its sha256."""
    return manifest | {"sha256": hashlib.sha256(encoded(manifest)).hexdigest()}


def read_manifest(place: Place) -> dict[str, Any]:
    """Raises TegashikiError if the set is not whole, damaged, or of another VERSION."""
    where = f"{place.name}/{MANIFEST}"
    content = place.read(MANIFEST)
    if content is None:
        raise TegashikiError(f"{where}: missing; the set is not there or not whole yet, give the "
                             "command that writes it again")
    manifest = parse_json(read_limited(content, where, 2**26), where)
    if manifest.get("version") != VERSION:
        raise TegashikiError(f"{where}: version {manifest.get('version')}, this program reads "
                             f"{VERSION}; write it again")
    plain = {key: value for key, value in manifest.items() if key != "sha256"}
    if seal(plain) != manifest:
        raise TegashikiError(f"{where}: content does not match its sha256; write it again")
    return manifest


def read(place: Place, part: str) -> Iterator[Example]:
    """The examples of a part in their order, a shard in memory at a time, each proved by its hash.

    Raises TegashikiError for a part that is not there and a shard that is missing or damaged.
    """
    manifest = read_manifest(place)
    if part not in manifest["parts"]:
        raise TegashikiError(f"{place.name}: no part {part!r}; there are "
                             f"{', '.join(manifest['parts'])}")
    vocabulary = Vocabulary(tuple(manifest["vocabulary"]))
    for shard in manifest["parts"][part]["shards"]:
        where = f"{place.name}/{shard['file']}"
        content = place.read(shard["file"])
        if content is None or hashlib.sha256(content).hexdigest() != shard["sha256"]:
            raise TegashikiError(f"{where}: missing or damaged; write the set again")
        yield from tfrecord.unpack(content, vocabulary, where)
