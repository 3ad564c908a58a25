"""The example district."""
