"""Makes risk-figures.golden.json: made-up closes, positions, equity and trades, and what numpy and scipy say of them.

Run with numpy 2 and scipy 1.17: python3 risk_figures.py > risk-figures.golden.json
"""

import datetime as dt
import json

import numpy as np
from scipy import integrate, optimize, stats

rng = np.random.default_rng(20261121)
TAILS = [0.9, 0.95, 0.975, 0.99]

# Closes: stocks on weekdays without one holiday, coins on every day, one stock listed late. A common factor makes them move together.
first = dt.date(2025, 9, 1)
calendar = [first + dt.timedelta(days=n) for n in range(430)]
holidays = {dt.date(2025, 12, 25), dt.date(2026, 7, 3)}
factor = rng.standard_t(4, len(calendar)) * 0.008
spec = {
    "AAPL": (210.0, 1.1, 0.010, 0, False),
    "KO": (70.0, 0.4, 0.007, 0, False),
    "XOM": (115.0, -0.3, 0.012, 0, False),
    "LATE": (40.0, 1.6, 0.020, 300, False),
    "BTC/USD": (90000.0, 1.3, 0.025, 0, True),
    "ETH/USD": (3100.0, 1.5, 0.030, 0, True),
}
closes = {}
for symbol, (price, beta, noise, start, coin) in spec.items():
    series = []
    for n, day in enumerate(calendar):
        price *= 1 + beta * factor[n] + noise * rng.standard_normal()
        if n >= start and (coin or (day.weekday() < 5 and day not in holidays)):
            series.append([day.isoformat(), f"{price:.2f}"])
    closes[symbol] = series

byday = {s: {d: float(c) for d, c in rows} for s, rows in closes.items()}


def common(symbols):
    days = sorted(set.intersection(*(set(byday[s]) for s in symbols)))
    prices = np.array([[byday[s][d] for d in days] for s in symbols])
    return days[1:], prices[:, 1:] / prices[:, :-1] - 1


out = {"closes": closes}

aapl = np.array([byday["AAPL"][d] for d, _ in closes["AAPL"]])
simple = aapl[1:] / aapl[:-1] - 1
out["returns"] = {"simple": simple.tolist(), "log": np.diff(np.log(aapl)).tolist()}

OLD = ["AAPL", "KO", "XOM", "BTC/USD", "ETH/USD"]
dates, R = common(OLD)
dates, R = dates[-250:], R[:, -250:]
out["table"] = {"symbols": OLD, "dates": dates, "returns": R.tolist()}

weights = 0.94 ** np.arange(len(simple))[::-1]
out["volatility"] = {
    "sample": np.std(simple, ddof=1),
    "annual": np.std(simple, ddof=1) * np.sqrt(252),
    "weighted": np.sqrt(np.average(simple**2, weights=weights)),
    "weighted97": np.sqrt(np.average(simple**2, weights=0.97 ** np.arange(len(simple))[::-1])),
    "rolling20": [np.std(simple[i : i + 20], ddof=1) for i in range(len(simple) - 19)],
}

pairs = []
names = list(spec)
for i, a in enumerate(names):
    for b in names[i + 1 :]:
        _, both = common([a, b])
        pairs.append([a, b, float(stats.pearsonr(both[0], both[1]).statistic), both.shape[1]])
        last = both[:, -60:]
        pairs[-1].append(float(stats.pearsonr(last[0], last[1]).statistic))
out["correlations"] = pairs
cov = np.cov(R)
out["covariance"] = cov.tolist()
out["cholesky"] = np.linalg.cholesky(cov).tolist()


def tails(x, horizon=1):
    """Of returns or profits; the quantile is numpy's 'lower' at the level as it is written, 0.1 and not 1 - 0.9."""
    rows = []
    deviation = np.std(x, ddof=1)
    for confidence in TAILS:
        level = round(1 - confidence, 6)
        quantile = np.quantile(x, level, method="lower")
        z = stats.norm.ppf(confidence)
        beyond, _ = integrate.quad(lambda t: t * stats.norm.pdf(t), z, 40, epsabs=1e-15, epsrel=1e-13, points=[z + 1, z + 4])
        root = np.sqrt(horizon)
        rows.append(
            {
                "confidence": confidence,
                "historicalVar": -quantile * root,
                "historicalEs": -np.mean(x[x <= quantile]) * root,
                "parametricVar": z * deviation * root,
                "parametricEs": beyond / level * deviation * root,
                "parametricVarWithMean": (z * deviation - np.mean(x)) * root,
            }
        )
    return rows


