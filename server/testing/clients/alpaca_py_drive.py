"""Drives the official Python client, unmodified, against a paper exchange: the addresses and keys are in the file named by argv[1].

Prints one line of JSON a step, `{"step": ..., "ok": true}`, so that whoever runs it sees how far it came.
"""

import json
import sys
import threading
import time
import uuid

from alpaca.common.exceptions import APIError
from alpaca.data.historical.stock import StockHistoricalDataClient
from alpaca.data.live.stock import StockDataStream
from alpaca.data.requests import (
    StockBarsRequest,
    StockLatestQuoteRequest,
    StockLatestTradeRequest,
    StockSnapshotRequest,
)
from alpaca.data.timeframe import TimeFrame
from alpaca.trading.client import TradingClient
from alpaca.trading.enums import OrderClass, OrderSide, OrderStatus, QueryOrderStatus, TimeInForce
from alpaca.trading.requests import (
    ClosePositionRequest,
    GetCalendarRequest,
    GetOrdersRequest,
    LimitOrderRequest,
    MarketOrderRequest,
    ReplaceOrderRequest,
    StopLossRequest,
    TakeProfitRequest,
)
from alpaca.trading.stream import TradingStream

with open(sys.argv[1], encoding="utf-8") as file:
    venue = json.load(file)

keys = {"api_key": venue["keyId"], "secret_key": venue["secretKey"]}


def step(name, **facts):
    print(json.dumps({"step": name, "ok": True, **facts}), flush=True)


def until(condition, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


trading = TradingClient(**keys, paper=True, url_override=venue["url"])
data = StockHistoricalDataClient(**keys, url_override=venue["dataUrl"])

# Account
account = trading.get_account()
assert account.account_number.startswith("PA") and account.currency == "USD", account
assert float(account.cash) == 100_000, account.cash
configuration = trading.get_account_configurations()
assert configuration.suspend_trade is False
step("account", status=account.status.value)

# Clock, calendar, assets
clock = trading.get_clock()
assert clock.next_open and clock.next_close
assert trading.get_calendar(GetCalendarRequest(start="2026-11-23", end="2026-11-27"))
aapl = trading.get_asset("AAPL")
assert aapl.tradable and aapl.symbol == "AAPL"
assert len(trading.get_all_assets()) > 10
step("clock, calendar, assets")

# The order stream, in a thread of its own, as the client's documentation has it
stream = TradingStream(**keys, paper=True, url_override=venue["streamUrl"])
updates = []


async def on_update(update):
    updates.append(update)


stream.subscribe_trade_updates(on_update)
threading.Thread(target=stream.run, daemon=True).start()
until(lambda: stream._running)

# Orders
client_order_id = str(uuid.uuid4())
order = trading.submit_order(
    MarketOrderRequest(
        symbol="AAPL", qty=10, side=OrderSide.BUY, time_in_force=TimeInForce.DAY, client_order_id=client_order_id
    )
)
filled = until(
    lambda: (lambda o: o if o.status == OrderStatus.FILLED else None)(trading.get_order_by_id(order.id))
)
assert float(filled.filled_qty) == 10, filled
assert trading.get_order_by_client_id(client_order_id).id == order.id
fill = until(lambda: next((u for u in updates if u.event == "fill"), None))
assert fill.order.id == order.id and float(fill.qty) == 10 and float(fill.position_qty) == 10, fill
step("market order, told by the stream", events=[u.event for u in updates])

limit = trading.submit_order(
    LimitOrderRequest(symbol="MSFT", qty=2, side=OrderSide.BUY, time_in_force=TimeInForce.GTC, limit_price=100)
)
until(lambda: trading.get_order_by_id(limit.id).status == OrderStatus.NEW)
replaced = trading.replace_order_by_id(limit.id, ReplaceOrderRequest(limit_price=101))
assert replaced.id != limit.id and float(replaced.limit_price) == 101
assert [o.id for o in trading.get_orders(GetOrdersRequest(status=QueryOrderStatus.OPEN, symbols=["MSFT"]))] == [
    replaced.id
]
trading.cancel_order_by_id(replaced.id)
until(lambda: trading.get_order_by_id(replaced.id).status == OrderStatus.CANCELED)
try:
    trading.cancel_order_by_id(replaced.id)
    raise AssertionError("a cancelled order was cancelled again")
except APIError as error:
    assert error.status_code == 422, error
step("limit order replaced and cancelled")

last = data.get_stock_latest_trade(StockLatestTradeRequest(symbol_or_symbols="NVDA"))["NVDA"].price
bracket = trading.submit_order(
    MarketOrderRequest(
        symbol="NVDA",
        qty=5,
        side=OrderSide.BUY,
        time_in_force=TimeInForce.GTC,
        order_class=OrderClass.BRACKET,
        take_profit=TakeProfitRequest(limit_price=round(last * 1.2, 2)),
        stop_loss=StopLossRequest(stop_price=round(last * 0.8, 2)),
    )
)
assert len(bracket.legs) == 2
until(lambda: trading.get_order_by_id(bracket.id).status == OrderStatus.FILLED)
step("bracket")

try:
    trading.submit_order(
        MarketOrderRequest(symbol="AAPL", qty=1_000_000, side=OrderSide.BUY, time_in_force=TimeInForce.DAY)
    )
    raise AssertionError("an order beyond all buying power was taken")
except APIError as error:
    assert error.status_code == 403 and error.code == 40310000, error
step("refusal", code=40310000)

# Positions
positions = {p.symbol: p for p in trading.get_all_positions()}
assert set(positions) == {"AAPL", "NVDA"}, positions
assert float(trading.get_open_position("AAPL").qty) == 10
part = trading.close_position("AAPL", ClosePositionRequest(qty="4"))
until(lambda: trading.get_order_by_id(part.id).status == OrderStatus.FILLED)
assert float(trading.get_open_position("AAPL").qty) == 6
trading.cancel_orders()
closed = trading.close_all_positions(cancel_orders=True)
assert closed, closed
until(lambda: not trading.get_all_positions())
step("positions", closed=len(closed))

# Market data
quote = data.get_stock_latest_quote(StockLatestQuoteRequest(symbol_or_symbols=["AAPL", "MSFT"]))
assert quote["AAPL"].bid_price < quote["AAPL"].ask_price
assert data.get_stock_snapshot(StockSnapshotRequest(symbol_or_symbols="AAPL"))["AAPL"].latest_quote
bars = data.get_stock_bars(StockBarsRequest(symbol_or_symbols="AAPL", timeframe=TimeFrame.Minute))
assert len(bars["AAPL"]) > 0 and bars["AAPL"][0].low <= bars["AAPL"][0].high
step("bars and quotes", bars=len(bars["AAPL"]))

# The data stream: its message pack, its authentication and its subscriptions are the client's own
live = StockDataStream(**keys, url_override=venue["dataStreamUrl"])
quotes = []


async def on_quote(one):
    quotes.append(one)


live.subscribe_quotes(on_quote, "AAPL", "MSFT")
threading.Thread(target=live.run, daemon=True).start()
until(lambda: quotes)
assert quotes[0].symbol in ("AAPL", "MSFT") and quotes[0].bid_price > 0
step("data stream")
live.stop()
stream.stop()
step("done")
