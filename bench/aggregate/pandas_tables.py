"""Tables over the reviews: means, deviations and bootstrap intervals by agent and dimension, and the judges' agreement.

Usage: pandas_tables.py <table.parquet>
"""

import json
import sys

import numpy as np
import pandas as pd
from scipy import stats

RESAMPLES, SEED = 2000, 19955

table = pd.read_parquet(sys.argv[1], columns=["stage", "judge", "task", "agent", "dimension", "score"])
result = {}
for stage, part in table.groupby("stage"):
    wide = part.pivot_table(index=["agent", "dimension", "task"], columns="judge", values="score").sort_index()
    wide["avg"] = wide.mean(axis=1)
    rows = {}
    for (agent, dimension), own in wide.groupby(level=["agent", "dimension"]):
        values = own.to_numpy()
        draws = np.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)))
        low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5], axis=0)
        for place, name in enumerate(own.columns):
            column = values[:, place]
            rows[f"{agent}/{dimension}/{name}"] = {
                "n": len(column),
                "mean": column.mean(),
                "std_pop": column.std(),
                "std_sample": column.std(ddof=1),
                "min": column.min(),
                "max": column.max(),
                "ci95": [low[place], high[place]],
            }
    agreement = {}
    judges = [name for name in wide.columns if name != "avg"]
    for dimension, own in wide.groupby(level="dimension"):
        x, y = own[judges[0]].to_numpy(), own[judges[1]].to_numpy()
        agreement[dimension] = {
            "pearson": np.corrcoef(x, y)[0, 1],
            "spearman": stats.spearmanr(x, y).statistic,
            "bias": (x - y).mean(),
            "mae": np.abs(x - y).mean(),
            "exact": (x == y).mean(),
            "within1": (np.abs(x - y) <= 1).mean(),
        }
    result[stage] = {"rows": rows, "agreement": agreement}
print(json.dumps(result, default=float))
