"""Observations: printed tables as tidy rows, and what is known about them.

=================== ==========================================================================
:mod:`.observations` the descriptor, the tables, the rows; how rows are selected
:mod:`.revisions`    several printings of one value: which one counts, and since when
:mod:`.categories`   what the values of offence, station, age and area are called
:mod:`.breaks`       where a series changes its meaning
:mod:`.measures`     the plan's measures
:mod:`.comparators`  figures from outside, with source and grade
:mod:`.needs`        which tables a section of a notebook needs
:mod:`.target_forms`  the forms in which a plan prints its target
:mod:`.transcription` figures typed twice, compared
:mod:`.study`        the rows and facts one notebook works with
=================== ==========================================================================
"""

from minato_analysis.data.observations import (
    AREAS,
    CLOSED,
    DESCRIPTOR,
    OBSERVATIONS,
    Area,
    DataError,
    areas,
    closed_sources,
    definitions,
    described,
    descriptor,
    dumps,
    files,
    frame,
    history,
    lines,
    loads,
    matching,
    observations,
    published,
    read_cells,
    read_published,
    register,
    root,
    seal,
    sealed,
    select,
    series,
    table_id,
    tidy,
)

__all__ = [
    "AREAS",
    "CLOSED",
    "DESCRIPTOR",
    "OBSERVATIONS",
    "Area",
    "DataError",
    "areas",
    "closed_sources",
    "definitions",
    "described",
    "descriptor",
    "dumps",
    "files",
    "frame",
    "history",
    "lines",
    "loads",
    "matching",
    "observations",
    "published",
    "read_cells",
    "read_published",
    "register",
    "root",
    "seal",
    "sealed",
    "select",
    "series",
    "table_id",
    "tidy",
]
