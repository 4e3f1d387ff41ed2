"""A series: a folder of notebooks with an order and profiles, stated in its series.toml.

    title = "Pen strokes to TeX"
    steps = ["2026-11-20_01_preprocess", "2026-11-20_02_overfit"]
    [profiles.full.preprocess]
    data = "crohme"

The notebooks' own defaults are the profile `quick`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format import paths
from tegashiki.journal.notebook import source

FILE = "series.toml"
QUICK = "quick"


@dataclass(frozen=True)
class Series:
    """A folder of notebooks. `profiles` is {profile: {step: {parameter: value}}}."""

    name: str
    folder: Path
    title: str = ""
    steps: tuple[Path, ...] = ()
    profiles: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

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
    if unknown := content.keys() - {"title", "steps", "profiles"}:
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
    return Series(folder.resolve().name, folder, content.get("title", ""), steps, profiles)


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
