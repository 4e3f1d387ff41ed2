"""What must not be archived: tokens and passwords, known by name, by form, or by randomness.

    secrets.reason("api_key", "abc")        # 'the name says so'
    secrets.reason("data", "crohme")        # None
    secrets.mask("using hf_..." )           # the same text with the token taken out
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Any

from tegashiki.journal.notebook import environment_secrets

_NAMES = {
    "token", "password", "passwd", "passphrase", "pwd", "secret", "key", "apikey", "credential",
    "credentials", "auth", "bearer", "cookie",
}  # fmt: skip
_FORMS = {
    "a GitHub token": r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}",
    "a GitLab token": r"glpat-[A-Za-z0-9_-]{16,}",
    "a Hugging Face token": r"hf_[A-Za-z0-9]{20,}",
    "an AWS access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a Google API key": r"AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}",
    "a Slack token": r"xox[abeoprs]-[A-Za-z0-9-]{10,}",
    "an API key": r"\bsk-[A-Za-z0-9_-]{20,}|pypi-AgE[A-Za-z0-9_-]{20,}",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "an address with a password": r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"']+:[^\s/@\"']+@",
}
_KNOWN = {what: re.compile(form) for what, form in _FORMS.items()}
_PIECES = re.compile(r"[^A-Za-z0-9+=]+")
_SHORTEST = 20  # characters: shorter words are too often names


def form(text: str) -> str | None:
    """Which kind of secret stands in `text`, or None: a well-known one, or our environment's."""
    if environment_secrets.known().inside(text):
        return "the value of a secret environment variable"
    return next((what for what, known in _KNOWN.items() if known.search(text)), None)


def reason(name: str, value: Any) -> str | None:
    """Why the parameter looks like a secret, or None.

    >>> reason("token", "swordfish"), reason("tokens", 40), reason("epochs", 3)
    ('the name says so', None, None)
    """
    texts = list(_texts(value))
    if any(texts) and _NAMES & set(re.split(r"[^a-z]+", name.lower())):
        return "the name says so"
    for text in texts:
        if what := form(text):
            return f"the value looks like {what}"
        if any(_looks_random(piece) for piece in _PIECES.split(text)):
            return "the value looks random"
    return None


def mask(text: str) -> str:
    """`text` without well-known secrets and without those of our environment."""
    text = environment_secrets.known().mask(text)
    for known in _KNOWN.values():
        text = known.sub(environment_secrets.REMOVED, text)
    return text


def masked(value: Any) -> Any:
    """JSON without secrets, at whatever depth; names of fields are looked at too."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {mask(name) if isinstance(name, str) else name: masked(item)
                for name, item in value.items()}  # fmt: skip
    return [masked(item) for item in value] if isinstance(value, list | tuple) else value


def within(value: Any) -> str | None:
    """What kind of secret stands somewhere in JSON, or None. Names of fields tell too.

    >>> within({"login": {"password": "swordfish"}}), within({"tokens": 40})
    ('password: the name says so', None)
    """
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and (why := reason(str(name), item)):
                return f"{name}: {why}"
            if why := form(str(name)) or within(item):
                return why
        return None
    if isinstance(value, list | tuple):
        return next((why for item in value if (why := within(item))), None)
    return form(value) if isinstance(value, str) else None


FILES = re.compile(
    r"(^|/)(\.env(\.[\w.-]+)?|\.netrc|\.pypirc|\.pgpass|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519)"
    r"|credentials(\.\w+)?|secrets?\.(json|ya?ml|toml|ini|txt|env)|[^/]*\.(pem|key|p12|pfx|jks))$",
    re.I,
)  # names of files that hold secrets by custom: they go into no patch


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return []


def _looks_random(word: str) -> bool:
    """Whether `word` is drawn from letters of both cases and digits, rather than written.

    Names change between cases and digits at the borders of words; drawn characters change at
    every second place (62 letters and digits: 0.62 of all neighbours differ in kind). Hexadecimal
    words are hashes and run ids, and are let through.
    """
    kinds = ["A" if c.isupper() else "a" if c.islower() else "0" for c in word]
    if len(word) < _SHORTEST or len(set(kinds)) < 3:
        return False
    changes = sum(a != b for a, b in pairwise(kinds)) / (len(word) - 1)
    shares = [count / len(word) for count in Counter(word).values()]
    entropy = -sum(share * math.log2(share) for share in shares)  # bits a character
    return changes > 0.47 and entropy > 3.6
