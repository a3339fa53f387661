"""What scipy, numpy and statsmodels say of pairs of samples, and of pairs of rates.

Reads a JSON file {"samples": [[[..], [..]], ..], "rates": [[yes, n, yes, n], ..]} and prints its answers as JSON.
"""

import json
import sys

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep


def sample(first, second):
    first, second = np.array(first), np.array(second)
    n, m = len(first), len(second)
    # Every pair by itself, as the definitions have it.
    pairs = np.sign(first[:, None] - second[None, :])
    delta = pairs.mean()
    rows, columns = pairs.mean(axis=1), pairs.mean(axis=0)
    variance = (
        m**2 * ((rows - delta) ** 2).sum()
        + n**2 * ((columns - delta) ** 2).sum()
        - ((pairs - delta) ** 2).sum()
    ) / (n * m * (n - 1) * (m - 1))
    variance = max(variance, (1 - delta**2) / (n * m - 1))
    z = stats.norm.ppf(0.975)
    if abs(delta) < 1:
        half = z * np.sqrt(variance * ((1 - delta**2) ** 2 + z**2 * variance))
        scale = 1 - delta**2 + z**2 * variance
        low, high = (delta - delta**3 - half) / scale, (delta - delta**3 + half) / scale
    else:
        end = (min(n, m) - z**2) / (min(n, m) + z**2)
        low, high = (end, 1) if delta > 0 else (-1, -end)
    return {
        "u": float(stats.mannwhitneyu(first, second).statistic),
        "delta": float(delta),
        "low": float(max(low, -1)),
        "high": float(min(high, 1)),
        "quartiles": [float(q) for q in stats.mstats.mquantiles(first, [0.25, 0.5, 0.75], alphap=1, betap=1)],
    }


def rate(yes, n, other_yes, m):
    low, high = confint_proportions_2indep(yes, n, other_yes, m, method="newcomb", compare="diff")
    return {"low": float(low), "high": float(high)}


with open(sys.argv[1]) as file:
    asked = json.load(file)
print(
    json.dumps(
        {
            "samples": [sample(*pair) for pair in asked["samples"]],
            "rates": [rate(*of) for of in asked["rates"]],
        }
    )
)
