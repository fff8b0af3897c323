"""Statements: sentences held against the numbers they speak of.

``data/statements.yaml`` paraphrases the sentences of a published document; ``data/sentences.yaml`` holds
the titles and key messages of our own pages. Both carry predicates of one small vocabulary, never code.

======================= ======================================================================
:mod:`.words`           what 年々, 約半数, 横ばい … mean here; how numbers are written
:mod:`.operands`        from a selector in YAML to a :class:`~.operands.Series` with its cells
:mod:`.predicates`      the vocabulary over series
:mod:`.document`        the vocabulary over the document itself, its tables and identities
:mod:`.chance`          the tests behind 傾向 and 差
:mod:`.read`            the two YAML files, read and refused where they cannot be understood
:mod:`.evaluate`        statements → verdicts, ``statements.json``, changed verdicts
:mod:`.sentences`       our own sentences over the recorded facts; a false one stops the build
======================= ======================================================================
"""

from minato_analysis.statements.errors import StatementError
from minato_analysis.statements.evaluate import (
    VERDICTS,
    Change,
    Result,
    changes,
    dumps,
    evaluate,
    evaluate_all,
    loads,
)
from minato_analysis.statements.read import Statement, Statements, load
from minato_analysis.statements.sentences import check_sentences, load_sentences, verify_sentences

__all__ = [
    "VERDICTS",
    "Change",
    "Result",
    "Statement",
    "StatementError",
    "Statements",
    "changes",
    "check_sentences",
    "dumps",
    "evaluate",
    "evaluate_all",
    "load",
    "load_sentences",
    "loads",
    "verify_sentences",
]
