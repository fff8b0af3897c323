"""The fuzzer needs a package of its own environment and is run by hand."""

collect_ignore = ["fuzz_readers.py"]
