"""The engine: one way in which everything happens. Its modules are loaded when something does."""
