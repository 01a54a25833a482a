"""Commands of the console program that need the core only; each module adds one with `add_parser`."""
