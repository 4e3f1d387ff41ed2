"""Colab badges point at the file they stand in."""

import json

import pytest

from tegashiki.cli import main
from tegashiki.journal.notebook import badges

PROJECT = '[project]\nname = "x"\n[project.urls]\nRepository = "https://github.com/me/ink"\n'
LINK = "https://colab.research.google.com/github/me/ink/blob/main/notebooks/a/b.ipynb"


@pytest.fixture
def home(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "notebooks" / "a").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(home, source, kind="markdown"):
    cell = {"cell_type": kind, "id": "a", "metadata": {}, "source": source}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (home / "notebooks" / "a" / "b.ipynb").write_text(json.dumps(content))


def first_lines(home):
    content = json.loads((home / "notebooks" / "a" / "b.ipynb").read_text())
    return "".join(content["cells"][0]["source"]).splitlines()


@pytest.mark.parametrize("before", ["", "[![x](https://colab.research.google.com/old)](y)\n\n"])
def test_badges_are_written_and_checked(home, before, capsys):
    write(home, f"{before}# Title\n\ntext")
    assert main(["badges", "--check"]) == 1 and "wrong badge" in capsys.readouterr().out
    assert main(["badges"]) == 0
    lines = first_lines(home)
    assert LINK in lines[0] and lines[1:] == ["", "# Title", "", "text"]
    assert main(["badges", "--check"]) == 0
    assert badges.wrong(home) == {}
    moved = home / "notebooks" / "c.ipynb"
    (home / "notebooks" / "a" / "b.ipynb").rename(moved)
    assert list(badges.wrong(home)) == [moved]


def test_badges_refuse(home, capsys):
    write(home, "x = 1", kind="code")
    assert main(["badges"]) == 1 and "first cell must be text" in capsys.readouterr().err
    (home / "pyproject.toml").write_text(PROJECT.replace("github.com/me/ink", "example.org"))
    assert main(["badges"]) == 1 and "not a GitHub address" in capsys.readouterr().err
    (home / "pyproject.toml").write_text("")
    assert main(["badges"]) == 1 and "no project URL" in capsys.readouterr().err


def test_badges_of_this_repository(checkout):
    assert [str(path) for path in badges.wrong(checkout)] == []
