"""One proposal, three reviews, three disclosures for linli."""
