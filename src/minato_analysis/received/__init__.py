"""Files received from outside: read with care, mapped onto our tables, kept as they came.

In: xlsx and csv files nobody vouches for. Out: :func:`read` gives the tables they continue, a confirmation of
what was understood, and a sentence for everything that was not; :mod:`~minato_analysis.received.store` keeps
the files; :mod:`~minato_analysis.received.escape` writes their text safely.
"""

from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.reading import Received, read

__all__ = ["Received", "ReceivedError", "read"]
