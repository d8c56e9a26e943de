#!/usr/bin/python3
"""Writes the reference values of src/stats that describe data: means, ranks, correlation, agreement, bootstrap intervals.

    /usr/bin/python3 scripts/stats-golden.py && npx biome format --write test/data/stats-golden

Debian 12 packages, with which the committed files were written: python3 3.11.2, python3-numpy 1.24.2, python3-scipy 1.10.1,
python3-pandas 1.5.3, python3-statsmodels 0.13.5. Deterministic: the same packages write the same bytes. Nothing here is needed to run the
tests. Where no library has a statistic (Krippendorff's alpha, intraclass correlations), it is computed here from its definition by another
road than the code's. The data are made up here.
"""

import json
import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from scipy.stats._resampling import BootstrapResult
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.inter_rater import cohens_kappa

FOLDER = Path(__file__).parent.parent / "test/data/stats-golden"


def write(name, content):
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(content, indent=2, allow_nan=False) + "\n")


def plain(value):
    """For JSON: no NumPy types, None for an undefined value."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(inner) for inner in value]
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) else float(value)
    return int(value) if isinstance(value, np.integer) else value


def mulberry32(seed):
    state = seed & 0xFFFFFFFF

    def draw():
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = state
        t = ((t ^ (t >> 15)) * (t | 1)) & 0xFFFFFFFF
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        return (t ^ (t >> 14)) / 2**32

    return draw


def draws_of(clusters, resamples, seed):
    draw = mulberry32(seed)
    return [[math.floor(draw() * clusters) for _ in range(clusters)] for _ in range(resamples)]


def scores(seed, count, low=3, high=9):
    """Whole scores, the middle ones more often."""
    draw = mulberry32(seed)
    return [low + math.floor((draw() + draw()) / 2 * (high - low + 1)) for _ in range(count)]


def reals(seed, count):
    draw = mulberry32(seed)
    return [round(10 * draw() - 3, 6) for _ in range(count)]


def rater_pairs(seed, count, noise=3):
    first = scores(seed, count)
    draw = mulberry32(seed + 1)
    return [(x, max(1, min(10, x - 1 + math.floor(draw() * noise)))) for x in first]


# --- random numbers, means, rounding


def random_golden():
    content = []
    for seed in [0, 1, 19955, 2**31, 2**32 - 1]:
        draw = mulberry32(seed)
        content.append({"seed": seed, "values": [draw() for _ in range(8)]})
    write("random", {"sequences": content, "draws": {"clusters": 7, "resamples": 5, "seed": 19955, "values": draws_of(7, 5, 19955)}})


def mean_golden():
    cases = []
    for values in [[4], [2, 2], scores(1, 30), reals(2, 25), [1e9 + value for value in scores(3, 12)], [0.1] * 7]:
        ordered = sorted(values)
        cases.append(
            {
                "values": values,
                # exact by way of fractions: NumPy's own two passes lose digits on the shifted values
                "mean": float(sum(map(Fraction, values)) / len(values)),
                "populationDeviation": math.sqrt(variance(values, len(values))),
                "sampleDeviation": None if len(values) == 1 else math.sqrt(variance(values, len(values) - 1)),
                "quantiles": [{"p": p, "value": np.quantile(ordered, p)} for p in [0, 0.025, 0.25, 0.5, 0.9, 0.975, 1]],
            }
        )
    for case in cases:
        if abs(case["values"][0]) < 1e6:
            assert math.isclose(np.std(case["values"]), case["populationDeviation"], rel_tol=1e-12, abs_tol=1e-15)
    write("mean", plain(cases))


def variance(values, divisor):
    exact = [Fraction(value) for value in values]
    centre = sum(exact) / len(exact)
    return float(sum((value - centre) ** 2 for value in exact) / divisor)


def round_golden():
    draw = mulberry32(5)
    texts = ["0.125", "1.005", "2.675", "8.985", "-0.125", "-1.005", "0.5", "1.5", "2.5", "-0.5", "0", "-0.001", "9.994999", "9.995"]
    texts += ["1234567.885", "1e-7", "100", "0.285", "8.745", "4503599627370495.5", "123456789012.345"]
    texts += [f"{math.floor(draw() * 10**6)}.{math.floor(draw() * 10**5):05d}" for _ in range(40)]
    cases = []
    for text in texts:
        for decimals in [0, 1, 2, 4]:
            rounded = Decimal(text).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
            shown = format(rounded, "f")
            cases.append({"value": float(text), "decimals": decimals, "text": shown.lstrip("-") if rounded == 0 else shown})
    write("round", cases)


# --- ranks, correlation


def correlation_golden():
    pairs = {
        "ties": (scores(11, 40), scores(12, 40)),
        "related": tuple(zip(*rater_pairs(13, 60))),
        "reals": (reals(14, 35), reals(15, 35)),
        "reversed": ([1, 2, 3, 4, 5], [9, 7, 5, 3, 1]),
        "shifted": ([1e8 + value for value in scores(16, 25)], scores(17, 25)),
    }
    content = []
    for name, (x, y) in pairs.items():
        base = [value - min(x) for value in x]  # the same correlation, without the loss of digits
        content.append(
            {
                "name": name,
                "x": list(x),
                "y": list(y),
                "ranksOfX": stats.rankdata(x),
                "pearson": stats.pearsonr(base, y)[0],
                "spearman": stats.spearmanr(x, y)[0],
                "kendallTauB": stats.kendalltau(x, y)[0],
            }
        )
    write("correlation", plain(content))


# --- agreement


def alpha_by_pairs(units, metric):
    """Krippendorff 2011, by every ordered pair of ratings in exact fractions."""
    paired = [[Fraction(value) for value in unit] for unit in units if len(unit) > 1]
    pooled = [value for unit in paired for value in unit]
    counts = {value: pooled.count(value) for value in sorted(set(pooled))}

    def distance(a, b):
        if metric == "nominal":
            return Fraction(a != b)
        if metric == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        between = sum(count for value, count in counts.items() if low <= value <= high)
        return (between - Fraction(counts[low] + counts[high], 2)) ** 2 if a != b else Fraction(0)

    observed = sum(sum(distance(a, b) for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in paired)
    expected = sum(distance(a, b) for a, b in permutations(pooled, 2)) / (len(pooled) - 1) if len(pooled) > 1 else 0
    return None if expected == 0 else float(1 - observed / expected)


def alpha_golden():
    observers = [  # the example of Krippendorff 2011, section C and D; 0 is missing there
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
    published = [[rating for rating in unit if rating] for unit in zip(*observers)]
    ragged = scores(21, 60)
    cuts = [2, 3, 1, 4, 2, 2, 0, 5, 3, 2, 2, 1, 3, 4]
    units = [ragged[sum(cuts[:i]) : sum(cuts[: i + 1])] for i in range(len(cuts))]
    halves = [[value / 2 for value in unit] for unit in units]
    content = [
        {"name": name, "units": data, **{metric: alpha_by_pairs(data, metric) for metric in ["nominal", "ordinal", "interval"]}}
        for name, data in [
            ("published", published),
            ("ragged", units),
            ("halves", halves),
            ("pairs", rater_pairs(22, 30)),
            ("opposed", [[1, 10], [10, 1], [2, 9]]),
            ("constant", [[4, 4], [4, 4, 4]]),
            ("single", [[4], [5], []]),
        ]
    ]
    first = content[0]  # as printed
    assert [round(first[metric], 3) for metric in ["nominal", "ordinal", "interval"]] == [0.743, 0.815, 0.849]
    write("alpha", plain(content))


def icc_by_anova(ratings):
    """Shrout & Fleiss 1979, from statsmodels' tables of analysis of variance."""
    n, k = len(ratings), len(ratings[0])
    long = pd.DataFrame([(t, r, float(value)) for t, row in enumerate(ratings) for r, value in enumerate(row)], columns=["t", "r", "y"])
    two = anova_lm(ols("y ~ C(t) + C(r)", long).fit())
    one = anova_lm(ols("y ~ C(t)", long).fit())
    targets, raters, residual = (two.loc[name, "sum_sq"] / two.loc[name, "df"] for name in ["C(t)", "C(r)", "Residual"])
    within = one.loc["Residual", "sum_sq"] / one.loc["Residual", "df"]
    return {
        "ICC(1,1)": (targets - within) / (targets + (k - 1) * within),
        "ICC(1,k)": (targets - within) / targets,
        "ICC(2,1)": (targets - residual) / (targets + (k - 1) * residual + k * (raters - residual) / n),
        "ICC(2,k)": (targets - residual) / (targets + (raters - residual) / n),
        "ICC(3,1)": (targets - residual) / (targets + (k - 1) * residual),
    }


