"""The figures of a report by hand, canonical and raw side by side."""

from tegashiki.evaluation.report import Report

X, Y, Z = ("x",), ("y",), ("z",)
REPORT = Report(
    references=[X, Y, ("x", "+", "1"), ("x", "^", "2")],
    answers=[[X, Y], [Z, Y], [], [("x", "^", "{", "2", "}")]],
    claims=[[0.9], [0.4], [], [0.7]],
    milliseconds=[1.0, 2.0, 3.0, 10.0],
)


def test_figures_by_hand():
    figures = REPORT.as_dict()
    assert figures["n"] == 4
    assert figures["exact"] == 2 / 4           # x, and x ^ 2 in another spelling
    assert figures["raw_exact"] == 1 / 4
    assert figures["top5"] == 3 / 4            # y is the second candidate
    assert figures["within1"] == 3 / 4         # z for y is one error, nothing for x + 1 three
    assert figures["ms_median"] == 2.5


def test_table_by_length_counts_each_once():
    rows = REPORT.by_length()
    assert [row["tokens"] for row in rows] == ["1-6"]
    assert rows[0]["n"] == 4 and (rows[0]["exact"], rows[0]["raw_exact"]) == (1 / 2, 1 / 4)
    assert "4 expressions: exact 50.0% (raw 25.0%)" in REPORT.table()
    assert "exact  50.0% (raw  25.0%)" in REPORT.table()


def test_expressions_that_nobody_could_be_asked_about_are_wrong():
    report = REPORT.with_unanswered([("torn", ["x"]), ("lost", ["y"])])
    figures = report.as_dict()
    assert figures["n"] == 6 and figures["exact"] == 2 / 6 and figures["top5"] == 3 / 6
    assert figures["ms_median"] == 2.5         # nothing was asked, so it took no time
    assert report.ids[-2:] == ["torn", "lost"] and report.best[-1] == ()
