"""The papermill engine of this project: the plain one, with everything removed that differs by run.

Registered as the papermill engine ``minato``. In: a parameterised notebook. Out: the executed notebook
without timings, paths, random ids and interpreter versions, so that equal results are equal bytes.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine

INJECTED_TAG = "injected-parameters"


class DeterministicEngine(NBClientEngine):
    """Run every cell with papermill's own client, then normalise the notebook."""

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **kwargs: Any
    ) -> NotebookNode:
        """Execute `nb` and return it normalised; nothing is saved on the way (`output_path`)."""
        del output_path  # a half-run notebook must not look like a result
        executed = super().execute_notebook(
            nb, kernel_name, output_path=None, record_timing=False, coalesce_streams=True, **kwargs
        )
        return normalise(executed)


def normalise(nb: NotebookNode) -> NotebookNode:
    """Remove what differs between two runs with the same result.

    Kept: sources, outputs, execution counts, tags and parameters. Removed: papermill's timings, paths and
    version, interpreter version and other metadata. The injected cell gets a fixed id.
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
    return nb