def icc_golden():
    published = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    values = reals(31, 36)
    content = [
        {"name": name, "ratings": data, **icc_by_anova(data)}
        for name, data in [
            ("published", published),
            ("reals", [values[i : i + 3] for i in range(0, 36, 3)]),
            ("pairs", [list(pair) for pair in rater_pairs(32, 25)]),
            ("opposed", [[1, 9], [9, 2], [4, 6], [6, 3]]),
        ]
    ]
    assert [round(content[0][kind], 2) for kind in ["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)"]] == [0.17, 0.29, 0.71, 0.44, 0.62]
    write("icc", plain(content))


def kappa_of(x, y, weights, low=1, high=10):
    table = np.zeros((high - low + 1, high - low + 1))
    for a, b in zip(x, y):
        table[a - low, b - low] += 1
    return cohens_kappa(table, wt=weights, return_results=False)


def kappa_golden():
    content = []
    for seed, noise in [(41, 3), (43, 5), (45, 9)]:
        x, y = (list(side) for side in zip(*rater_pairs(seed, 50, noise)))
        content.append(
            {
                "x": x,
                "y": y,
                "cohen": kappa_of(x, y, None),
                "linear": kappa_of(x, y, "linear"),
                "quadratic": kappa_of(x, y, "quadratic"),
            }
        )
    write("kappa", plain(content))


