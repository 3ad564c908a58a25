"""Typed questions to the record."""
