"""From a received file to the cells of a draft: kept unaltered, read, every label confirmed."""

from __future__ import annotations