out["tails"] = {"oneDay": tails(simple), "tenDays": tails(simple, 10)}

held = {"AAPL": "25310.5", "KO": "-8012.25", "BTC/USD": "14999.99", "XOM": "12000"}
order = {"symbol": "ETH/USD", "value": "-7300.4"}
w = np.array([float(held.get(s, 0)) for s in OLD])
after = w.copy()
after[OLD.index(order["symbol"])] += float(order["value"])
sigma = np.sqrt(w @ cov @ w)
out["portfolio"] = {
    "held": held,
    "order": order,
    "equity": "60000",
    "profits": (w @ R).tolist(),
    "profitsAfter": (after @ R).tolist(),
    "volatility": sigma / 60000 * np.sqrt(252),
    "deviation": sigma,
    "deviationAfter": np.sqrt(after @ cov @ after),
    "before": tails(w @ R),
    "after": tails(after @ R),
    "marginal": (cov @ w / sigma).tolist(),
    "component": (w * (cov @ w) / sigma).tolist(),
}

levels = [1e-300, 1e-20, 1e-9, 1e-4, 0.001, 0.01, 0.0249, 0.05, 0.075, 0.2, 0.4, 0.5, 0.6, 0.925, 0.95, 0.975, 0.99, 0.999, 1 - 1e-9]
out["inverseNormal"] = [[p, float(stats.norm.ppf(p))] for p in levels]

# Correlations that no series can have, and what clipping their eigenvalues makes of them.
broken = np.array([[1, 0.9, -0.9, 0.2], [0.9, 1, 0.9, 0.1], [-0.9, 0.9, 1, 0.3], [0.2, 0.1, 0.3, 1]])
deviations = np.array([0.01, 0.02, 0.015, 0.03])
eigenvalues, vectors = np.linalg.eigh(broken)
near = vectors @ np.diag(np.maximum(eigenvalues, 1e-8)) @ vectors.T
scale = np.sqrt(np.diag(near))
near = near / np.outer(scale, scale)
out["repair"] = {
    "covariance": (broken * np.outer(deviations, deviations)).tolist(),
    "repaired": (near * np.outer(deviations, deviations)).tolist(),
    "change": float(np.max(np.abs(near - broken))),
    "eigenvalues": eigenvalues.tolist(),
}

equity = np.round(100000 * np.cumprod(1.0012 + 0.012 * rng.standard_normal(300)), 2)
peaks = np.maximum.accumulate(equity)
fractions = 1 - equity / peaks
trough = int(np.argmax(fractions))
peak = int(np.argmax(equity[: trough + 1]))
later = np.nonzero(equity[trough:] >= equity[peak])[0]
out["drawdown"] = {
    "equity": [f"{value:.2f}" for value in equity],
    "fractions": fractions.tolist(),
    "maximum": {
        "fraction": float(fractions[trough]),
        "peakIndex": peak,
        "troughIndex": trough,
        "recoveredIndex": int(later[0] + trough) if len(later) else None,
    },
}

trades = np.round(np.where(rng.random(80) < 0.55, rng.gamma(3, 60, 80), -rng.gamma(3, 45, 80)), 2)
trades[[10, 40]] = 0
wins, losses = trades[trades > 0], -trades[trades < 0]
p, b = len(wins) / (len(wins) + len(losses)), wins.mean() / losses.mean()
# Where the expected growth of the logarithm is highest: the root of its derivative.
best = optimize.brentq(lambda f: p * b / (1 + b * f) - (1 - p) / (1 - f), -0.5, 0.999, xtol=1e-15, rtol=1e-14)
out["kelly"] = {
    "trades": [f"{value:.2f}" for value in trades],
    "winRate": p,
    "payoffRatio": float(b),
    "full": best,
    "ofReturns": float(np.mean(simple) / np.var(simple, ddof=1)),
}

print(json.dumps(out, separators=(",", ":")))
