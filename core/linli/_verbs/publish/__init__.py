"""Publish: publications, their audience and the channels that carry them."""
