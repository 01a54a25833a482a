"""Numbers printed in the paper, to stand beside ours. Its barriers are other data, so only orderings compare."""

# Table 1: test RMSE in eV by surface, 100,000 training rows, 10,000 for early stopping.
TABLE1: dict[str, dict[str, float]] = {
    "rbfn-128": {"100": 0.0626, "110": 0.0610, "111": 0.1017},
    "rbfn-256": {"100": 0.0541, "110": 0.0534, "111": 0.0974},
    "rbfn-512": {"100": 0.0481, "110": 0.0488, "111": 0.0950},
    "rbfn-1024": {"100": 0.0444, "110": 0.0454, "111": 0.0941},
    "rbfn-2048": {"100": 0.0425, "110": 0.0436, "111": 0.0937},
    "rbfn-4096": {"100": 0.0417, "110": 0.0430, "111": 0.0938},
    "xgboost": {"100": 0.0437, "110": 0.0447, "111": 0.0924},
    "dnn": {"100": 0.0366, "110": 0.0392, "111": 0.0700},
}
# Root of the loss of 16 prototypes, and mean and sd of its barriers, in eV.
PRUNED_TO_16 = {"100": 0.0650, "110": 0.0653, "111": 0.0908}
BARRIERS = {"100": (0.41, 0.37), "110": (0.43, 0.31), "111": (0.43, 0.32)}
SOURCE = "Määttä et al., Neural Networks 133 (2021), 123-131, Table 1"
