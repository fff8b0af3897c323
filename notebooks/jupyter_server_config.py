"""JupyterLab settings of `make lab`: notebooks are saved without outputs."""


def without_outputs(model, **_):
    """Strip outputs and execution counts before a notebook is written."""
    if model["type"] == "notebook" and model["content"]["nbformat"] == 4:
        for cell in model["content"]["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None


c = get_config()  # noqa: F821 - provided by Jupyter
c.FileContentsManager.pre_save_hook = without_outputs
