"""Exit statuses: what a shell or a scheduler learns of a run."""

OK, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
"""All well · some report failed or has unwaived errors · wrong usage or configuration · stopped by Ctrl-C or SIGTERM."""
