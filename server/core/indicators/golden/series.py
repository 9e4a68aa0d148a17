"""Makes series.golden.json: what the indicators of charts come to over the bars of indicators.golden.json.

Written from the formulas in the books, in plain loops with fractions where they are exact; nothing of the TypeScript had a part in it.
Run with Python 3: python3 series.py > series.golden.json
"""

import json
import pathlib
from fractions import Fraction as F

here = pathlib.Path(__file__).parent
source = json.loads((here / "indicators.golden.json").read_text())["bars"]
O, H, L, C, V = ([F(bar[name]) for bar in source] for name in ("open", "high", "low", "close", "volume"))
n = len(source)
# For what begins anew each day: eight bars a day.
days = [f"day {i // 8}" for i in range(n)]


def mean(xs):
    return sum(xs) / len(xs)


def last(xs, i, size):
    """The last `size` values at i, or None when one is missing."""
    if i + 1 < size or any(x is None for x in xs[i + 1 - size : i + 1]):
        return None
    return xs[i + 1 - size : i + 1]


def each(xs, size, f):
    return [None if (w := last(xs, i, size)) is None else f(w) for i in range(len(xs))]


def averaged(xs, size, share):
    out, now, seen = [], None, []
    for x in xs:
        if x is None:
            out.append(None)
            continue
        if now is None:
            seen.append(x)
            if len(seen) == size:
                now = float(mean(seen))
        else:
            now = now * (1 - share) + float(x) * share
        out.append(now)
    return out


def ema(xs, size):
    return averaged(xs, size, 2 / (size + 1))


def rma(xs, size):
    return averaged(xs, size, 1 / size)


def pair(a, b, f):
    return [None if x is None or y is None else f(x, y) for x, y in zip(a, b)]


def sigma(w):
    m = mean(w)
    return float(sum((x - m) ** 2 for x in w) / len(w)) ** 0.5


true_range = [None] + [max(H[i] - L[i], abs(H[i] - C[i - 1]), abs(L[i] - C[i - 1])) for i in range(1, n)]
typical = [(H[i] + L[i] + C[i]) / 3 for i in range(n)]


def bands(mid, width, k):
    return [pair(mid, width, lambda m, w: float(m) + k * float(w)), mid, pair(mid, width, lambda m, w: float(m) - k * float(w))]


def bollinger(size, k):
    return bands(each(C, size, mean), each(C, size, sigma), k)


def keltner(size, span, k):
    return bands(ema(C, size), rma(true_range, span), k)


def donchian(size):
    top, bottom = each(H, size, max), each(L, size, min)
    return [top, pair(top, bottom, lambda a, b: (a + b) / 2), bottom]


def vwap():
    out = []
    for i in range(n):
        today = [j for j in range(i + 1) if days[j] == days[i]]
        out.append(sum(typical[j] * V[j] for j in today) / sum(V[j] for j in today))
    return [out]


def supertrend(size, k):
    atr = rma(true_range, size)
    rising, falling, top, bottom, trend = [], [], None, None, 1
    for i in range(n):
        if atr[i] is None:
            rising.append(None)
            falling.append(None)
            continue
        mid = float(H[i] + L[i]) / 2
        basic_top, basic_bottom = mid + k * atr[i], mid - k * atr[i]
        new_top = basic_top if top is None or basic_top < top or C[i - 1] > top else top
        new_bottom = basic_bottom if bottom is None or basic_bottom > bottom or C[i - 1] < bottom else bottom
        if trend == 1 and C[i] < new_bottom:
            trend = -1
        elif trend == -1 and C[i] > new_top:
            trend = 1
        top, bottom = new_top, new_bottom
        rising.append(bottom if trend == 1 else None)
        falling.append(top if trend == -1 else None)
    return [rising, falling]


def rsi(size):
    up = [None] + [max(C[i] - C[i - 1], 0) for i in range(1, n)]
    down = [None] + [max(C[i - 1] - C[i], 0) for i in range(1, n)]
    return [pair(rma(up, size), rma(down, size), lambda u, d: 100 - 100 / (1 + u / d) if d else 100.0)]


def macd(fast, slow, signal):
    line = pair(ema(C, fast), ema(C, slow), lambda a, b: a - b)
    average = ema(line, signal)
    return [pair(line, average, lambda a, b: a - b), line, average]


def stochastic(size, smooth, signal):
    raw = [
        None
        if last(C, i, size) is None
        else 100 * (C[i] - min(last(L, i, size))) / (max(last(H, i, size)) - min(last(L, i, size)))
        for i in range(n)
    ]
    k = each(raw, smooth, mean)
    return [k, each(k, signal, mean)]


def adx(size):
    plus, minus = [None], [None]
    for i in range(1, n):
        up, down = H[i] - H[i - 1], L[i - 1] - L[i]
        plus.append(up if up > down and up > 0 else F(0))
        minus.append(down if down > up and down > 0 else F(0))
    spread = rma(true_range, size)
    p = pair(rma(plus, size), spread, lambda a, b: 100 * a / b)
    m = pair(rma(minus, size), spread, lambda a, b: 100 * a / b)
    return [rma(pair(p, m, lambda a, b: 100 * abs(a - b) / (a + b)), size), p, m]


def cci(size):
    def far(w):
        m = mean(w)
        return (w[-1] - m) / (F(15, 1000) * mean([abs(x - m) for x in w]))

    return [each(typical, size, far)]


def mfi(size):
    flows = [None] + [(1 if typical[i] > typical[i - 1] else -1 if typical[i] < typical[i - 1] else 0) * typical[i] * V[i] for i in range(1, n)]

    def part(w):
        up, down = sum(x for x in w if x > 0), -sum(x for x in w if x < 0)
        return 100 * up / (up + down)

    return [each(flows, size, part)]


cases = {
    "sma:1": lambda: [each(C, 1, mean)],
    "sma:20": lambda: [each(C, 20, mean)],
    "ema:20": lambda: [ema(C, 20)],
    "ema:9": lambda: [ema(C, 9)],
    "wma:10": lambda: [each(C, 10, lambda w: sum((i + 1) * x for i, x in enumerate(w)) / F(55))],
    "bollinger:20:2": lambda: bollinger(20, 2),
    "bollinger:5:2.5": lambda: bollinger(5, 2.5),
    "keltner:20:10:2": lambda: keltner(20, 10, 2),
    "donchian:20": lambda: donchian(20),
    "vwap": vwap,
    "supertrend:10:3": lambda: supertrend(10, 3),
    "supertrend:5:1.2": lambda: supertrend(5, 1.2),
    "rsi:14": lambda: rsi(14),
    "rsi:2": lambda: rsi(2),
    "macd:12:26:9": lambda: macd(12, 26, 9),
    "atr:14": lambda: [rma(true_range, 14)],
    "stochastic:14:3:3": lambda: stochastic(14, 3, 3),
    "adx:14": lambda: adx(14),
    "cci:20": lambda: cci(20),
    "mfi:14": lambda: mfi(14),
}

print(
    json.dumps(
        {
            "days": days,
            "cases": [
                {"indicator": name, "lines": [[None if x is None else float(x) for x in line] for line in make()]}
                for name, make in cases.items()
            ],
        },
        separators=(",", ":"),
    )
)
