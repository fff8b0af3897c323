"""Contrast between colours as WCAG 2 defines it, over arrays of pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def luminance(rgb: ArrayLike) -> NDArray[np.float64]:
    """Return the relative luminance of colours, channels 0 to 255 on the last axis."""
    part = np.asarray(rgb, float)[..., :3] / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: ArrayLike, other: ArrayLike) -> NDArray[np.float64]:
    """Return the contrast ratio of colours, 1 to 21."""
    light = np.stack(np.broadcast_arrays(luminance(one), luminance(other)))
    return np.asarray((light.max(axis=0) + 0.05) / (light.min(axis=0) + 0.05))
