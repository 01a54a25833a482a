"""What can become of one barrier: the codes that barrier sets store.

Source: PHYSICS section 4.3.
"""

OK = 0
INITIAL_UNSTABLE = 1
FINAL_UNSTABLE = 2
CONCERTED = 3
NOT_CONVERGED = 4
NO_MAXIMUM = 5
DISCONTINUOUS = 6
UNSUPPORTED = 7
CALCULATOR_FAILED = 8

MEANING = {
    OK: "a barrier between two minima",
    INITIAL_UNSTABLE: "an atom leaves its site before the jump",
    FINAL_UNSTABLE: "an atom leaves its site after the jump",
    CONCERTED: "another atom leaves its site during the jump",
    NOT_CONVERGED: "a relaxation did not converge",
    NO_MAXIMUM: "the energy has no maximum along the jump",
    DISCONTINUOUS: "the path jumps at its highest point",
    UNSUPPORTED: "an atom has too few neighbours to stay (the support rule)",
    CALCULATOR_FAILED: "the calculator raised an error or returned a value that is not finite",
}
