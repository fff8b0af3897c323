"""The other end of :mod:`minato_analysis.execution.apart`: inside the process of one call.

In: the name of a function, and a folder with its arguments. Out: a file there, with its result or error.
"""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

ARGUMENTS, RESULT = "arguments.pickle", "result.pickle"


def called(function: str) -> Callable[..., Any]:
    """Return a function by its name, ``module:name``.

    >>> called("minato_analysis.facts:stored")(1 / 3)
    0.333333333333
    """
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def answer(function: str, folder: str) -> None:
    """Be the process of a call: leave its result in `folder`."""
    arguments, named = pickle.loads(Path(folder, ARGUMENTS).read_bytes())
    try:
        result = True, called(function)(*arguments, **named)
    except Exception as error:
        result = False, _that_travels(error)
    Path(folder, RESULT).write_bytes(pickle.dumps(result))


def _that_travels(error: Exception) -> Exception:
    """Return the error, or one with its text where it cannot be read back."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
