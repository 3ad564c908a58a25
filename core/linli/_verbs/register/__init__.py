"""Register: places, organisations, people and their posts."""
