"""The owners' vote for linli: the gate of Civil Code art. 278."""
