"""For tests: a street that has lived, and a form as superiors send them."""

from linli_brief.testing.forms import monthly_form, opened
from linli_brief.testing.streets import NOW, ZONE, Street, a_street

__all__ = ["NOW", "ZONE", "Street", "a_street", "monthly_form", "opened"]
