"""Dual reporting for linli: party members report to the branch of the compound where they live."""
