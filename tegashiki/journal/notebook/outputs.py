"""What a cell may leave in the archived notebook: limited in size, without secrets and paths.

    limits = Outputs(clean=Cleaner())
    limits.add(cell.outputs, output)               # merges streams, cuts their middle
    limits.settle(cell.outputs)                    # when the cell has ended

The whole text of the streams goes to log.txt; a visible note says so where something was cut.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from tegashiki.journal.format import layout
from tegashiki.journal.notebook import secrets

_OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)(?=[^\n]+)")  # a bar that was drawn anew
# Pictures are base64, which no text of ours stands in.
_BINARY = ("image/png", "image/jpeg", "image/gif", "application/pdf")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Cleaner:
    """Takes secrets, and the places that only exist on this machine, out of a text."""

    def __init__(self, checkout: Path | None = None) -> None:
        places = [(str(checkout) + os.sep, "") if checkout else ("", "")]
        places += [(str(Path(sys.prefix)) + os.sep, "<environment>/")]
        places += [(str(Path.home()) + os.sep, "~/")]
        # The longest first: the environment usually lies within the checkout.
        self._places = sorted(((p, to) for p, to in places if len(p) > 1), key=lambda p: -len(p[0]))

    def __call__(self, text: str) -> str:
        """The text as it may be published."""
        for place, name in self._places:
            text = text.replace(place, name)
        return secrets.mask(text)

    def deep(self, value: Any) -> Any:
        """JSON as it may be published, whatever is nested in it."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {self(str(name)): self.deep(item) for name, item in value.items()}
        return [self.deep(item) for item in value] if isinstance(value, list) else value


class Stream:
    """Text that arrives in pieces, each cleaned when the word at its end is whole.

    A secret may be printed in two pieces, and each of them looks like nothing.
    """

    LONGEST = 4096  # characters that are held back of a word without an end

    def __init__(self, clean: Cleaner) -> None:
        self._clean = clean
        self._held = ""

    def add(self, text: str) -> str:
        """What can be written now."""
        text = self._held + text
        whole = max(text.rfind(end) for end in " \n\r\t") + 1
        if len(text) - whole > self.LONGEST:
            whole = len(text)
        self._held = text[whole:]
        return self._clean(text[:whole])

    def end(self) -> str:
        """The rest."""
        rest, self._held = self._held, ""
        return self._clean(rest)


class Outputs:
    """Keeps the outputs of a notebook within limits while they arrive."""

    def __init__(self, clean: Cleaner) -> None:
        self.clean = clean
        self.used = 0  # bytes of rich outputs so far

    def add(self, outputs: list[Any], output: Any) -> None:
        """Add one output that just arrived (nbformat, changed in place) to those of its cell."""
        if output["output_type"] == "stream":
            last = self._open_stream(outputs, output["name"])
            if last is None:
                outputs.append(output)
                last = output
            else:
                last["text"] += output["text"]
            last["text"] = self.clean(last["text"])  # as a whole: secrets come in pieces
            if len(last["text"]) > 2 * layout.STREAM_LIMIT:
                last["text"] = _cut(last["text"])
            return
        if output["output_type"] == "error":
            output["traceback"] = [self.clean(line) for line in output["traceback"]]
            output["evalue"] = self.clean(output["evalue"])
        outputs.append(self._within(output))

    def settle(self, outputs: list[Any]) -> None:
        """Bring the streams of a cell that has ended to their final size."""
        for output in outputs:
            if output["output_type"] == "stream":
                output["text"] = _cut(_OVERWRITTEN.sub("", output["text"]))

    def _open_stream(self, outputs: list[Any], name: str) -> Any | None:
        """The stream that still takes text: nothing but streams has come after it."""
        for output in reversed(outputs):
            if output["output_type"] != "stream":
                return None
            if output["name"] == name:
                return output
        return None

    def _within(self, output: Any) -> Any:
        """The rich output, or a note in its place if it is too big."""
        size = len(json.dumps(output, default=str))
        if size <= layout.OUTPUT_LIMIT and self.used + size <= layout.NOTEBOOK_LIMIT:
            self.used += size
            for kind, content in output.get("data", {}).items():
                if not kind.startswith(_BINARY):
                    output["data"][kind] = self.clean.deep(content)
            if output.get("metadata"):
                output["metadata"] = self.clean.deep(output["metadata"])
            return output
        note = f"[an output of {size / layout.MEGABYTE:.1f} MB was left out of the archive]"
        if output["output_type"] == "error":
            output |= {"traceback": [note], "evalue": output["evalue"][: layout.STREAM_LIMIT]}
        else:
            output |= {"data": {"text/plain": note}, "metadata": {}}
        return output


def as_text(output: Any) -> str:
    """What an output says in log.txt."""
    if output["output_type"] == "stream":
        return output["text"]
    if output["output_type"] == "error":
        return _COLOURS.sub("", "\n".join(output["traceback"])) + "\n"
    text = output.get("data", {}).get("text/plain", "")
    return text + "\n" if isinstance(text, str) and text else ""


def _cut(text: str) -> str:
    """The beginning and the end of a text, with a note between them, within the limit."""
    if len(text) <= layout.STREAM_LIMIT:
        return text
    half = layout.STREAM_LIMIT // 2
    begin, end = text[:half].rpartition("\n"), text[-half:].partition("\n")
    head, tail = begin[0] or begin[2], end[2] or end[0]
    return f"{head}\n\n[... cut here, the whole output stands in {layout.LOG} ...]\n\n{tail}"
