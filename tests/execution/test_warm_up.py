"""What is done once before the fork works, leaves nothing visible, and reads no file of a project."""

from __future__ import annotations

import random
import sys
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from minato_analysis.execution import parents, warm_up
from minato_analysis.execution.environment import environment


def test_it_leaves_no_setting_changed() -> None:
    def settings() -> tuple[object, ...]:
        display = {name: pd.get_option(name) for name in ("display.max_rows", "display.precision")}
        state = random.getstate(), str(np.random.get_state())  # noqa: NPY002
        return dict(mpl.rcParams), display, np.get_printoptions(), state, warnings.filters[:]

    warm_up.everything()  # loads what is loaded when first used
    before = settings()
    warm_up.everything()
    assert settings() == before


@pytest.mark.skipif(sys.platform != "linux", reason="warm kernels exist on Linux only")
def test_a_parent_gets_ready_with_all_libraries(tmp_path: Path) -> None:
    one = parents.Parent(environment(tmp_path), str(tmp_path), parents.modules())
    try:
        one.await_ready()
    finally:
        one.close()
