"""Colab badges: the first line of a notebook's first cell, a link that opens that very notebook.

    badges.wrong(checkout)                 # {path: new text} of the notebooks whose badge is wrong
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import quote, urlparse

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import notebook
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
        known = path.read_text(encoding="utf-8")
        line = badge(repository, path.relative_to(checkout).as_posix())
        content = _with_badge(path, known, line)
        if content is not None:
            found[path] = content
    return found


def rewrite(path: Path, text: str) -> None:
    """Put the new text in place."""
    files.write_text(path, text)


def _with_badge(path: Path, known: str, line: str) -> str | None:
    """The notebook's text with this badge, or None if it has it."""
    content = notebook.parse(known, str(path))
    first = next(iter(content["cells"]), {})
    if first.get("cell_type") != "markdown":
        raise TegashikiError(f"{path}: the first cell must be text, with the badge and the title")
    lines = first["source"].splitlines()
    if lines[:1] == [line]:
        return None
    rest = lines[1:] if lines and _MARK in lines[0] else ["", *lines]
    first["source"] = "\n".join([line, *rest])
    return notebook.text(content)
