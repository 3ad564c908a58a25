"""Words that lists show, for the catalogue."""

WORDS = (
    "ordinary", "functional", "old", "commercial", "courtyard", "branch_secretary", "branch_member",
    "residents_committee_member", "owners_committee", "owners_assembly", "property_company", "residents_committee",
    "owners_committee_member", "property_manager", "volunteer_organisation", "department",
    "party_members", "committee", "association", "overdue", "postponed", "compounds with a property service", "all compounds",
    "not reported", "not asked yet", "not active",
)  # fmt: skip
