"""The chain over the journal, and the proof that nothing was changed."""
