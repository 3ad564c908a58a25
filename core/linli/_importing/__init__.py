"""Files of a district come in: what readers and importers say to each other, and the cleaning of cells."""
