"""Words that lists show, for the catalogue."""

WORDS = (
    "stewardship|rejected",
    "steward", "stewards", "unit", "building", "steward_contact", "testing", "school_lifts", "meals", "emergencies",
    "mediations", "contact", "given", "posted", "units", "covered", "share",
    "party_members", "open tasks", "acts instead", "vacant since", "service", "urgent",
    "branch_member", "residents_committee_member", "party member", "compound", "total", "why_not_member",
)  # fmt: skip
