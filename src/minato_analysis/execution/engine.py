"""The papermill engine of this project: the plain one, with everything removed that differs by run.

Registered as the papermill engine ``minato``. In: a parameterised notebook. Out: the executed notebook
without timings, paths, random ids and interpreter versions, so that equal results are equal bytes.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

INJECTED_TAG = "injected-parameters"


class DeterministicEngine:
    """Run every cell with papermill's own client, then normalise the notebook.

    Papermill loads its engines while it is being imported itself. So papermill is imported here only
    when a notebook runs, and its engine is used, not inherited from.
    """

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **kwargs: Any
    ) -> NotebookNode:
        """Execute `nb` and return it normalised; nothing is saved on the way (`output_path`)."""
        from papermill.engines import NBClientEngine  # noqa: PLC0415

        del output_path  # a half-run notebook must not look like a result
        executed = NBClientEngine.execute_notebook(
            nb, kernel_name, output_path=None, record_timing=False, coalesce_streams=True, **kwargs
        )
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
    return nb