def half_up(value):
    return math.floor(value + 0.5)


def agreement_of(pairs):
    """All measures, NaN where undefined; sums of squares in exact fractions."""
    x, y = ([float(value) for value in side] for side in zip(*pairs))
    n = len(x)
    varied = len(set(x)) > 1 and len(set(y)) > 1
    difference = [a - b for a, b in zip(x, y)]
    fx, fy = [Fraction(value) for value in x], [Fraction(value) for value in y]
    alpha = alpha_of_two(fx, fy)
    iccs = icc_of_two(fx, fy)
    rx, ry = [half_up(value) for value in x], [half_up(value) for value in y]
    return {
        "pearson": np.corrcoef(x, y)[0, 1] if varied else math.nan,
        "spearman": np.corrcoef(stats.rankdata(x), stats.rankdata(y))[0, 1] if varied else math.nan,
        "krippendorffAlpha": alpha,
        **iccs,
        "weightedKappa": math.nan if len(set(rx + ry)) == 1 else kappa_of(rx, ry, "quadratic"),
        "bias": float(np.mean(difference)),
        "meanAbsoluteDifference": float(np.mean(np.abs(difference))),
        "exact": float(np.mean([value == 0 for value in difference])),
        "withinOne": float(np.mean([abs(value) <= 1 + 1e-9 for value in difference])),
    }


def alpha_of_two(x, y):
    n, pooled = len(x), x + y
    centre = sum(pooled) / len(pooled)
    expected = 2 * sum((value - centre) ** 2 for value in pooled) / (len(pooled) - 1)
    return math.nan if expected == 0 else float(1 - sum((a - b) ** 2 for a, b in zip(x, y)) / n / expected)


def icc_of_two(x, y):
    n = len(x)
    if n < 2:
        return {"icc21": math.nan, "icc2k": math.nan, "icc31": math.nan}
    centre = (sum(x) + sum(y)) / (2 * n)
    means = [(a + b) / 2 for a, b in zip(x, y)]
    targets = 2 * sum((value - centre) ** 2 for value in means) / (n - 1)
    raters = n * sum((sum(side) / n - centre) ** 2 for side in (x, y))
    total = sum((value - centre) ** 2 for value in x + y)
    residual = (total - targets * (n - 1) - raters) / (n - 1)

    def share(bottom):
        return math.nan if bottom == 0 else float((targets - residual) / bottom)

    return {
        "icc21": share(targets + residual + 2 * (raters - residual) / n),
        "icc2k": share(targets + (raters - residual) / n),
        "icc31": share(targets + residual),
    }


# --- bootstrap


def items_of(clusters, places):
    return [item for place in places for item in clusters[place]]


def interval(clusters, statistic, options):
    """Percentiles with NumPy; BCa by SciPy's own code on the same resamples, with clusters as its observations."""
    estimates = np.array([statistic(items_of(clusters, places)) for places in draws_of(len(clusters), options["resamples"], options["seed"])])
    defined = estimates[~np.isnan(estimates)]
    if len(defined) == 0:
        return None
    tail = (1 - options["level"]) / 2
    if options["method"] == "percentile" or len(set(defined)) == 1:  # SciPy gives no BCa interval of resamples that are all equal
        lo, hi = np.quantile(defined, [tail, 1 - tail])
    else:
        # SciPy counts resamples below the value of the data: those that miss it by rounding alone are equal to it
        point = statistic(items_of(clusters, range(len(clusters))))
        defined[np.abs(defined - point) <= 1e-12 * abs(point)] = point
        result = stats.bootstrap(
            (np.arange(len(clusters)),),
            lambda places: statistic(items_of(clusters, places.astype(int))),
            vectorized=False,
            n_resamples=0,
            bootstrap_result=BootstrapResult(None, defined, None),
            confidence_level=options["level"],
            method="BCa",
        )
        lo, hi = result.confidence_interval
    return {"lo": lo, "hi": hi, "undefinedResamples": int(np.isnan(estimates).sum())}


