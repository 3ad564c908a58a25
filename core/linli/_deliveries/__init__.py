"""What is due after an act: queued, claimed, carried out."""
