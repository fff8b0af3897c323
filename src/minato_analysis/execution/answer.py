"""The other end of :mod:`minato_analysis.execution.apart`: inside the process of one call.

In: the name of a function, and a folder with its arguments. Out: a file there, with its result or error.
"""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ARGUMENTS, RESULT = "arguments.pickle", "result.pickle"


class ElsewhereError(RuntimeError):
    """An error of another process, of a kind that cannot be made here again."""

    @property
    def kind(self) -> str:
        """Name of the error's class."""
        return str(self.args[0])

    def __str__(self) -> str:
        return str(self.args[1])


def called(function: str) -> Callable[..., Any]:
    """Return a function by its name, ``module:name``.

    >>> called("minato_analysis.numbers.facts:stored")(1 / 3)
    0.333333333
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
    """Return the error, or one with its kind and text where it cannot be read back."""
    with suppress(Exception):
        copy = pickle.loads(pickle.dumps(error))
        if str(copy) == str(error):
            return error
    return ElsewhereError(type(error).__name__, str(error))
