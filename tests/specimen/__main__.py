"""``python -m tests.specimen``: freeze the present data as the specimen of the tests."""

from tests.specimen import freeze

freeze()
