"""What the tests share in which everybody tries everything: a world of people, the table of who may, values, calls."""
