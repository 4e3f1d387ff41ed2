"""Secrets that this process was given by its environment: known by their names, found by value.

    known = environment_secrets.known()               # from os.environ, once a process
    known.mask("key: hunter2-hunter2")                # "key: [secret removed]"

A variable that is named like a key, a token, a secret or a password holds one. Its value is found
as it is, in the ways in which texts write it (URL, JSON, HTML, base64), and in pieces of at least
half of it.
"""

from __future__ import annotations

import base64
import functools
import html
import json
import os
import re
from collections.abc import Mapping
from urllib.parse import quote

_WORDS = {
    "token", "password", "passwd", "passphrase", "pwd", "pass", "secret", "secrets", "key",
    "apikey", "credential", "credentials", "auth", "bearer", "cookie", "pat", "dsn",
}  # fmt: skip
_ENDS = ("password", "passwd", "token", "secret", "apikey")
_SHORTEST = 8  # characters: shorter values stand in texts by chance
_PIECE = 8  # characters: the shortest piece of a value that is told from chance
REMOVED = "[secret removed]"


class Secrets:
    """The values of some environment variables, and how to find them in a text."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        values = {name: value for name, value in environment.items() if _secret(name, value)}
        self.names = sorted(values)
        self._values = set(values.values())
        pieces = {piece for value in self._values for form in _forms(value)
                  for piece in _windows(form)}  # fmt: skip
        # Longer pieces first: an alternative that fits ends the search of the others.
        ordered = sorted(pieces, key=lambda piece: (-len(piece), piece))
        self._found = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def inside(self, text: str) -> bool:
        """Whether one of them, or half of it, stands somewhere in the text."""
        return self._found is not None and self._found.search(text) is not None

    def mask(self, text: str) -> str:
        """The text without them."""
        if self._found is None:
            return text
        parts, at = [], 0
        for start, end in self._spans(text):
            parts += [text[at:start], REMOVED]
            at = end
        return "".join([*parts, text[at:]])

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Where they stand; pieces that touch or overlap are one."""
        spans: list[tuple[int, int]] = []
        at = 0
        while found := self._found.search(text, at):  # type: ignore[union-attr]
            start, end = found.span()
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
            at = start + 1
        return spans


@functools.cache
def known() -> Secrets:
    """Those of this process, as its environment was when it was asked first."""
    return Secrets(dict(os.environ))


def _secret(name: str, value: str) -> bool:
    """Whether a variable holds a secret, rather than a switch, a number or a path."""
    words = set(re.split(r"[^a-z]+", name.lower()))
    if not (words & _WORDS or any(word.endswith(_ENDS) for word in words)):
        return False
    plain = re.fullmatch(r"[\d.]*|true|false|yes|no|none|[a-z]+", value, re.I)
    short = len(value) < _SHORTEST
    return not (short or os.path.exists(value) or (plain and len(value) < 12))


def _forms(value: str) -> set[str]:
    """The value as texts may write it."""
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    forms = {value, quote(value, safe=""), html.escape(value), json.dumps(value)[1:-1], encoded}
    return {form for form in forms if len(form) >= _SHORTEST}


def _windows(form: str) -> set[str]:
    """Every piece of half the length."""
    size = max(_PIECE, -(-len(form) // 2))
    return {form[at : at + size] for at in range(max(len(form) - size, 0) + 1)}
