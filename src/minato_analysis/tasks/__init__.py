"""The pipeline."""

PIPELINE = "src/minato_analysis/tasks/task_pipeline.py"
"""File of the tasks, relative to the project folder."""

LOCK = "build/pytask.lock"
"""What was built from what, here."""

COMMITTED_LOCK = "pytask.lock"
"""The same as of the last publication, under version control."""
