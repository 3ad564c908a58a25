"""Dispatch: requests and tasks, from the first word to the one feedback."""
