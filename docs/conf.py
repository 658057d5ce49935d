"""How the documentation is built: `sphinx-build -W docs BUILD`."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "symbolic_embed"
author = "The symbolic_embed authors"
version = release = importlib.metadata.version("symbolic-embed")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "commands_page"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"symbolic_embed {release}"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # every docstring says it in words
napoleon_google_docstring = False
napoleon_use_rtype = False
suppress_warnings = ["myst.xref_missing"]  # links to MIDI files and folders of the repository
