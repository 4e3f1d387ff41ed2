r"""LiteRT's WebAssembly without the functions that a recogniser never runs: 0.6 MB instead of 2.9.

    small = trim(library, functions(library))        # None: a library that was never profiled

Which functions run was counted in a browser by `benchmarks/profile_wasm.py`, which writes
functions.json. The others keep their number and their type, and their body is one instruction,
`unreachable`: what runs gives the same answers to the last bit, and what was never seen to run
stops with an error, at which the page starts again with the whole library (see recognizer.js).

A module is a list of sections, each a number, a length and its content; numbers are LEB128
(https://webassembly.github.io/spec/core/binary/).
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path

FUNCTIONS = Path(__file__).with_name("functions.json")
HEADER = b"\0asm\1\0\0\0"
IMPORT, GLOBAL, EXPORT, CODE = 2, 6, 7, 10         # numbers of sections
UNREACHABLE = b"\x00\x00\x0b"                      # no locals, unreachable, end
# XNNPACK asks which processor it is on by the sign of -inf - -inf: x86 has it set, ARM not.
# (f32.load, local.tee, local.get, f32.sub, i32.reinterpret_f32)
PROCESSOR = re.compile(rb"(\x2a\x02\x00\x22(.)\x20\2)\x93\xbc", re.DOTALL)


def functions(library: bytes) -> set[int] | None:
    """The functions that were seen to run, by their place in the code; None: another library."""
    profiles = json.loads(FUNCTIONS.read_text(encoding="utf-8"))
    steps = profiles.get(hashlib.sha256(library).hexdigest())
    if steps is None:
        return None
    found, place = set(), 0
    for step in steps:
        place += step
        found.add(place)
    return found


def trim(library: bytes, ran: Collection[int]) -> bytes:
    """The library with no body but of the functions that ran."""
    sections = []
    for kind, content in _sections(library):
        if kind == CODE:
            bodies = [body if place in ran else UNREACHABLE
                      for place, body in enumerate(_bodies(content))]
            content = _leb(len(bodies)) + b"".join(_leb(len(body)) + body for body in bodies)
        sections.append((kind, content))
    return _joined(sections)


def instrumented(library: bytes, arm: bool = False) -> bytes:
    """The library with an exported global for each function, `ran0` ..., that is 1 once it ran.

    `arm`: as it would run on an ARM processor, where other code is chosen.
    """
    parts = dict(_sections(library))
    count, at = _number(parts[GLOBAL], 0)
    first, number = _imported_globals(parts[IMPORT]) + count, _number(parts[CODE], 0)[0]
    sections = []
    for kind, content in _sections(library):
        if kind == GLOBAL:                                   # mutable i32, 0 at the start
            content = _leb(count + number) + content[at:] + b"\x7f\x01\x41\x00\x0b" * number
        elif kind == EXPORT:
            exports, after = _number(content, 0)
            names = [b"ran%d" % place for place in range(number)]
            content = _leb(exports + number) + content[after:] + b"".join(
                _leb(len(name)) + name + b"\x03" + _leb(first + place)
                for place, name in enumerate(names))
        elif kind == CODE:
            bodies = [_marking(body, first + place) for place, body in enumerate(_bodies(content))]
            content = _leb(number) + b"".join(_leb(len(body)) + body for body in bodies)
            if arm:                                          # f32.mul: the sign that ARM would give
                content = PROCESSOR.sub(lambda found: found[1] + b"\x94\xbc", content)
        sections.append((kind, content))
    return _joined(sections)


def _marking(body: bytes, place: int) -> bytes:
    """A function's body that sets a global to 1 first."""
    groups, at = _number(body, 0)
    for _ in range(groups):
        _, at = _number(body, at)
        at += 1                                              # the type of these locals
    return body[:at] + b"\x41\x01\x24" + _leb(place) + body[at:]


def _sections(module: bytes) -> Iterator[tuple[int, bytes]]:
    at = len(HEADER)
    while at < len(module):
        size, start = _number(module, at + 1)
        yield module[at], module[start:start + size]
        at = start + size


def _joined(sections: list[tuple[int, bytes]]) -> bytes:
    return HEADER + b"".join(bytes([kind]) + _leb(len(content)) + content
                             for kind, content in sections)


def _bodies(code: bytes) -> Iterator[bytes]:
    count, at = _number(code, 0)
    for _ in range(count):
        size, at = _number(code, at)
        yield code[at:at + size]
        at += size


def _imported_globals(content: bytes) -> int:
    """How many of the imports are globals, which have the first numbers."""
    count, at = _number(content, 0)
    found = 0
    for _ in range(count):
        for _ in range(2):                                   # module and name
            size, at = _number(content, at)
            at += size
        kind, at = content[at], at + 1
        if kind == 3:                                        # global: type, whether mutable
            found, at = found + 1, at + 2
        elif kind == 0:                                      # function: its type's number
            _, at = _number(content, at)
        elif kind == 4:                                      # tag: attribute, its type's number
            _, at = _number(content, at + 1)
        else:                                                # table or memory: its limits
            at += kind == 1                                  # a table's type
            bounds, at = 1 + (content[at] & 1), at + 1
            for _ in range(bounds):
                _, at = _number(content, at)
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number, and where the next thing begins."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _leb(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
