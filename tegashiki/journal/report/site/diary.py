"""The front page: the journal as it is, dated entries, newest first.

    diary.front(runs, {"ink2tex": card, ...})
    diary.entries(runs, up="../")             # the same entries, for the page of one series

An entry is one notebook on one day: its title and question, its telling picture, what came out of
its last good run there, and the ways to all of its runs of that day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout
from tegashiki.journal.report import digest, formatting, verification
from tegashiki.journal.report.site.page import frame, status, text

SHOWN = 60  # entries on the front page; the table has every run


def front(runs: Sequence[ArchivedRun], cards: Mapping[str, str]) -> str:
    """The whole front page. `cards` are the curves of the series, by name."""
    names = list(dict.fromkeys(run.series for run in reversed(runs)))
    ok = sum(run.status == layout.OK for run in runs)
    shelf = ", ".join(
        f'<a href="series/{text(name)}.html">{text(name)}</a> '
        f"({sum(run.series == name for run in runs)})" for name in names
    )  # fmt: skip
    intro = (
        f"<p>A journal of experiments. Each entry is a notebook that asks one question; below it "
        f"stands what came out, read from the run. {len(runs)} runs, {ok} of them ok, in "
        f'{shelf or "no series yet"}. <a href="runs.html">All runs in one table.</a></p>'
    )
    shown = "".join(cards[name] for name in names if cards.get(name))
    best = f'<h2>The best so far</h2><div class="cards">{shown}</div>' if shown else ""
    return frame("Journal", intro + best + entries(runs))


def entries(runs: Sequence[ArchivedRun], up: str = "", most: int = SHOWN) -> str:
    """Dated entries, newest first; a link to the table if there are more than `most`."""
    groups: dict[tuple[str, str, str], list[ArchivedRun]] = {}
    for run in runs:
        day = (run.outcome.get("started") or run.name[:8])[:10]
        groups.setdefault((day, run.series, run.step), []).append(run)
    place = {run.id: number for number, run in enumerate(runs)}
    newest = sorted(groups, key=lambda key: (key[0], place[groups[key][-1].id]), reverse=True)
    out, today = [], ""
    for key in newest[:most]:
        if key[0] != today:
            out.append(f'<h2 class="day">{_day(key[0])}</h2>')
            today = key[0]
        out.append(_entry(groups[key], up))
    if len(newest) > most:
        out.append(f'<p><a href="{up}runs.html">{len(newest) - most} older entries are in the '
                   "table of all runs.</a></p>")  # fmt: skip
    return "".join(out)


def _entry(runs: Sequence[ArchivedRun], up: str) -> str:
    run = next((r for r in reversed(runs) if r.status == layout.OK), runs[-1])
    said, notes = digest.of(run), run.notes
    page = f"{up}run/{run.id}.html"
    picture = ""
    if said.picture is not None:
        where = f"{up}run/{run.id}/pictures/{text(said.picture.name)}"
        picture = (f'<a class="picture" href="{page}#pictures" tabindex="-1" aria-hidden="true">'
                   f'<img loading="lazy" src="{where}" alt=""></a>')  # fmt: skip
    tags = "".join(f' <span class="tag">{text(tag)}</span>' for tag in notes["tags"])
    came = text(said.outcome) if run.status == layout.OK else text(
        run.outcome.get("reason") or "no reason was written down")  # fmt: skip
    why = f'<p class="why">{text(notes["why"])}</p>' if notes["why"] else ""
    return (
        f'<article class="entry{"" if picture else " bare"}">{picture}<div>'
        f'<h3><a href="{page}">{text(said.title)}</a>{tags}</h3>'
        f'<p class="question">{text(said.question)}</p>{why}'
        f'<p class="came">{"" if run.status == layout.OK else status(run) + " "}{came}</p>'
        f'<p class="meta"><a href="{up}series/{text(run.series)}.html">{text(run.series)}</a> '
        f"{text(run.step)} · {formatting.duration(run.outcome.get('seconds'))} · "
        f'<a href="{page}#notebook">the notebook as it ran</a> · run {run.id}'
        f"{_verdict(run)}{_others(runs, run, up)}</p></div></article>"
    )


def _verdict(run: ArchivedRun) -> str:
    try:
        told = verification.read(run)
    except TegashikiError:
        return ""
    return f" · done again: {text(told['verdict'])}" if told else ""


def _others(runs: Sequence[ArchivedRun], shown: ArchivedRun, up: str) -> str:
    """The other runs of the notebook on that day."""
    rest = [run for run in runs if run is not shown]
    if not rest:
        return ""
    links = ", ".join(
        f'<a href="{up}run/{run.id}.html">{run.id}</a>'
        + ("" if run.status == layout.OK else f" ({text(run.status)})") for run in rest
    )  # fmt: skip
    return f" · also {links}"


def _day(told: str) -> str:
    """A date as a heading.

    >>> _day("2026-11-28")
    '28 November 2026'
    """
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return text(told)
    return f"{day.day} {day:%B} {day.year}"
