# ruff: noqa: E501 (a cell a line reads best)
"""Forty secrets planted where a notebook may leave them: none of them reaches the archive."""

import base64
import json
import subprocess
import urllib.parse

import pytest

from tegashiki.journal.notebook import environment_secrets, secrets
from tests.journal.notebooks import FINISH, PARAMETERS, begin, only, tegashiki, write

VALUE = "Tr0ub4dor&3-correct/horse"
GITHUB = "ghp_" + "a1B2c3D4e5" * 4
HALF = len(VALUE) // 2 + 1
GET = "import os, json, sys, base64, html\nfrom urllib.parse import quote\nv = os.environ['MY_API_KEY']\n"
SHOW = "from IPython.display import display, HTML, JSON, Markdown, publish_display_data\n"

# Each is a cell between begin and finish; what it leaves must hold no secret.
CELLS = {
    "print": "print(v)",
    "print in a sentence": "print(f'using {v} now')",
    "print in two writes": "sys.stdout.write(v[:9]); sys.stdout.flush(); sys.stdout.write(v[9:])",
    "print in three writes": "[sys.stdout.write(p) or sys.stdout.flush() for p in (v[:5], v[5:11], v[11:])]",
    "print its first half": f"print(v[:{HALF}])",
    "print its second half": f"print(v[-{HALF}:])",
    "both halves on two lines": f"print(v[:{HALF}]); print(v[{HALF}:])",
    "standard error": "print(v, file=sys.stderr)",
    "repr": "print(repr(v))",
    "last value": "v",
    "in a list": "[1, v]",
    "in a dictionary": "{'k': v}",
    "URL": "print(quote(v, safe=''))",
    "address with a password": "print('https://me:' + quote(v, safe='') + '@example.org/x')",
    "base64": "print(base64.b64encode(v.encode()).decode())",
    "basic authentication": "print('Authorization: Bearer ' + v)",
    "JSON text": "print(json.dumps({'a': v}))",
    "HTML text": "print(html.escape(v))",
    "HTML output": "display(HTML('<b>' + html.escape(v) + '</b>'))",
    "HTML attribute": "display(HTML('<a href=\"?k=' + quote(v, safe='') + '\">x</a>'))",
    "JSON output": "display(JSON({'a': [v]}))",
    "JSON field": "display(JSON({v: 1}))",
    "Markdown output": "display(Markdown('**' + v + '**'))",
    "own kind of output": "publish_display_data({'application/vnd.x+json': {'a': {'b': v}}})",
    "metadata of an output": "publish_display_data({'text/plain': 'x'}, metadata={'note': v})",
    "exception": "raise ValueError(v)",
    "exception, chained": "try:\n    int(v)\nexcept ValueError as e:\n    raise RuntimeError('no') from e",
    "exit": "raise SystemExit(v)",
    "log": "run.log('with ' + v)",
    "progress": "run.progress(1, 2, v)",
    "result": "run.result(answer=v)",
    "result, deep": "run.result(parts=[{'x': v}])",
    "result's name": "run.result(**{'k' + v: 1})",
    "metric": "run.metrics(epoch=1, note=v)",
    "artifact": "run.artifact('a.txt').write_text('k=' + v)",
    "artifact, JSON": "run.artifact('a.json').write_text(json.dumps({'k': v}))",
    "picture": "(run.folder / 'pictures' / 'a.svg').write_text('<svg><text>' + html.escape(v) + '</text></svg>')",
    "environment": "print(dict(os.environ))",
    "shell": "import subprocess; print(subprocess.run('echo $MY_API_KEY', shell=True, capture_output=True, text=True).stdout)",
    "GitHub token in two writes": f"sys.stdout.write({GITHUB[:7]!r}); sys.stdout.flush(); sys.stdout.write('{GITHUB[7:20]}' '{GITHUB[20:]}')",
}  # fmt: skip


