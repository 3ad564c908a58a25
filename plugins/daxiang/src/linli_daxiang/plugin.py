"""What the example district adds to the plugins that it switches on: its roles' names."""

from linli import Manifest, StandIn, hookimpl


@hookimpl
def describe() -> Manifest:
    """Who stands in for whom in this district."""
    return Manifest(
        name="daxiang",
        stand_ins=(
            StandIn(lacking="owners_committee", by=("property_management_committee", "residents_committee")),
            StandIn(lacking="property_company", by=("residents_committee",)),
        ),
    )
