"""Colab badges: the first line of a notebook's first cell, a link that opens that very notebook.

    badges.wrong(checkout)                 # {path: new text} of the notebooks whose badge is wrong
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlparse

from tegashiki.errors import TegashikiError
from tegashiki.journal.notebook import source as notebook
from tegashiki.storage import files

_PICTURE = "https://colab.research.google.com/assets/colab-badge.svg"
_MARK = "colab.research.google.com"
_BRANCH = "main"


def badge(repository: str, path: str) -> str:
    """The badge of the notebook at `path` within the GitHub `repository`.

    >>> badge("https://github.com/me/ink", "notebooks/a/b.ipynb").rpartition("github/")[2]
    'me/ink/blob/main/notebooks/a/b.ipynb)'
    """
    address = urlparse(repository)
    name = address.path.strip("/").removesuffix(".git")
    if address.hostname != "github.com" or name.count("/") != 1:
        raise TegashikiError(f"pyproject.toml: Repository {repository!r}: not a GitHub address")
    link = f"https://{_MARK}/github/{name}/blob/{_BRANCH}/{quote(path)}"
    return f"[![Open in Colab]({_PICTURE})]({link})"


def wrong(checkout: Path) -> dict[Path, str]:
    """Notebooks under notebooks/ without the right badge, each with the text to write.

    Raises TegashikiError if pyproject.toml states no Repository, or a notebook is broken.
    """
    try:
        project = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]
        repository = project["urls"]["Repository"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise TegashikiError(f"{checkout}/pyproject.toml: no project URL Repository") from error
    found = {}
    for path in sorted((checkout / "notebooks").rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        line = badge(repository, path.relative_to(checkout).as_posix())
        content = _with_badge(path, source, line)
        if content is not None:
            found[path] = content
    return found


def rewrite(path: Path, text: str) -> None:
    """Put the new text in place."""
    files.write_text(path, text)


def _with_badge(path: Path, source: str, line: str) -> str | None:
    """The notebook's text with this badge, or None if it has it."""
    try:
        content: dict[str, Any] = json.loads(source)
        first = content["cells"][0]
    except (ValueError, KeyError, IndexError, TypeError):
        raise TegashikiError(f"{path}: not a notebook with cells") from None
    if first.get("cell_type") != "markdown":
        raise TegashikiError(f"{path}: the first cell must be text, with the badge and the title")
    lines = notebook.text(first).splitlines()
    if lines[:1] == [line]:
        return None
    rest = lines[1:] if lines and _MARK in lines[0] else ["", *lines]
    first["source"] = [text + "\n" for text in [line, *rest][:-1]] + [[line, *rest][-1]]
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
