"""Reproducible analysis of public statistics on repeat arrests.

Where to begin:

========================================= ==================================================================
:func:`minato_analysis.data.observations` the printed values, one a row, as a data frame
:mod:`minato_analysis.data.study`         ``begin(name, globals())``: rows, facts and names for one notebook
:mod:`minato_analysis.cleaning`           how printed cells are read: numbers, years, labels, tables
:mod:`minato_analysis.statistics`         methods; each result has ``to_frame()`` and ``summary()``
:mod:`minato_analysis.numbers`            facts: numbers with their cells and formulas; tables made of them
:mod:`minato_analysis.figures`            figures with title, description and table
:mod:`minato_analysis.claims`             sentences held against the numbers they speak of
========================================= ==================================================================

``make docs`` makes a site of all of them. In the folder of the project::

    from minato_analysis import data
    from minato_analysis.data import study
    from minato_analysis.statistics.trends import logit_trend

    rows = data.select(data.observations(), table="2-10", area_code=study.latest()["area_code"])
    counts = rows.pivot(index="year", columns="measure", values="value").dropna()
    trend = logit_trend(counts.index, counts["reoffenders"], counts["persons_arrested"])
    print(trend.summary())
"""
