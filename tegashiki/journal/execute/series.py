"""A series: a folder of notebooks with an order and profiles, stated in its series.toml.

    title = "Pen strokes to TeX"
    steps = ["2026-11-20_01_preprocess", "2026-11-20_02_overfit"]
    [profiles.full.preprocess]
    data = "crohme"
    [best]                               # the figure by which the series is judged, for the site
    label = "of the test, exact"
    of = { train = "test_exact" }        # which result of which step
    where = { part = "test" }            # if the run has such a parameter or result

The notebooks' own defaults are the profile `quick`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import paths
from tegashiki.journal.notebook import source

FILE = "series.toml"
QUICK = "quick"
FAILURE = ("series", "step", "run", "status", "reason", "folder")  # what on_failure may ask for
_KEYS = {"title", "steps", "profiles", "best", "on_failure", "keep"}


@dataclass(frozen=True)
class Best:
    """The figure by which a series is judged: `of` names it for each step that measures it."""

    label: str
    of: Mapping[str, str]
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # name: what it may be
    percent: bool = False  # a share, shown in percent
    higher: bool = True  # is better


@dataclass(frozen=True)
class Series:
    """A folder of notebooks. `profiles` is {profile: {step: {parameter: value}}}."""

    name: str
    folder: Path
    title: str = ""
    steps: tuple[Path, ...] = ()
    profiles: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    best: Best | None = None
    on_failure: tuple[str, ...] = ()  # a command, started when a step does not end `ok`
    keep: str = ""  # the rules by which `tegashiki prune` works when it is given none

    def profile(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """What a profile sets for each step. Raises TegashikiError for an unknown one."""
        if name != QUICK and name not in self.profiles:
            known = ", ".join(dict.fromkeys([QUICK, *self.profiles]))
            raise TegashikiError(f"{self.folder}: no profile {name!r}; there are: {known}")
        return self.profiles.get(name, {})


def read(folder: Path) -> Series:
    """The series in `folder`. Raises TegashikiError if its series.toml does not make sense."""
    path = folder / FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TegashikiError(f"{path}: {error.strerror}; a series needs it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TegashikiError(f"{path}: {error}") from None
    if unknown := content.keys() - _KEYS:
        raise TegashikiError(f"{path}: unknown key {sorted(unknown)[0]!r}")
    names = content.get("steps")
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise TegashikiError(f"{path}: steps: expected a list of notebook names")
    steps = tuple(folder / f"{name.removesuffix('.ipynb')}.ipynb" for name in names)
    for step in steps:
        if not step.is_file():
            raise TegashikiError(f"{path}: steps: {step.name}: no such notebook beside it")
    known = [source.step_name(step) for step in steps]
    if len(set(known)) < len(known):
        raise TegashikiError(f"{path}: steps: two notebooks are the same step; rename one")
    # A profile may speak of notebooks beside the list too, which are run one by one.
    known += sorted({source.step_name(path) for path in folder.glob("*.ipynb")} - set(known))
    profiles = content.get("profiles", {})
    for profile, tables in profiles.items():
        for step, values in tables.items() if isinstance(tables, dict) else [("", None)]:
            if step not in known or not isinstance(values, dict):
                raise TegashikiError(
                    f"{path}: [profiles.{profile}.{step}]: expected a table for one of the "
                    f"steps {', '.join(known)}"
                )
    return Series(
        folder.resolve().name, folder, content.get("title", ""), steps, profiles,
        _best(content.get("best"), str(path)), _command(content.get("on_failure", []), str(path)),
        _text(content.get("keep", ""), f"{path}: keep"),
    )  # fmt: skip


def _best(told: Any, where: str) -> Best | None:
    """The table [best]. Raises TegashikiError if it does not make sense."""
    if told is None:
        return None
    try:
        best = Best(**told)
        conditions = {name: tuple(value) if isinstance(value, list) else (value,)
                      for name, value in best.where.items()}  # fmt: skip
        if not all(isinstance(name, str) for name in (best.label, *best.of, *best.of.values())):
            raise TypeError("label and of hold text")
    except (TypeError, AttributeError) as error:
        raise TegashikiError(
            f"{where}: [best]: {error}; expected label, of = {{step = \"result\"}}, and perhaps "
            "where, percent, higher"
        ) from None
    return replace(best, where=conditions)


def _command(told: Any, where: str) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(word, str) for word in told):
        raise TegashikiError(f"{where}: on_failure: expected a list of words: a command")
    for word in told:
        try:
            word.format(**dict.fromkeys(FAILURE, ""))
        except (KeyError, IndexError, ValueError) as error:
            raise TegashikiError(f"{where}: on_failure: {word!r}: {error}; in braces may stand "
                                 f"{', '.join(FAILURE)}") from None  # fmt: skip
    return tuple(told)


def _text(told: Any, where: str) -> str:
    if not isinstance(told, str):
        raise TegashikiError(f"{where}: expected a text")
    return told


def locate(target: str) -> tuple[Series, Path | None]:
    """What `tegashiki run TARGET` means: a series, or one notebook and the series around it.

    `target` is a notebook's path, a series' folder, or a name under notebooks/ of the checkout.
    Raises TegashikiError if it is none of them.
    """
    path = Path(target)
    if path.suffix == ".ipynb":
        if not path.is_file():
            raise TegashikiError(f"{path}: no such notebook")
        folder = path.resolve().parent
        known = (folder / FILE).is_file()
        return (read(folder) if known else Series(folder.name, folder)), path
    for folder in (path, *_shelves(target)):
        if (folder / FILE).is_file():
            return read(folder), None
    raise TegashikiError(
        f"{target}: neither a notebook nor a series (a folder under notebooks/ with a {FILE}); "
        f"known: {', '.join(_known()) or 'none from here'}"
    )


def _shelves(name: str) -> list[Path]:
    """Where a series of this name may lie: this checkout, and the one this package is from."""
    import tegashiki

    homes = [paths.checkout(), Path(tegashiki.__file__).parents[1]]
    return [home / "notebooks" / name for home in homes if home is not None]


def _known() -> list[str]:
    return sorted({path.parent.name for s in _shelves(".") for path in s.glob(f"*/{FILE}")})
