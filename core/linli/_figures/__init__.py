"""The brief: figures of a place and a period."""
