"""The command line: one module per noun. Commands parse, call and print; no rule is inside them."""
