"""What the example district adds to the plugins that it switches on: its roles' names."""

from linli import Plugin, StandIn

PLUGIN = Plugin(
    name="daxiang",
    stand_ins=(
        StandIn(lacking="owners_committee", by=("property_management_committee", "residents_committee")),
        StandIn(lacking="property_company", by=("residents_committee",)),
    ),
)
