"""The pipeline."""

PIPELINE = "src/minato_analysis/tasks/task_pipeline.py"
"""File of the tasks, relative to the project folder."""
