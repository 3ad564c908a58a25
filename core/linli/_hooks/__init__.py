"""What linli asks its plugins, and how it asks."""
