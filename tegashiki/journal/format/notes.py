"""notes.json: what people say of a run later, without touching what is sealed.

    notes.change(folder, why="does a wider beam help?", add=["released"])
    notes.read(folder)                   # {"why": "does a wider beam help?", "tags": ["released"]}

Like rights.json and pruned.json it is written beside the manifest, which does not list it.

    {"version": 2, "why": "one line, or empty", "tags": ["released"]}
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout, schemas
from tegashiki.storage import files

LONGEST = 300  # characters of the line that says why
_TAG = re.compile(r"[\w][\w.-]{0,39}")


def read(folder: Path) -> dict[str, Any]:
    """`why` and `tags`; empty ones where nobody said anything. TegashikiError if broken."""
    if not (folder / layout.NOTES).is_file():
        return {"why": "", "tags": []}
    told = schemas.read(folder / layout.NOTES, schemas.NOTES)
    return {"why": told["why"], "tags": told["tags"]}


def change(
    folder: Path, why: str | None = None, add: Iterable[str] = (), drop: Iterable[str] = ()
) -> dict[str, Any]:
    """Set the line, add and drop tags; what the notes are now.

    Raises TegashikiError for a line that is no line, or a tag that is no word.
    """
    told = read(folder)
    tags = sorted({*told["tags"], *(tag_of(tag) for tag in add)} - set(drop))
    line = told["why"] if why is None else line_of(why)
    files.write_json(
        folder / layout.NOTES, {"version": layout.VERSION, "why": line, "tags": tags}
    )
    return {"why": line, "tags": tags}


def tag_of(text: str) -> str:
    """The tag, if it is one. Raises TegashikiError."""
    if not _TAG.fullmatch(text):
        raise TegashikiError(f"tag {text!r}: expected one word of letters, digits, . _ and -")
    return text


def line_of(text: str) -> str:
    """The line that says why, if it is one. Raises TegashikiError."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        raise TegashikiError(f"why: {len(line)} characters, at most {LONGEST}")
    return line
