"""An open district: the door for programs."""
