"""Commands of the console program that draw or export."""
