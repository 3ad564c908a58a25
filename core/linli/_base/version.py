"""The version that all of linli carries."""

__version__ = "0.1.0"
