"""The page of one run: what was asked, what came out, where from, and the notebook as it ran.

    html = run.page(archived, known, read)
"""

from __future__ import annotations

import shlex
from typing import Any
from urllib.parse import quote

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest
from tegashiki.journal.report import curves, digest, formatting, svg, verification
from tegashiki.journal.report.clock import is_time
from tegashiki.journal.report.site import addresses, copies, lineage, notebook
from tegashiki.journal.report.site.page import (
    CHARTS,
    facts,
    frame,
    link,
    section,
    status,
    table,
    text,
)
from tegashiki.journal.report.site.page import lines as lines_of

_LOG_TAIL = 4000  # characters
_CHART_LIMIT = 6  # charts on a page


def page(run: ArchivedRun, known: dict[str, ArchivedRun], read: dict[str, list[str]]) -> str:
    """The whole page. A run whose record is broken still gets one, with what is known."""
    title = f"{run.series} {run.step} {run.id}"
    try:
        body = _body(run, known, read)
    except (TegashikiError, KeyError, TypeError, AttributeError, ValueError) as error:
        body = f"<p>{status(run)} Its record cannot be read: {text(error)}</p>"
    return frame(title, body, depth=1, scripts=[*CHARTS, "run.js", f"data/{run.id}.js"])


def _body(run: ArchivedRun, known: dict[str, ArchivedRun], read: dict[str, list[str]]) -> str:
    record, outcome = run.record, run.outcome
    profile = f", profile {text(record['profile'])}" if record["profile"] else ""
    series = f'<a href="../series/{text(run.series)}.html">{text(run.series)}</a>'
    head = (
        f"<p>{status(run)} {series} {text(run.step)}{profile}, "
        f"started {text((outcome.get('started') or '?')[:19].replace('T', ' '))} UTC, "
        f"{formatting.duration(outcome.get('seconds'))}, "
        f"launched by {text(record['launched'])}.</p>"
    )
    said, notes = digest.of(run), run.notes
    tags = "".join(f' <span class="tag">{text(tag)}</span>' for tag in notes["tags"])
    head += f"<p><b>{text(said.title)}</b>{tags} {text(said.question)}</p>"
    head += f'<p class="why">{text(notes["why"])}</p>' if notes["why"] else ""
    if run.status == layout.OK and said.outcome:
        head += f'<p class="came">{text(said.outcome)}</p>'
    if outcome.get("reason"):
        head += f'<p class="reason">{text(outcome["reason"])}</p>'
    results = {name: formatting.short(value) for name, value in run.results.items()}
    drawn = "".join(
        f'<figure><a href="{run.id}/pictures/{text(p.name)}"><img loading="lazy" '
        f'src="{run.id}/pictures/{text(p.name)}" alt="{text(p.stem)}"></a>'
        f"<figcaption>{text(p.stem)}</figcaption></figure>" for p in digest.pictures(run)
    )  # fmt: skip
    return "".join([
        head,
        section("Key numbers", facts(results, "Key numbers")),
        section("Curves", charts(run)),
        section("Pictures", f'<div class="pictures">{drawn}</div>' if drawn else ""),
        section("Lineage", lineage.draw(run, known, read)),
        section("Parameters", _parameters(record, known)),
        section("Do it again", _again(run)),
        section("Code, data, machine", _origin_table(record)),
        section("Notebook as it ran", _notebook(run), "notebook"),
        section("The machine meanwhile", _system(run)),
        section("End of the log", _log(run), "log"),
        section("Files", _files(run)),
    ])  # fmt: skip


def charts(run: ArchivedRun) -> str:
    """The curves, those of one quantity in one frame: loss with val_loss."""
    try:
        known = lines_of(run)
    except TegashikiError as error:
        return f"<p>{text(error)}</p>"
    groups: dict[str, dict[str, curves.Points]] = {}
    for name, points in known.items():
        if not is_time(name):
            bare = name.removeprefix("val_").removeprefix("validation_").removeprefix("token_")
            groups.setdefault(bare, {})[name] = points
    out = []
    for bare, lines in list(groups.items())[:_CHART_LIMIT]:
        out.append(f"<figure>{svg.chart(lines, bare, alone=False)}{legend(list(lines))}</figure>")
    if not out:
        return ""
    return f'<div id="curves" data-run="{run.id}"><div class="charts">{"".join(out)}</div></div>'


def legend(names: list[str]) -> str:
    """The names of the lines with their colours, below a chart."""
    items = "".join(
        f'<span><i style="background:{svg.COLOURS[n % len(svg.COLOURS)]}"></i>{text(name)}</span>'
        for n, name in enumerate(names)
    )
    return f'<figcaption class="legend">{items}</figcaption>'


def _parameters(record: dict[str, Any], known: dict[str, ArchivedRun]) -> str:
    rows = []
    for name, value in record["parameters"].items():
        shown = link(known[value], "../") if str(value) in known else text(value)
        rows.append([text(name), shown, "given" if name in record["given"] else ""])
    return table(["name", "value", "set by"], rows, "Parameters") if rows else ""


