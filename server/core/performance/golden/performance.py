"""Makes performance.golden.json: made-up closes with payments, and made-up trades, and what numpy says of them.

Run with numpy 2: python3 performance.py > performance.golden.json
"""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import numpy as np

rng = np.random.default_rng(20261122)
NEW_YORK = ZoneInfo("America/New_York")


def closes_of(days, first, coins, drift, noise):
    """Closes of an account; on weekends it stands still without coins. It is paid into and out of on some days, weekends among them."""
    start = dt.date(2025, 9, 1)
    rows = []
    equity = round(first, 2)
    for n in range(days):
        day = start + dt.timedelta(days=n)
        weekend = day.weekday() >= 5
        paid = 0.0
        if n > 0:
            if coins or not weekend:
                equity = round(equity * (1 + drift + noise * rng.standard_normal()), 2)
            if n in (40, 167):
                paid = 5000.0
            if n in (96,):
                paid = -2500.0
            equity = round(equity + paid, 2)
        rows.append([day.isoformat(), f"{equity:.2f}", f"{paid:.2f}"])
    return rows


def figures(rows, coins):
    days, equity, paid = [], [], []
    waiting = 0.0
    for day, worth, flow in rows:
        if not coins and dt.date.fromisoformat(day).weekday() >= 5:
            waiting += float(flow)
            continue
        days.append(day)
        equity.append(float(worth))
        paid.append(float(flow) + waiting)
        waiting = 0.0
    equity, paid = np.array(equity), np.array(paid)
    returns = (equity[1:] - paid[1:]) / equity[:-1] - 1
    index = 100 * np.concatenate([[1], np.cumprod(1 + returns)])
    periods = 365 if coins else 252
    peaks = np.maximum.accumulate(index)
    drawdowns = 1 - index / peaks
    trough = int(np.argmax(drawdowns))
    peak = int(np.argmax(index == peaks[trough]))
    back = np.flatnonzero((np.arange(len(index)) > trough) & (index >= peaks[trough]))
    dates = [dt.date.fromisoformat(d) for d in days]
    span = (dates[-1] - dates[0]).days
    growth = (index[-1] / index[0]) ** (365.25 / span) - 1
    downside = np.sqrt(np.mean(np.minimum(returns, 0) ** 2))
    months, years = {}, {}
    for d, r in zip(days[1:], returns):
        months.setdefault(d[:7], []).append(r)
        years.setdefault(d[:4], []).append(r)
    # The longest stretch below a highest close, by the dates of the highest closes around it.
    highs = [i for i in range(len(index)) if index[i] >= peaks[i]]
    gaps = [(dates[b] - dates[a]).days for a, b in zip(highs, highs[1:]) if b - a > 1]
    current = (dates[-1] - dates[highs[-1]]).days
    return {
        "days": days[1:],
        "returns": returns.tolist(),
        "index": index.tolist(),
        "periods": periods,
        "total": index[-1] / 100 - 1,
        "volatility": np.std(returns, ddof=1) * np.sqrt(periods),
        "sharpe": np.mean(returns) / np.std(returns, ddof=1) * np.sqrt(periods),
        "sortino": np.mean(returns) / downside * np.sqrt(periods),
        "growth": growth,
        "calmar": growth / drawdowns[trough],
        "drawdown": {
            "fraction": drawdowns[trough],
            "peakDay": days[peak],
            "troughDay": days[trough],
            "recoveredDay": days[int(back[0])] if len(back) else None,
        },
        "underWater": {
            "longestDays": int(max([*gaps, current])),
            "currentDays": current,
            "share": float(np.mean(index[1:] < peaks[1:])),
        },
        "months": {k: float(np.prod(1 + np.array(v)) - 1) for k, v in months.items()},
        "years": {k: float(np.prod(1 + np.array(v)) - 1) for k, v in years.items()},
    }


def iso(at):
    return at.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


