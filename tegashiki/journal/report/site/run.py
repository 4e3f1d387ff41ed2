"""The page of one run: what was asked, what came out, where from, and the notebook as it ran.

    html, pictures = run.page(archived, known, read)
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout, manifest
from tegashiki.journal.report import curves, formatting, svg, verification
from tegashiki.journal.report.clock import is_time
from tegashiki.journal.report.site import lineage, notebook
from tegashiki.journal.report.site.page import facts, frame, link, section, status, table, text
from tegashiki.journal.report.site.page import lines as lines_of
from tegashiki.storage import files

_LOG_TAIL = 4000  # characters
_CHART_LIMIT = 6  # charts on a page
_PICTURES = {".svg", ".png"}


def page(run: ArchivedRun, known: dict[str, ArchivedRun], read: dict[str, list[str]]) -> str:
    """The whole page. A run whose record is broken still gets one, with what is known."""
    title = f"{run.series} {run.step} {run.id}"
    try:
        body = _body(run, known, read)
    except (TegashikiError, KeyError, TypeError, AttributeError, ValueError) as error:
        body = f"<p>{status(run)} Its record cannot be read: {text(error)}</p>"
    return frame(title, body, depth=1)


def pictures(run: ArchivedRun) -> list[Path]:
    """The run's figures, which its page shows."""
    folder = run.folder / layout.PICTURES
    return sorted(p for p in folder.glob("*") if p.suffix in _PICTURES and p.is_file())


def data(run: ArchivedRun) -> str:
    """The run for the pages that compare: a script that hands over its facts and curves."""
    return f"tegashiki.add({inline(_facts(run))});\n"


def inline(value: Any) -> str:
    """JSON that may stand in a script, also in an old browser."""
    said = json.dumps(files.plain(value), ensure_ascii=True, separators=(",", ":"))
    return said.replace("<", "\\u003c")


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
    if outcome.get("reason"):
        head += f'<p class="reason">{text(outcome["reason"])}</p>'
    results = {name: formatting.short(value) for name, value in run.results.items()}
    drawn = "".join(
        f'<figure><img loading="lazy" src="{run.id}/{text(p.name)}" alt="{text(p.stem)}">'
        f"<figcaption>{text(p.stem)}</figcaption></figure>" for p in pictures(run)
    )  # fmt: skip
    return "".join([
        head,
        section("Key numbers", facts(results, "Key numbers")),
        section("Curves", charts(run)),
        section("Pictures", f'<div class="pictures">{drawn}</div>' if drawn else ""),
        section("Lineage", lineage.draw(run, known, read)),
        section("Parameters", _parameters(record, known)),
        section("Verified", _verified(run)),
        section("Code, data, machine", facts(_origin(record), "Code, data, machine")),
        section("Notebook as it ran", _notebook(run)),
        section("End of the log", _log(run)),
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
    return f'<div class="charts">{"".join(out)}</div>' if out else ""


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


def _verified(run: ArchivedRun) -> str:
    found = verification.read(run)
    if found is None:
        return ""
    causes = f" ({text('; '.join(found['causes']))})" if found["causes"] else ""
    return f"<p><b>{text(found['verdict'])}</b> {text(found['why'])}{causes}</p>"


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
    return f'<pre class="log" tabindex="0">{text(tail)}</pre>' if tail.strip() else ""


def _files(run: ArchivedRun) -> str:
    try:
        listed = manifest.read(run.folder)
    except TegashikiError:
        return ""
    rows = [
        [text(e["path"]), f"{e['bytes']:,}", f"<code>{text(e['sha256'][:16])}</code>",
         "yes" if e["in_git"] else "no"] for e in listed
    ]  # fmt: skip
    return table(["file", "bytes", "sha256", "in git"], rows, "Files")


def _facts(run: ArchivedRun) -> dict[str, Any]:
    """What two runs are compared by."""
    try:
        record, lines, results = run.record, lines_of(run), run.results
        code, environment = record["code"] or {}, record["environment"] or {}
        device = record["device"] or {}
    except (TegashikiError, KeyError, TypeError) as error:
        return {"id": run.id, "step": run.step, "broken": str(error)}
    return {
        "id": run.id, "series": run.series, "step": run.step, "status": run.status,
        "started": (run.outcome.get("started") or "")[:19],
        "parameters": record["parameters"],
        "results": {n: v for n, v in results.items() if not isinstance(v, list | dict)},
        "facts": {
            "seed": record["seed"],
            "commit": (code.get("commit") or "unknown")[:12],
            "patch": bool(code.get("patch")),
            **{f"data {d['name']}": d["sha256"][:12] for d in record["data"]},
            **{f"upstream {u['step']}": u["id"] for u in record["upstream"]},
            "python": environment.get("python"),
            "processor": device.get("processor"), "cores": device.get("cores"),
            "seconds": run.outcome.get("seconds"),
        },
        "packages": environment.get("packages") or {},
        "curves": {n: thin(p) for n, p in lines.items() if not is_time(n)},
    }  # fmt: skip


def thin(points: curves.Points, most: int = 300) -> list[tuple[float, float]]:
    """At most so many points, the last one always among them; the archive keeps them all."""
    step = -(-len(points) // most)
    kept = list(points[::step])
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]
