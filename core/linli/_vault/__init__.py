"""The vault: personal data, encrypted under a key per person, found by blind index, shredded on request."""
