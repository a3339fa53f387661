"""Prints axe-core, the checker of accessibility, as one script for a browser."""

import importlib.util
import pathlib

package = importlib.util.find_spec("axe_playwright_python")
print((pathlib.Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
