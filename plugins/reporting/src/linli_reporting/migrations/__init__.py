"""The revisions of the table."""
