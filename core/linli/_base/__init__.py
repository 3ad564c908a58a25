"""Words for people, errors, codes and other plain values: it knows nothing of linli's record."""
