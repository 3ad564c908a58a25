"""What somebody may see, what waits for them, and why."""
