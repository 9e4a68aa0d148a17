"""Makes drift.json: random fills of one strategy on paper and in production, and what an independent reckoning says of them.

Only Python's standard library, with exact fractions. Run: python3 drift.py > drift.json
"""

import json
import random
import statistics
from fractions import Fraction as F

rng = random.Random(20261121)
SYMBOLS = ["AAPL", "KO", "XOM"]


def text(value, places=None):
    """A fraction as a decimal; `places` rounds half away from zero, as the product does."""
    value = F(value)
    if places is not None:
        scaled = abs(value) * 10**places
        whole = int(scaled + F(1, 2))
        value = F(whole if value >= 0 else -whole, 10**places)
    sign = "-" if value < 0 else ""
    digits = abs(value)
    out = str(digits.numerator // digits.denominator)
    rest = digits - digits.numerator // digits.denominator
    tail = ""
    while rest and len(tail) < 12:
        rest *= 10
        tail += str(rest.numerator // rest.denominator)
        rest -= rest.numerator // rest.denominator
    return sign + out + ("." + tail if tail else "") if value else "0"


signals, orders, fills = [], {"production": [], "paper": []}, {"production": [], "paper": []}
clock = 1_700_000_000_000
for n in range(40):
    symbol = rng.choice(SYMBOLS)
    long = rng.random() < 0.7
    quantity = rng.randrange(1, 60)
    price = F(rng.randrange(2000, 30000), 100)
    move = F(rng.randrange(-300, 400), 100)
    risk = rng.randrange(50, 500)
    signals.append({"id": f"s{n}", "risk": str(risk)})
    clock += rng.randrange(60_000, 600_000)
    for role, side in (("entry", "buy" if long else "sell"), ("stop_loss", "sell" if long else "buy")):
        at = clock if role == "entry" else clock + 30_000
        level = price if role == "entry" else price + move
        for place in ("paper", "production"):
            missed = rng.random() < (0.05 if place == "production" else 0.03) and role == "entry"
            if role == "stop_loss" and not any(
                o["signalId"] == f"s{n}" and o["filledQuantity"] != "0" for o in orders[place]
            ):
                continue
            worse = F(rng.randrange(-4, 9), 100) if place == "production" else F(0)
            paid = level + (worse if side == "buy" else -worse)
            parts = [] if missed else ([quantity] if quantity == 1 or rng.random() < 0.6 else [quantity // 2, quantity - quantity // 2])
            total, first = F(0), None
            for index, part in enumerate(parts):
                each = paid + F(index, 100)
                when = at + (rng.randrange(5, 900) if place == "production" else 3) + index
                first = first if first is not None else when
                total += each * part
                fee = F(rng.randrange(0, 5), 100)
                fills[place].append(
                    {
                        "symbol": symbol,
                        "side": side,
                        "quantity": str(part),
                        "price": text(each),
                        "fee": text(fee),
                        "at": when,
                        "signalId": f"s{n}",
                    }
                )
            orders[place].append(
                {
                    "signalId": f"s{n}",
                    "step": 0,
                    "role": role,
                    "symbol": symbol,
                    "side": side,
                    "filledQuantity": str(sum(parts)),
                    "filledCost": text(total),
                    "firstFillAt": first,
                }
            )
    clock += 60_000

# Reckoned apart from the product: signal by signal, as every trade here is opened and closed by its own signal.
pairs, pnl, later = [], {}, []
missed = {"production": 0, "paper": 0}
for place in ("production", "paper"):
    for fill in fills[place]:
        cash = F(fill["quantity"]) * F(fill["price"]) * (1 if fill["side"] == "sell" else -1) - F(fill["fee"])
        pnl.setdefault(fill["signalId"], {}).setdefault(place, F(0))
        pnl[fill["signalId"]][place] += cash
for real in orders["production"]:
    twin = next((o for o in orders["paper"] if (o["signalId"], o["role"]) == (real["signalId"], real["role"])), None)
    if twin is None:
        continue
    if real["firstFillAt"] is not None and twin["firstFillAt"] is not None:
        mine = F(real["filledCost"]) / F(real["filledQuantity"])
        theirs = F(twin["filledCost"]) / F(twin["filledQuantity"])
        worse = (mine - theirs) if real["side"] == "buy" else (theirs - mine)
        pairs.append(F(text(worse * 10000 / theirs, 2)))
        later.append(real["firstFillAt"] - twin["firstFillAt"])
    elif real["firstFillAt"] is not None:
        missed["paper"] += 1
    elif twin["firstFillAt"] is not None:
        missed["production"] += 1
both = {s: p for s, p in pnl.items() if len(p) == 2}
risks = {s["id"]: F(s["risk"]) for s in signals}
absolute = sorted(abs(p) for p in pairs)
expected = {
    "pairs": len(pairs),
    "medianBps": text(statistics.median(pairs)),
    "meanBps": text(sum(pairs) / len(pairs), 2),
    "p95Bps": text(absolute[-(-len(absolute) * 95 // 100) - 1]),
    "missedInProduction": missed["production"],
    "missedOnPaper": missed["paper"],
    "medianLaterMs": int(statistics.median(later) + F(1, 2)),
    "trades": len(both),
    "productionPnl": text(sum(p["production"] for p in both.values())),
    "paperPnl": text(sum(p["paper"] for p in both.values())),
    "pnlDifference": text(sum(p["production"] - p["paper"] for p in both.values())),
    "differenceInR": text(sum((p["production"] - p["paper"]) / risks[s] for s, p in both.items()), 4),
}
for place in fills:
    fills[place].sort(key=lambda fill: fill["at"])
print(json.dumps({"signals": signals, "orders": orders, "fills": fills, "expected": expected}, indent=1))
