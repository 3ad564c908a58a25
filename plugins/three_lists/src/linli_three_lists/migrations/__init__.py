"""Revisions of the plugin's own tables."""
