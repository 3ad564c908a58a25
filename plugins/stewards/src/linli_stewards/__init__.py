"""Micro-grid stewards for linli: one per unit or building, their contact published with consent, the services they take."""