trades = []
at = dt.datetime(2025, 10, 20, 9, 31, tzinfo=NEW_YORK)
for n in range(240):
    at += dt.timedelta(minutes=int(rng.integers(20, 2400)))
    held = dt.timedelta(minutes=int(rng.integers(1, 4000)))
    profit = round(float(rng.standard_t(3)) * 120 + 8, 2)
    if n % 31 == 0:
        profit = 0.0
    trades.append({
        "strategy": ["swing", "scalp", "breakout"][int(rng.integers(0, 3))],
        "symbol": ["AAPL", "KO", "XOM", "BTC/USD"][int(rng.integers(0, 4))],
        "side": ["buy", "sell"][int(rng.integers(0, 2))],
        "openedAt": iso(at),
        "closedAt": iso(at + held),
        "quantity": str(int(rng.integers(1, 90))),
        "profit": f"{profit:.2f}",
        "risk": None if n % 7 == 0 else f"{float(rng.integers(50, 300)):.2f}",
    })

profits = np.array([float(t["profit"]) for t in trades])


def tally(some):
    p = np.array([float(t["profit"]) for t in some])
    wins, losses = p[p > 0], p[p < 0]
    r = np.array([float(t["profit"]) / float(t["risk"]) for t in some if t["risk"]])
    ordered = [float(t["profit"]) for t in sorted(some, key=lambda t: t["closedAt"]) if float(t["profit"]) != 0]
    signs = np.sign(ordered)
    edges = np.flatnonzero(np.diff(signs)) + 1
    runs = np.split(signs, edges)
    held = [(dt.datetime.fromisoformat(t["closedAt"]) - dt.datetime.fromisoformat(t["openedAt"])).total_seconds() * 1000 for t in some]
    return {
        "trades": len(p),
        "wins": len(wins),
        "losses": len(losses),
        "profit": round(float(p.sum()), 2),
        "won": round(float(wins.sum()), 2),
        "lost": round(float(-losses.sum()), 2),
        "winRate": len(wins) / len(p),
        "averageWin": float(wins.mean()),
        "averageLoss": float(-losses.mean()),
        "payoffRatio": float(wins.mean() / -losses.mean()),
        "profitFactor": float(wins.sum() / -losses.sum()),
        "expectancy": float(p.mean()),
        "expectancyR": float(r.mean()),
        "withRisk": len(r),
        "largestWin": float(wins.max()),
        "largestLoss": float(-losses.min()),
        "longestWins": max(len(x) for x in runs if x[0] > 0),
        "longestLosses": max(len(x) for x in runs if x[0] < 0),
        "current": {"kind": "wins" if runs[-1][0] > 0 else "losses", "length": len(runs[-1])},
        "heldMs": float(np.mean(held)),
    }


def grouped(key):
    found = {}
    for t in trades:
        found.setdefault(key(t), []).append(t)
    return {k: {"trades": len(v), "profit": round(sum(float(t["profit"]) for t in v), 2)} for k, v in found.items()}


def opened(t):
    return dt.datetime.fromisoformat(t["openedAt"]).astimezone(NEW_YORK)


q75, q25 = np.percentile(profits, [75, 25])
wanted = 2 * (q75 - q25) / len(profits) ** (1 / 3)
width = max(w for w in (m * 10.0 ** e for e in range(-2, 9) for m in (1, 2, 5)) if w <= wanted)
edges = np.arange(np.floor(profits.min() / width), np.floor(profits.max() / width) + 2) * width
counts, _ = np.histogram(profits, edges)

minutes = set()
begin, end = dt.datetime.fromisoformat(trades[0]["openedAt"]), dt.datetime.fromisoformat(trades[-1]["openedAt"])
for t in trades:
    a, b = dt.datetime.fromisoformat(t["openedAt"]), dt.datetime.fromisoformat(t["closedAt"])
    first = int((a - begin).total_seconds() // 60)
    minutes.update(range(first, first + int((b - a).total_seconds() // 60)))
span = int((end - begin).total_seconds() // 60)

stocks = closes_of(420, 100000, False, 0.0004, 0.008)
coins = closes_of(150, 20000, True, 0.001, 0.02)
print(json.dumps({
    "stocks": {"closes": stocks, **figures(stocks, False)},
    "coins": {"closes": coins, **figures(coins, True)},
    "trades": trades,
    "figures": tally(trades),
    "groups": {
        "strategy": grouped(lambda t: t["strategy"]),
        "symbol": grouped(lambda t: t["symbol"]),
        "hour": grouped(lambda t: str(opened(t).hour)),
        "weekday": grouped(lambda t: opened(t).strftime("%a")),
    },
    "bins": {"width": width, "from": edges[:-1].tolist(), "counts": counts.tolist()},
    "exposure": len([m for m in minutes if 0 <= m < span]) / span,
}, indent=1))
