"""The code that really ran, also where a file is edited while a run goes on."""

from tegashiki.journal.archive import up_to_date
from tegashiki.journal.execute.plan import Step
from tegashiki.journal.notebook import source
from tegashiki.storage import files
from tests.journal.notebooks import FINISH, PARAMETERS, begin, only, tegashiki, write


def test_a_module_edited_while_the_run_goes_on(tmp_path):
    home, runs = tmp_path / "home", tmp_path / "runs"
    helper = home / "helper.py"
    edit = "open('helper.py', 'a').write('B = 2\\n')"
    cells = [PARAMETERS, "import sys; sys.path.insert(0, '.')\nimport helper", begin(values=""),
             edit, FINISH]  # fmt: skip
    path = write(home / "notebooks" / "tiny", "step", cells)
    (home / "pyproject.toml").touch()
    helper.write_text("A = 1\n")
    before = files.sha256(helper)
    done = tegashiki("run", path, runs=runs, cwd=home)
    assert done.returncode == 0, done.stdout + done.stderr
    run = only(runs)
    assert run.record["modules"]["helper"] == before != files.sha256(helper)
    assert run.record["changed_modules"] == ["helper"]
    assert "edited while this run went on: helper" in (run.folder / "log.txt").read_text()
    step = Step(source.read(path), {}, run.parameters)
    assert up_to_date.changed(run, step, {}).startswith("code: ")
