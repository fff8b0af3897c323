"""JupyterLab settings of `make lab`: a notebook is saved as it stands in git."""

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT = ("minato", "tags")


def as_in_git(model, **_):
    """Leave out outputs, execution counts and what an editor or a kernel notes of itself."""
    content = model["content"]
    if model["type"] != "notebook" or content["nbformat"] != 4:
        return
    content["metadata"] = KERNEL
    for cell in content["cells"]:
        noted = cell["metadata"]
        cell["metadata"] = {name: noted[name] for name in KEPT if name in noted}
        if noted.get("jupyter", {}).get("source_hidden"):
            cell["metadata"]["jupyter"] = {"source_hidden": True}
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


c = get_config()  # noqa: F821 - provided by Jupyter
c.FileContentsManager.pre_save_hook = as_in_git
