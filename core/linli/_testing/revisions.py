"""For tests of plugins with tables: that a database which is upgraded gets the tables that are declared."""

from collections.abc import Mapping

from linli._hooks.plugins import Plugins
from linli._schema.revising import behind
from linli._schema.sources import CORE, sources


def check_revisions(plugins: Mapping[str, object]) -> None:
    """AssertionError where the revisions of plugins do not make the tables as declared.

    Args:
        plugins: modules by name, as `make_district` takes them.

    Example:
        def test_the_revisions_make_the_tables() -> None:
            check_revisions({"snow": plugin})
    """
    for source in sources(Plugins((), plugins).declarations):
        problem = behind(source) if source.name != CORE else None
        assert problem is None, f"plugin '{source.name}': {problem}"
