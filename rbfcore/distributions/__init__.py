"""Input distributions p(x) and the closed-form expectations of Theorem 1, one family a file."""
