"""Claims held against the numbers they speak of: identities, unusual values, sentences.

``data/statements.yaml`` paraphrases the sentences of a published document; ``data/sentences.yaml`` holds
the titles and key messages of our own pages. Both carry predicates of one small vocabulary, never code.

======================= ======================================================================
:mod:`.checks`          identities between tables, ``data/identities.yaml``
:mod:`.plausibility`    values that are unusual beside their neighbours
:mod:`.mutation`        how many slips of the pen the two would see
:mod:`.words`           what 年々, 約半数, 横ばい … mean here; how numbers are written
:mod:`.operands`        from a selector in YAML to a :class:`~.series.Series` with its cells
:mod:`.predicates`      the vocabulary over series
:mod:`.document`        the vocabulary over the document itself, its tables and identities
:mod:`.chance`          the tests behind 傾向 and 差
:mod:`.read`            the two YAML files, read and refused where they cannot be understood
:mod:`.evaluate`        statements → verdicts, ``statements.json``, changed verdicts
:mod:`.sentences`       our own sentences over the recorded facts; a false one stops the build
======================= ======================================================================
"""
