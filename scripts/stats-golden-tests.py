#!/usr/bin/python3
"""Writes the reference values of src/stats that come from SciPy, statsmodels and mpmath: distributions, tests, effects, power.

    /usr/bin/python3 scripts/stats-golden-tests.py && npx biome format --write test/data/stats-golden

Debian 12 packages, with which the committed files were written: python3 3.11.2, python3-numpy 1.24.2, python3-scipy 1.10.1,
python3-statsmodels 0.13.5, python3-mpmath 1.2.1. Deterministic: the same packages write the same bytes. Nothing here is needed to run
the tests. Where no library has a statistic, it is computed here from its definition by another road than the code's.
"""

import itertools
import json
import math
from pathlib import Path

import mpmath
import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import ttost_paired

FOLDER = Path(__file__).parent.parent / "test/data/stats-golden"
mpmath.mp.dps = 40


def write(name, content):
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(content, indent=2, allow_nan=False) + "\n")


def numbers(values):
    """Whole numbers stay whole in the file."""
    return [int(value) if float(value).is_integer() else float(value) for value in values]


def student_survival(t, df):
    t, df = mpmath.mpf(t), mpmath.mpf(df)
    tail = mpmath.betainc(df / 2, mpmath.mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    return tail if t >= 0 else 1 - tail


def solved(survival, p, start):
    return float(mpmath.findroot(lambda x: survival(x) - (1 - mpmath.mpf(p)), mpmath.mpf(start)))


def student_quantile(p, df):
    """SciPy 1.10 gives nine digits; they start the search for the others."""
    return solved(lambda t: student_survival(t, df), p, stats.t.ppf(p, df))


def distributions():
    def survival(z):
        return mpmath.erfc(mpmath.mpf(z) / mpmath.sqrt(2)) / 2

    z_values = [-8, -2.5, -1, -0.1, 0, 0.1, 0.5, 1, 1.96, 2.82, 2.84, 3, 5, 10, 20, 35]
    p_values = [1e-12, 0.001, 0.025, 0.1, 0.49, 0.51, 0.8, 0.9, 0.975, 0.9995]
    t_values = [-2, 0, 1e-6, 0.3, 1, 2, 3, 8, 40]
    return {
        "normalSurvival": [{"z": z, "value": float(survival(z))} for z in z_values],
        "normalQuantile": [{"p": p, "value": solved(survival, p, stats.norm.ppf(p))} for p in p_values],
        "studentSurvival": [
            {"t": t, "degrees": df, "value": float(student_survival(t, df))}
            for df in (0.5, 1, 2, 3.5, 9, 30, 200, 5000)
            for t in t_values
        ],
        "studentQuantile": [
            {"p": p, "degrees": df, "value": student_quantile(p, df)}
            for df in (1, 2, 9, 30, 200)
            for p in (0.001, 0.025, 0.4, 0.8, 0.95, 0.975)
        ],
    }


def mann_whitney(rng):
    cases = []
    for n1, n2, ties in ((1, 1, False), (3, 4, False), (8, 8, False), (5, 30, False), (20, 22, False), (24, 60, True), (7, 6, True), (4, 200, False)):
        draw = (lambda n, shift: rng.integers(1, 11, n) + shift) if ties else (lambda n, shift: np.round(rng.normal(shift, 1, n), 6))
        x, y = draw(n1, 0), draw(n2, 1 if ties else 0.6)
        assert ties or len({*x, *y}) == n1 + n2

        def p(**options):
            return float(stats.mannwhitneyu(x, y, alternative="two-sided", **options).pvalue)

        cases.append(
            {
                "x": numbers(x),
                "y": numbers(y),
                "u": float(stats.mannwhitneyu(x, y).statistic),
                "auto": p(method="auto"),
                "exact": None if ties else p(method="exact"),
                "asymptotic": p(method="asymptotic"),
                "uncorrected": p(method="asymptotic", use_continuity=False),
                "cliffsDelta": float(np.sign(np.subtract.outer(x, y)).mean()),
            }
        )
    return cases


def signed_rank_by_enumeration(differences, zero_method):
    """Two-sided p over all signs, ties and zeros as they are: the smaller tail, doubled."""
    d = np.array([value for value in differences if value != 0 or zero_method == "pratt"], float)
    ranks = stats.rankdata(np.abs(d))
    observed = ranks[d > 0].sum()
    sums = np.array([np.dot(signs, ranks[d != 0]) for signs in itertools.product((0, 1), repeat=int((d != 0).sum()))])
    return float(min(1, 2 * min((sums <= observed).mean(), (sums >= observed).mean())))


def wilcoxon(rng):
    cases = []
    for n, kind in ((5, "plain"), (12, "plain"), (50, "plain"), (80, "plain"), (12, "ties"), (12, "zeros"), (40, "ties"), (60, "zeros")):
        if kind == "plain":
            d = np.round(rng.normal(0.3, 1, n), 6)
        else:
            d = rng.integers(-3, 6, n)
            d = d if kind == "zeros" else np.where(d == 0, 4, d)
        case = {"differences": numbers(d), "kind": kind, "asymptotic": []}
        for zeros in ("wilcox", "pratt"):
            for continuity in (True, False):
                for alternative in ("two-sided", "greater", "less"):
                    result = stats.wilcoxon(d, zero_method=zeros, correction=continuity, alternative=alternative, method="approx")
                    case["asymptotic"].append(
                        {"zeros": zeros, "continuity": continuity, "alternative": alternative, "p": float(result.pvalue)}
                    )
        case["w"] = float(stats.wilcoxon(d, method="approx").statistic)
        if kind == "plain" and n <= 50:
            case["exact"] = {a: float(stats.wilcoxon(d, method="exact", alternative=a).pvalue) for a in ("two-sided", "greater", "less")}
        if n <= 12:
            case["enumerated"] = {zeros: signed_rank_by_enumeration(d, zeros) for zeros in ("wilcox", "pratt")}
        cases.append(case)
    return cases


def permutation(rng):
    cases = []
    for n in (2, 6, 10, 14):
        clusters = [numbers(rng.integers(-3, 5, rng.integers(1, 4))) for _ in range(n)]
        items = sum(len(cluster) for cluster in clusters)
        sums = np.array([sum(cluster) for cluster in clusters], float)
        result = stats.permutation_test((sums,), lambda x: x.sum(), permutation_type="samples", vectorized=False, n_resamples=np.inf)
        cases.append({"clusters": clusters, "meanDifference": float(sums.sum() / items), "p": float(result.pvalue)})
    return cases


def multiple(rng):
    cases = []
    for p in ([0.04], [0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.2], [0, 1, 0.5], np.round(rng.uniform(0, 0.2, 15), 4)):
        adjusted = {name: [float(v) for v in multipletests(p, method=method)[1]] for name, method in (("holm", "holm"), ("benjaminiHochberg", "fdr_bh"), ("benjaminiYekutieli", "fdr_by"))}
        cases.append({"p": numbers(p), **adjusted})
    return cases


def equivalence(rng):
    cases = []
    for n, shift, margin in ((5, 0.1, 1), (10, 0, 0.5), (30, 0.4, 0.5), (60, 0.2, 0.5), (12, -2, 1)):
        d = np.round(rng.normal(shift, 0.8, n), 6)
        p, lower, upper = ttost_paired(d, np.zeros(n), -margin, margin)
        reach = student_quantile(0.95, n - 1) * stats.sem(d)
        cases.append({"differences": numbers(d), "margin": margin, "mean": float(d.mean()), "p": float(p), "interval90": [float(d.mean() - reach), float(d.mean() + reach)]})
    return cases


def alternative_annotator(rng):
    """The definition of arXiv 2501.10970 with scipy's t-test and statsmodels' Benjamini-Yekutieli adjustment."""
    cases = []
    for annotators, items, noise, missing in ((3, 60, 1.0, 0.0), (5, 80, 0.5, 0.4), (4, 50, 3.0, 0.2)):
        truth = rng.integers(3, 9, items)
        table = np.clip(truth[:, None] + np.rint(rng.normal(0, 1.2, (items, annotators))), 1, 10)
        table[rng.uniform(size=table.shape) < missing] = np.nan
        model = np.clip(truth + np.rint(rng.normal(0, noise, items)), 1, 10)
        for alignment in ("rmse", "accuracy"):
            def score(value, others):
                return -math.sqrt(np.mean((value - others) ** 2)) if alignment == "rmse" else np.mean(others == value)

            rows = []
            for j in range(annotators):
                human, machine = [], []
                for i in range(items):
                    others = np.delete(table[i], j)
                    others = others[~np.isnan(others)]
                    if np.isnan(table[i, j]) or len(others) == 0:
                        continue
                    a, b = score(table[i, j], others), score(model[i], others)
                    close = math.isclose(a, b, abs_tol=1e-12)
                    human.append(int(a > b or close))
                    machine.append(int(b > a or close))
                p = stats.ttest_1samp(np.subtract(human, machine), 0.15, alternative="less").pvalue
                rows.append({"annotator": f"h{j}", "items": len(human), "modelAdvantage": float(np.mean(machine)), "humanAdvantage": float(np.mean(human)), "p": float(p)})
            rejected, adjusted = multipletests([row["p"] for row in rows], alpha=0.05, method="fdr_by")[:2]
            for row, value, verdict in zip(rows, adjusted, rejected):
                row.update(adjustedP=float(value), rejected=bool(verdict))
            cases.append(
                {
                    "scores": [[None if np.isnan(v) else int(v) for v in row] for row in table],
                    "model": numbers(model),
                    "alignment": alignment,
                    "epsilon": 0.15,
                    "comparisons": rows,
                    "winningRate": float(np.mean(rejected)),
                    "averageAdvantage": float(np.mean([row["modelAdvantage"] for row in rows])),
                }
            )
    return cases


def bradley_terry(rng):
    """Davidson's model as a log-linear one (Fienberg & Larntz 1976): Poisson counts of each outcome, one level per pair."""
    cases = []
    for names, tie_weight, games in ((["a", "b", "c"], 0.0, 9), (["a", "b", "c"], 0.6, 12), (["a", "b", "c", "d", "e"], 1.0, 6), (["a", "b", "c", "d"], 0.0, 8)):
        theta = rng.normal(0, 0.6, len(names))
        pairs = list(itertools.combinations(range(len(names)), 2))
        counts = []
        for a, b in pairs:
            weights = np.array([math.exp((theta[a] - theta[b]) / 2), math.exp((theta[b] - theta[a]) / 2), tie_weight])
            counts.append(rng.multinomial(games, weights / weights.sum()))
        rows, outcomes = [], []
        with_ties = tie_weight > 0
        for k, (a, b) in enumerate(pairs):
            for outcome in range(3 if with_ties else 2):
                row = np.zeros(len(pairs) + len(names) - 1 + with_ties)
                row[k] = 1
                strengths = np.zeros(len(names))
                strengths[a] = (1, 0, 0.5)[outcome]
                strengths[b] = (0, 1, 0.5)[outcome]
                row[len(pairs) : len(pairs) + len(names) - 1] = strengths[1:]
                if with_ties:
                    row[-1] = outcome == 2
                rows.append(row)
                outcomes.append(counts[k][outcome])
        fit = sm.GLM(np.array(outcomes), np.array(rows), family=sm.families.Poisson()).fit(tol=1e-15, maxiter=200)
        strengths = np.concatenate([[0], fit.params[len(pairs) : len(pairs) + len(names) - 1]])
        cases.append(
            {
                "names": names,
                "pairs": [{"a": names[a], "b": names[b], "aWins": int(c[0]), "bWins": int(c[1]), "ties": int(c[2])} for (a, b), c in zip(pairs, counts)],
                "strengths": [float(v) for v in strengths - strengths.mean()],
                "tiePropensity": float(math.exp(fit.params[-1])) if with_ties else 0,
            }
        )
    return cases


def power():
    """One tail of the two-sided test: a significant difference of the wrong sign finds nothing."""
    test = TTestPower()
    cases = []
    for effect in (0.25, 0.5, 1.0):
        needed = math.ceil(test.solve_power(effect, power=0.8, alpha=0.025, alternative="larger"))
        at = [{"tasks": n, "power": float(test.power(effect, n, 0.025, alternative="larger"))} for n in (5, 10, 30, 100)]
        cases.append({"effect": effect, "tasksNeeded": needed, "at": at})
    detectable = [{"tasks": n, "effect": float(test.solve_power(nobs=n, power=0.8, alpha=0.025, alternative="larger"))} for n in (6, 10, 30, 100)]
    return {"cases": cases, "detectable": detectable}


def main():
    write("distributions", distributions())
    for seed, make in enumerate((mann_whitney, wilcoxon, permutation, multiple, equivalence, alternative_annotator, bradley_terry)):
        write(make.__name__.replace("_", "-"), make(np.random.default_rng(19955 + seed)))
    write("power", power())


main()
