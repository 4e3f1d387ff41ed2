"""Where the code of a run stands: in the repository that pyproject.toml names, at its commit.

    addresses.commit("463dfe1...")            # https://github.com/.../commit/463dfe1...; "" without
    addresses.notebook(record)                # (the file at that commit, the same in Colab)
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from tegashiki.journal.format import paths

_COLAB = "https://colab.research.google.com/github/"


def commit(sha: str | None) -> str:
    """The page of a commit; "" if it or the repository is not known."""
    home = _repository()
    return f"{home}/commit/{sha}" if home and sha and re.fullmatch(r"[0-9a-f]{40}", sha) else ""


def notebook(record: dict[str, Any]) -> tuple[str, str] | None:
    """The run's notebook at its commit, and the same opened in Colab; None if not known."""
    path = (record["notebook"] or {}).get("path")
    sha, home = (record["code"] or {}).get("commit"), _repository()
    if not path or not commit(sha):
        return None
    place = f"blob/{sha}/{quote(path)}"
    return f"{home}/{place}", f"{_COLAB}{home.removeprefix('https://github.com/')}/{place}"


@lru_cache(maxsize=1)
def _repository() -> str:
    """The GitHub address in pyproject.toml of the checkout around us; "" if there is none."""
    home = paths.checkout()
    try:
        urls = tomllib.loads((home / "pyproject.toml").read_text())["project"]["urls"]
    except (OSError, TypeError, KeyError, tomllib.TOMLDecodeError):
        return ""
    address = str(urls.get("Repository", "")).removesuffix(".git").rstrip("/")
    return address if re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", address) else ""
