"""The process that executes one notebook with papermill, and tells its parent how it goes.

    python -m tegashiki.journal.execute.worker < {"folder": ..., "parent": pid, "cwd": ..., ...}

It reads the notebook from the run's folder and writes it back there after each cell. On the pipe
that the task names it reports in JSON lines: {"kernel": pid}, {"cell": 3, "of": 9},
{"error": {...}}. It never says whether the run was good: the parent decides that from the notebook.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from tegashiki.journal.execute import signals
from tegashiki.journal.format import layout, notebook
from tegashiki.journal.format.log import Log
from tegashiki.journal.notebook.outputs import Cleaner, Outputs, Stream, as_text
from tegashiki.storage import files

CELL_FAILED, KERNEL_DIED, NO_SPACE = 1, 3, 4  # exit codes
_PATIENCE = 60  # seconds for what a cell printed to arrive after its end; nbclient waits 4


class Reporter:
    """Tells the parent, on a pipe that no child of ours inherits."""

    def __init__(self, handle: int) -> None:
        os.set_inheritable(handle, False)
        self._handle = handle

    def __call__(self, **news: Any) -> None:
        """Send one line."""
        try:
            os.write(self._handle, (json.dumps(news) + "\n").encode())
        except OSError:  # the parent is gone: there is nobody to work for
            os._exit(1)


def main() -> int:
    """Execute the notebook that the parent describes on standard input."""
    task = json.loads(sys.stdin.readline())
    signals.tie(task["parent"])
    os.chdir(task["folder"])
    report = Reporter(task["reports"])
    log = Log(Path(layout.LOG))
    try:
        return _execute(task, log, report)
    finally:
        log.close()
        if log.error:
            report(unwritable=str(log.error))


def _execute(task: dict[str, Any], log: Log, report: Reporter) -> int:
    notebook.prepare()
    import papermill
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient.exceptions import DeadKernelError
    from nbformat import writes
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
    from papermill.exceptions import PapermillExecutionError

    outputs = Outputs(Cleaner(Path(task["checkout"]) if task["checkout"] else None))
    streams = Stream(outputs.clean)
    kernel: list[Any] = []  # its process, once it has started

    class OwnSpecs(KernelSpecManager):
        """Every kernel name means this interpreter; no kernelspec of the machine is asked."""

        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            command = [sys.executable, "-m", "tegashiki.journal.execute.kernel", str(os.getpid())]
            return KernelSpec(
                argv=[*command, "-f", "{connection_file}", "--log-level=ERROR"],
                display_name="tegashiki", language="python",
            )  # fmt: skip

    class Kernels(AsyncKernelManager):
        """Ends a kernel without interrupting it first: every cell has been answered by then.

        On a busy machine the signal finds the kernel still tidying up after the last cell, and
        a run that is ok would have "ERROR | KeyboardInterrupt caught in kernel" in its log.
        """

        async def _async_interrupt_kernel(self) -> None:
            return

    class Client(PapermillNotebookClient):
        """Papermill's client; outputs go to the log whole and to the notebook limited."""

        def create_kernel_manager(self) -> AsyncKernelManager:
            self.km = Kernels(kernel_name=self.kernel_name, kernel_spec_manager=OwnSpecs())
            return self.km

        def start_new_kernel_client(self) -> Any:
            report(kernel=self.km.provisioner.pid)
            kernel.append(self.km.provisioner.process)
            signal.signal(signal.SIGTERM, self._stop)
            return super().start_new_kernel_client()

        def output(self, outs: list[Any], msg: dict[str, Any], *rest: Any) -> Any:
            before = len(outs)
            output = super().output(outs, msg, *rest)
            arrived, outs[before:] = outs[before:], []
            for item in arrived:
                log.write(streams.add(as_text(item)))
                outputs.add(outs, item)
            return output

        def _stop(self, *_: object) -> None:
            self.shutdown_kernel = "immediate"
            sys.exit(1)

    class Manager(NotebookExecutionManager):
        """Papermill's bookkeeping, without its claim that cells which never ran completed."""

        def save(self, **_: Any) -> None:
            files.write_text(Path(layout.NOTEBOOK), writes(self.nb) + "\n")
            self.last_save_time = self.now()

        def cell_start(self, cell: Any, cell_index: int, **rest: Any) -> None:
            report(cell=cell_index, of=len(self.nb.cells))
            super().cell_start(cell, cell_index, **rest)

        def cell_complete(self, cell: Any, cell_index: int, **rest: Any) -> None:
            log.write(streams.end())
            outputs.settle(cell.get("outputs", []))
            Path(layout.PROGRESS).unlink(missing_ok=True)  # it was this cell's
            super().cell_complete(cell, cell_index=cell_index, **rest)

        def notebook_complete(self, **rest: Any) -> None:
            never = [c for c in self.nb.cells if c.metadata.papermill.status == self.PENDING]
            super().notebook_complete(**rest)
            for cell in never:
                cell.metadata.papermill["status"] = self.PENDING
            self.save()

    class Engine(NBClientEngine):
        @classmethod
        def execute_notebook(cls, nb: Any, kernel_name: str, **rest: Any) -> Any:
            manager = Manager(nb, progress_bar=False)
            manager.notebook_start()
            try:
                Client(manager, kernel_name=kernel_name, timeout=None,
                       iopub_timeout=_PATIENCE).execute(cwd=task["cwd"])
            finally:
                manager.notebook_complete()
            return manager.nb

    papermill_engines.register("tegashiki", Engine)
    try:
        papermill.execute_notebook(
            layout.NOTEBOOK, None, parameters=task["changed"], engine_name="tegashiki",
            kernel_name="python3", language="python", progress_bar=False,
        )  # fmt: skip
    except PapermillExecutionError as error:
        message = outputs.clean(str(error.evalue))
        report(error={"cell": error.exec_count, "name": error.ename, "message": message})
        return CELL_FAILED
    except DeadKernelError:
        report(dead=True, kernel_exit=kernel[-1].poll() if kernel else None)
        return KERNEL_DIED
    except OSError as error:
        report(unwritable=str(error))
        return NO_SPACE
    except Exception as error:
        report(crash=outputs.clean(f"{type(error).__name__}: {error}"))
        raise  # the traceback goes to the log
    return 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
