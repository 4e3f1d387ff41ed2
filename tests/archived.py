"""Small finished runs in the archive of a test: of one result, or with a curve.

    run = make("one", loss=0.5)              # with the fixture `runs`: an archive of its own
    run = trained([3.0, 2.0, 1.0], seed=2)   # a row of metrics for each loss
"""

from tegashiki import journal
from tegashiki.journal.archive import reader


def make(step="step", **results):
    """A run of series tiny with these results."""
    run = journal.begin("tiny", step, seed=1)
    run.result(**results)
    run.finish()
    return reader.ArchivedRun(run.folder)


def trained(losses, seed=1, step="train", **results):
    """A run with a curve; its times tell seeds apart."""
    run = journal.begin("tiny", step, seed=seed, rate=0.5)
    for epoch, loss in enumerate(losses, 1):
        run.metrics(epoch=epoch, loss=loss, seconds=epoch * 1.1 + seed)
    run.result(loss=losses[-1], **results)
    run.finish()
    return reader.ArchivedRun(run.folder)