def again(record: dict[str, Any]) -> str:
    """The command line that makes this run again, at its commit; "" where nobody launched it."""
    path = (record["notebook"] or {}).get("path")
    if not path:
        return ""
    given = {**record["given"], **{u["step"]: u["id"] for u in record["upstream"]
                                   if u["step"] in record["parameters"]}}  # fmt: skip
    words = [f"-p {shlex.quote(f'{name}={value}')}" for name, value in given.items()]
    profile = record["profile"]
    chosen = [f"--profile {shlex.quote(profile)}"] if profile and profile != "quick" else []
    return " ".join(["tegashiki run", shlex.quote(path), *chosen, *words])


def _again(run: ArchivedRun) -> str:
    """The verdict of doing it again, whether it is intact, and the commands that do it again."""
    record, found = run.record, verification.read(run)
    if found is None:
        said = "<p>It was not done again yet.</p>"
    else:
        causes = f" ({text('; '.join(found['causes']))})" if found["causes"] else ""
        said = f"<p><b>{text(found['verdict'])}</b> {text(found['why'])}{causes}</p>"
    if run.status != layout.RUNNING:
        problems = run.broken()
        said += f"<p>{text(problems[0]) if problems else 'Every file is as its manifest says.'}</p>"
    commit = (record["code"] or {}).get("commit")
    lines = [f"tegashiki verify {run.id}"]
    if command := again(record):
        lines.append(f"git checkout {commit[:12]}  # the code of then" if commit else "")
        lines.append(command)
    shown = "\n".join(filter(None, lines))
    return f'{said}<pre class="command" tabindex="0">{text(shown)}</pre>'


def _origin_table(record: dict[str, Any]) -> str:
    """Code, data and machine; commit and notebook are links into the repository."""
    rows = []
    for name, value in _origin(record).items():
        shown = text(value)
        if name == "commit" and (address := addresses.commit((record["code"] or {}).get("commit"))):
            shown = f'<a href="{text(address)}">{shown}</a>'
        if name == "notebook" and (found := addresses.notebook(record)):
            shown = (f'<a href="{text(found[0])}">{shown}</a> at that commit, '
                     f'<a href="{text(found[1])}">in Colab</a>')  # fmt: skip
        rows.append([text(name), shown])
    return table(["name", "value"], rows, "Code, data, machine")


def _system(run: ArchivedRun) -> str:
    """Where run.js draws processor, memory and GPU over time; "" if nobody noted it."""
    if not (run.folder / layout.SYSTEM).is_file():
        return ""
    return (f'<div id="system"><p><a href="{run.id}/{layout.SYSTEM}">{layout.SYSTEM}</a></p></div>')


def _origin(record: dict[str, Any]) -> dict[str, Any]:
    code, environment = record["code"] or {}, record["environment"] or {}
    device, packages = record["device"] or {}, environment.get("packages") or {}
    dirty = {True: ", with changes (patch.diff)", False: ", clean"}.get(code.get("dirty"), "")
    found = {
        "commit": f"{code.get('commit') or 'unknown'}{dirty}",
        "notebook": (record["notebook"] or {}).get("path", "as the kernel ran it"),
        "python": environment.get("python"),
        "processor": f"{device.get('processor')}, {device.get('cores')} cores",
        "accelerators": ", ".join(device.get("accelerators") or []) or "none",
        "root seed": record["seed"],
    }
    wanted = ("keras", "tensorflow", "tensorflow-cpu", "jax", "numpy", "papermill")
    found |= {name: packages[name] for name in wanted if name in packages}
    found |= {f"data {item['name']}": f"sha256 {item['sha256']}" for item in record["data"]}
    gates = record["gates"]
    found |= {f"gate {g['name']}": f"passed by run {g['run']}" for g in gates["required"]}
    return found | {f"gate {g['name']}": "passed here" for g in gates["passed"]}


def _notebook(run: ArchivedRun) -> str:
    path = run.folder / layout.NOTEBOOK
    return f'<div class="notebook">{notebook.render(path)}</div>' if path.is_file() else ""


def _log(run: ArchivedRun) -> str:
    try:
        said = (run.folder / layout.LOG).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    tail = said[-_LOG_TAIL:]
    if not tail.strip():
        return ""
    whole = f'<p><a href="{run.id}/{layout.LOG}">The whole log, {len(said):,} characters</a></p>'
    return f'<pre class="log" tabindex="0">{text(tail)}</pre>{whole}'


def _files(run: ArchivedRun) -> str:
    try:
        listed = manifest.read(run.folder)
    except TegashikiError:
        return ""
    open_to = set(copies.shown(run))

    def name(path: str) -> str:
        if path not in open_to:
            return text(path)
        return f'<a href="{run.id}/{text(quote(path))}">{text(path)}</a>'

    rows = [
        [name(e["path"]), f"{e['bytes']:,}", f"<code>{text(e['sha256'][:16])}</code>",
         "yes" if e["in_git"] else "no"] for e in listed
    ]  # fmt: skip
    return table(["file", "bytes", "sha256", "in git"], rows, "Files")
