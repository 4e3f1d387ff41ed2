"""One hash of the code that matters: of a package, of its rooms, of what modules import."""

import os

import pytest

from tegashiki import journal
from tegashiki.errors import TegashikiError
from tegashiki.journal.session.fingerprint import imports


def test_fingerprint_follows_the_sources(tmp_path, monkeypatch):
    home = tmp_path / "toypackage"
    (home / "ink").mkdir(parents=True)
    (home / "__init__.py").touch()
    (home / "ink" / "a.py").write_text("A = 1")
    (home / "train.py").write_text("B = 1")
    monkeypatch.syspath_prepend(str(tmp_path))
    whole = journal.fingerprint("toypackage")
    ink = journal.fingerprint("toypackage", rooms=["ink"])
    (home / "train.py").write_text("B = 2")
    os.utime(home / "ink" / "a.py", (0, 0))
    assert journal.fingerprint("toypackage", rooms=["ink"]) == ink
    assert journal.fingerprint("toypackage") != whole
    with pytest.raises(TegashikiError, match="no room 'tex'"):
        journal.fingerprint("toypackage", rooms=["tex"])
    with pytest.raises(TegashikiError, match="no package"):
        journal.fingerprint("no_such_package")


@pytest.fixture
def package(tmp_path, monkeypatch):
    """train imports ink.a by itself and tex inside of a function; site is imported by nobody."""
    home = tmp_path / "toyroom"
    for name, text in {
        "__init__.py": "",
        "ink/__init__.py": "",
        "ink/a.py": "import json\nfrom typing import TYPE_CHECKING\n"
                    "if TYPE_CHECKING:\n    from toyroom import site\n",
        "ink/widths.json": "{}",
        "tex.py": "from .ink import b",
        "ink/b.py": "",
        "train.py": "from toyroom.ink import a\ndef fit():\n    import toyroom.tex",
        "site.py": "",
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    return home


def test_imports_are_walked(package):
    found = imports("toyroom", ["toyroom.train"])
    assert set(found) == {"toyroom", "toyroom.train", "toyroom.tex", "toyroom.ink",
                          "toyroom.ink.a", "toyroom.ink.b"}  # fmt: skip
    with pytest.raises(TegashikiError, match=r"no module 'toyroom\.none'"):
        imports("toyroom", ["toyroom.none"])


@pytest.mark.parametrize(
    ("edited", "changes"),
    [("train.py", True), ("tex.py", True), ("ink/b.py", True), ("ink/widths.json", True),
     ("site.py", False)],
)  # fmt: skip
def test_fingerprint_of_what_is_imported(package, edited, changes):
    before = journal.fingerprint("toyroom", imported_by=["toyroom.train"])
    (package / edited).write_text((package / edited).read_text() + " ")
    after = journal.fingerprint("toyroom", imported_by=["toyroom.train"])
    assert (before != after) == changes


def test_fingerprint_of_training_leaves_the_site_out():
    found = imports("tegashiki", ["tegashiki.train.loop"])
    assert "tegashiki.errors" in found
    assert not [name for name in found if ".site" in name or ".pad" in name or ".signs" in name]
