"""The tables of the core and of every plugin: made and upgraded."""
