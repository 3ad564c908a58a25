"""Whether what is shown is what the journal says: the seals cover the journal, this covers the rest."""

from linli.proof.looking import Proof, prove

__all__ = ["Proof", "prove"]
