"""The papermill engine of this project: papermill's own, with everything removed that differs by run.

Registered as the papermill engine ``minato``. In: a parameterised notebook, and the home of its kernel
(:mod:`minato_analysis.execution.kernel`), ordinary or warm. Out: the executed notebook without timings,
paths, random ids and interpreter versions, so that equal results are equal bytes.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from minato_analysis.execution import stop

if TYPE_CHECKING:
    from minato_analysis.execution.kernel import Home

INJECTED_TAG = "injected-parameters"


class KernelStopped(RuntimeError):
    """A kernel ended, or was ended, in the middle of a cell.

    Attributes
    ----------
    count : int
        Number of the cell as Jupyter counts them, 0 before the first.
    line : str
        First line of the cell.
    cause : Exception
        What the client of the kernel reported.
    exit_code : int or None
        Exit code of the kernel, the negative number of a signal; none if it was still running.
    """

    def __init__(self, nb: NotebookNode, cause: Exception, exit_code: int | None) -> None:
        super().__init__(str(cause))
        code = [one for one in nb.cells if one.cell_type == "code" and one.source.strip()]
        begun = [one for one in code if one.metadata.get("papermill", {}).get("start_time")]
        self.count = len(begun)
        self.line = begun[-1].source.strip().splitlines()[0] if begun else ""
        self.cause = cause
        self.exit_code = exit_code


class DeterministicEngine:
    """Run every cell with papermill's own client, then normalise the notebook.

    Papermill loads its engines while it is being imported itself. So papermill is imported here only
    when a notebook runs, and its engine is used, not inherited from.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        home: Home | None = None,
        **kwargs: Any,
    ) -> NotebookNode:
        """Execute `nb` and return it normalised; nothing is saved on the way (`output_path`).

        If the process that warm kernels are forked from is lost, the notebook runs again from its
        beginning in an ordinary kernel: that was no fault of the notebook.

        Raises
        ------
        KernelStopped
            The kernel did not start, ended by itself or took too long.
        """
        from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
        from papermill.engines import NBClientEngine  # noqa: PLC0415

        del output_path  # a half-run notebook must not look like a result
        untouched = deepcopy(nb) if home else nb
        try:
            executed = NBClientEngine.execute_notebook(
                nb,
                kernel_name,
                output_path=None,
                record_timing=False,
                **_in(home),
                **kwargs,
            )
        except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
            if home and home.lost_parent and not stop.asked():
                ordinary = replace(home, parent=None, exit_code=None, lost_parent=False)
                return cls.execute_notebook(untouched, kernel_name, home=ordinary, **kwargs)
            raise KernelStopped(nb, error, home.exit_code if home else None) from error
        return normalise(executed)

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Return the kernel the notebook asks for, unless another is named."""
        from papermill.utils import nb_kernel_name  # noqa: PLC0415

        kernel: str = nb_kernel_name(nb, name)
        return kernel

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Return the language of the notebook, unless another is named."""
        from papermill.utils import nb_language  # noqa: PLC0415

        found: str = nb_language(nb, language)
        return found


def _in(home: Home | None) -> dict[str, Any]:
    """Return the settings of papermill's client for a kernel in `home`."""
    if home is None:
        return {}
    from minato_analysis.execution.kernel import manager_for  # noqa: PLC0415

    # Results are complete when the last cell is: nothing is gained by a slow farewell.
    return {"kernel_manager_class": manager_for(home), "shutdown_kernel": "immediate"}


def normalise(nb: NotebookNode) -> NotebookNode:
    """Remove what differs between two runs with the same result.

    Kept: sources, outputs, execution counts, tags and parameters. Removed: papermill's timings, paths
    and version, interpreter version and other metadata. The injected cell gets a fixed id.
    """
    parameters = nb.metadata.get("papermill", {}).get("parameters", {})
    nb.metadata = NotebookNode(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
        papermill={"parameters": parameters},
    )
    for cell in nb.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        if INJECTED_TAG in tags:
            cell.id = INJECTED_TAG
        if cell.get("outputs"):
            cell.outputs = coalesced(cell.outputs)
    return nb


def coalesced(outputs: list[NotebookNode]) -> list[NotebookNode]:
    r"""Return the outputs with one of each stream, standard output first, and overwritten text gone.

    nbclient can do this, but the pattern it looks for a carriage return with costs the square of a
    line's length: 80,000 characters in one line took 7 s.

    Examples
    --------
    >>> def said(text, name="stdout"):
    ...     return NotebookNode(output_type="stream", name=name, text=text)
    >>> [one.text for one in coalesced([said("careful", "stderr"), said(" 1 %"), said("\r99 %\n")])]
    ['99 %\n', 'careful']
    """
    streams: dict[str, NotebookNode] = {}
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream" and output.name in streams:
            streams[output.name].text += output.text
            continue
        if output.output_type == "stream":
            streams[output.name] = output
        kept.append(output)
    for stream in streams.values():
        lines = (line.rstrip("\r").rpartition("\r")[2] for line in stream.text.split("\n"))
        stream.text = "\n".join(lines)
    in_order = iter(streams[name] for name in sorted(streams, reverse=True))
    return [next(in_order) if output.output_type == "stream" else output for output in kept]