def ragged_clusters(seed, sizes, value):
    flat = value(seed, sum(sizes))
    return [flat[sum(sizes[:i]) : sum(sizes[: i + 1])] for i in range(len(sizes))]


def mean_or_nan(items):
    return float(np.mean(items)) if len(items) else math.nan


def ratio(items):
    return float(np.std(items, ddof=1) / np.mean(items)) if len(items) > 1 else math.nan


def bootstrap_golden():
    data = {
        "scores, one each": ragged_clusters(51, [1] * 60, scores),
        "skewed": [[math.exp(value / 2)] for value in reals(52, 25)],
        "ragged": ragged_clusters(53, [3, 1, 0, 4, 2, 2, 5, 1, 1, 3, 2, 6], reals),
        "mostly empty": [[], [3], [], []],
    }
    plans = [
        {"resamples": 2000, "seed": 19955, "level": 0.95, "method": "percentile"},
        {"resamples": 501, "seed": 7, "level": 0.9, "method": "percentile"},
        {"resamples": 2000, "seed": 19955, "level": 0.95, "method": "bca"},
        {"resamples": 800, "seed": 3, "level": 0.8, "method": "bca"},
    ]
    content = []
    for name, clusters in data.items():
        wanted = plans[:2] if name == "mostly empty" else plans
        content.append(
            {
                "name": name,
                "clusters": clusters,
                "intervals": [
                    {
                        "options": options,
                        "mean": interval(clusters, mean_or_nan, options),
                        "variation": interval(clusters, ratio, options),
                    }
                    for options in wanted
                ],
            }
        )
    write("bootstrap", plain(content))


def agreement_golden():
    flat = rater_pairs(61, 48, 4)
    thirds = [(x - (i % 3) / 3, y - (i % 2) / 2) for i, (x, y) in enumerate(rater_pairs(63, 24, 5))]
    uneven = [3, 1, 2, 5, 1, 4, 2, 3]
    pairs = rater_pairs(65, sum(uneven), 3)
    data = {
        "four each": [flat[i : i + 4] for i in range(0, 48, 4)],
        "thirds and halves": [thirds[i : i + 3] for i in range(0, 24, 3)],
        "uneven": [pairs[sum(uneven[:i]) : sum(uneven[: i + 1])] for i in range(len(uneven))],
        "few": [[(5, 5)], [(5, 5)], [(6, 8)]],
    }
    content = []
    for name, clusters in data.items():
        point = agreement_of([pair for cluster in clusters for pair in cluster])
        by_anova = icc_by_anova([pair for cluster in clusters for pair in cluster])
        assert all(math.isclose(point[ours], by_anova[theirs], rel_tol=1e-9) for ours, theirs in [("icc21", "ICC(2,1)"), ("icc2k", "ICC(2,k)"), ("icc31", "ICC(3,1)")])
        methods = ["percentile"] if name == "few" else ["percentile", "bca"]
        content.append(
            {
                "name": name,
                "clusters": clusters,
                "point": point,
                "intervals": [agreement_intervals(clusters, {"resamples": 300, "seed": 11, "level": 0.9, "method": method}) for method in methods],
            }
        )
    write("agreement", plain(content))


def agreement_intervals(clusters, options):
    known = {}

    def measured(name):
        def statistic(items):
            key = tuple(sorted(items))
            if key not in known:
                known[key] = agreement_of(items)
            return known[key][name]

        return statistic

    names = list(agreement_of(items_of(clusters, range(len(clusters)))))
    return {"options": options, "values": {name: interval(clusters, measured(name), options) for name in names}}


def rank_golden():
    tasks, options = 14, {"resamples": 400, "seed": 19955, "level": 0.95}
    items = [scores(71 + i, tasks, 2 + i // 2, 8 + i // 2) for i in range(5)]
    items.append(list(reversed(items[2])))  # the same mean as the third: a tie
    means = np.array([np.mean(item) for item in items])
    resampled = [
        # exact sums, so that only true ties are ties
        stats.rankdata([-sum(item[place] for place in places) for item in items])
        for places in draws_of(tasks, options["resamples"], options["seed"])
    ]
    tail = (1 - options["level"]) / 2
    lo, hi = np.quantile(np.array(resampled), [tail, 1 - tail], axis=0)
    write(
        "rank-intervals",
        plain({"items": items, "options": options, "means": means, "ranks": stats.rankdata(-means), "lo": lo, "hi": hi}),
    )


if __name__ == "__main__":
    random_golden()
    mean_golden()
    round_golden()
    correlation_golden()
    alpha_golden()
    icc_golden()
    kappa_golden()
    bootstrap_golden()
    agreement_golden()
    rank_golden()
