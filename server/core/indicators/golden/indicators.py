"""Makes indicators.golden.json: made-up bars, and what TA-Lib says of them.

Run with TA-Lib 0.8 and numpy 2: python3 indicators.py > indicators.golden.json
"""

import datetime as dt
import json

import numpy as np
import talib

rng = np.random.default_rng(1978)
count = 160
close = np.round(80 * np.cumprod(1 + 0.018 * rng.standard_normal(count)), 2)
# Opens jump away from the close before, so that gaps decide some true ranges.
opening = np.round(np.concatenate([[80], close[:-1]]) * (1 + 0.012 * rng.standard_normal(count)), 2)
high = np.round(np.maximum(opening, close) * (1 + 0.006 * rng.random(count)), 2)
low = np.round(np.minimum(opening, close) * (1 - 0.006 * rng.random(count)), 2)
volume = np.floor(rng.gamma(4, 250000, count))
first = dt.date(2026, 1, 5)

ranges = talib.TRANGE(high, low, close)
periods = [1, 5, 14, 22, 100]
cases = []
for period in periods:
    # TA-Lib's ATR of one bar is the true range itself.
    wilder = talib.ATR(high, low, close, timeperiod=period)
    simple = ranges if period == 1 else talib.SMA(ranges[1:], timeperiod=period)
    top = high if period == 1 else talib.MAX(high, timeperiod=period)
    bottom = low if period == 1 else talib.MIN(low, timeperiod=period)
    traded = volume if period == 1 else talib.SMA(volume, timeperiod=period)
    dollars = close * volume if period == 1 else talib.SMA(close * volume, timeperiod=period)
    cases.append(
        {
            "period": period,
            "wilder": wilder[-1],
            "simple": simple[-1],
            "highest": top[-1],
            "lowest": bottom[-1],
            "chandelierLong": top[-1] - 3 * wilder[-1],
            "chandelierShort": bottom[-1] + 3 * wilder[-1],
            "volume": traded[-1],
            "dollarVolume": dollars[-1],
        }
    )

bars = [
    {
        "at": (first + dt.timedelta(days=n)).isoformat(),
        "open": f"{opening[n]:.2f}",
        "high": f"{high[n]:.2f}",
        "low": f"{low[n]:.2f}",
        "close": f"{close[n]:.2f}",
        "volume": f"{volume[n]:.0f}",
    }
    for n in range(count)
]
print(json.dumps({"bars": bars, "trueRanges": ranges[1:].tolist(), "cases": cases}, separators=(",", ":")))
