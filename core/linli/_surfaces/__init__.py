"""What is made of an input's one declaration: JSON and its schema, forms without JavaScript, names that people type.

Nothing here knows of a web framework, and nothing judges: whatever surface a value comes from, the engine looks at it,
so that what is wrong has the same code and the same field everywhere (`linli._engine.asked`). The options of commands
are in `linli._cli.options`, the generators of tests in `linli._testing.values`, for the kinds of this table.
"""