def shapes(value):
    half = -(-len(value) // 2)
    forms = {value, value[:half], value[-half:], urllib.parse.quote(value, safe="")}
    return {*forms, base64.b64encode(value.encode()).decode().rstrip("="), json.dumps(value)[1:-1]}


def left_in(folder):
    """Files below a folder that hold the secret or half of it."""
    wrong = []
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace").replace("\\n", "\n")
            wrong += [f"{path.name}: {form}" for form in shapes(VALUE) if form in text]
            wrong += [f"{path.name}: token" for _ in [0] if GITHUB[4:30] in text]
    return wrong


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """One notebook of all the cells, each in a guard of its own; the last one fails bare."""
    home = tmp_path_factory.mktemp("planted")
    cells = [PARAMETERS, begin(values=""), GET + SHOW]
    for cell in CELLS.values():
        body = "\n".join(f"    {line}" for line in cell.splitlines())
        cells.append(f"try:\n{body}\nexcept BaseException as error:\n    print(repr(error))")
    cells += ["v", "[1, v]", "{'k': v}", FINISH, "raise ValueError('end: ' + v)"]
    return home, cells


@pytest.mark.process
def test_forty_cells_under_the_launcher(planted, monkeypatch):
    home, cells = planted
    monkeypatch.setenv("MY_API_KEY", VALUE)
    assert len(CELLS) == 40
    tegashiki("run", write(home / "tiny", "step", cells), runs=home / "runs", timeout=120)
    assert left_in(home / "runs") == []
    run = only(home / "runs")
    assert run.status == "failed"
    assert (run.folder / "log.txt").read_text().count("[secret removed]") >= 25


@pytest.mark.parametrize("given", ["epochs=" + VALUE, "note=" + VALUE, "note=" + GITHUB])
def test_no_parameter(tmp_path, monkeypatch, given):
    monkeypatch.setenv("MY_API_KEY", VALUE)
    cells = [("parameters", "epochs = 'x'\nnote = ''"), begin(values=""), FINISH]
    done = tegashiki("run", write(tmp_path / "tiny", "step", cells), "-p", given,
                     runs=tmp_path / "runs")  # fmt: skip
    assert done.returncode == 1 and "looks like a secret" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_no_file_of_secrets_in_the_patch(tmp_path):
    home = tmp_path / "home"
    path = write(home / "notebooks" / "tiny", "step", [PARAMETERS, begin(values=""), FINISH])
    (home / "kept.env").write_text("A=1\n")
    setup = ["git", "-C", home, "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*setup, *words], check=True, capture_output=True)
    for name in (".env", ".env.local", "server.pem", "id_rsa", "deep/secrets.yaml", ".netrc"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text("PASSWORD=swordfish-swordfish\n")
    (home / "other.txt").write_text("plain\n")
    done = tegashiki("run", path, runs=home / "runs", cwd=home)
    assert done.returncode == 0, done.stderr
    run = only(home / "runs")
    patch = (run.folder / "patch.diff").read_text()
    assert "plain" in patch and "swordfish" not in patch
    assert set(run.record["code"]["left_out"]) == {
        ".env", ".env.local", "server.pem", "id_rsa", "deep/secrets.yaml", ".netrc"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("MY_API_KEY", VALUE, True), ("HF_TOKEN", "abcdefgh1", True), ("PGPASSWORD", "hunter2hunter2", True),
        ("AWS_SECRET_ACCESS_KEY", "x" * 40, True), ("TOKENIZERS_PARALLELISM", "false-but-long", False),
        ("MONKEY", "bananas-and-more", False), ("SSH_KEY_FILE", "/etc/passwd", False),
        ("KEYBOARD_LAYOUT", "us-international", False), ("API_KEY", "short", False),
        ("SECRET_KEY_LENGTH", "123456789", False), ("PATH", "/usr/local/bin:/usr/bin", False),
    ],
)  # fmt: skip
def test_which_variables_hold_secrets(name, value, secret):
    assert environment_secrets.Secrets({name: value}).inside(f"<{value}>") == secret


def test_what_is_ordinary_stays():
    known = environment_secrets.Secrets({"MY_API_KEY": VALUE})
    text = "correct horse battery staple; epoch 3 of 9"
    assert known.mask(text) == text and secrets.mask(text) == text
