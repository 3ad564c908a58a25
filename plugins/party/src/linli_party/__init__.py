"""Party branches of compounds: set-up, committees, re-election, merger, the survey of members, coverage."""
