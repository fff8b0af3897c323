"""How Sphinx makes the guides and the API one site (`make docs`); it needs no network to be read."""

project = "minato-analysis"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
html_theme = "furo"
html_title = project
html_show_copyright = False
html_last_updated_fmt = None
language = "ja"
html_search_language = "ja"

myst_heading_anchors = 4  # links to a heading are checked
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "none"  # the signature names them, the docstring says the unit
napoleon_google_docstring = False
napoleon_use_rtype = False
# Several results have a field `years`, and a docstring's "shape (years,)" is no link to one of them.
suppress_warnings = ["ref.python"]
