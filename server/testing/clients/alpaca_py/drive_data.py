"""Drives the official Python client's historical data clients, every method of them, and its data streams against a paper exchange.

The addresses and keys are in the file named by argv[1]. Prints one line of JSON a step.
"""

from datetime import datetime, timedelta, timezone

from alpaca.common.enums import Sort
from alpaca.data.historical.crypto import CryptoHistoricalDataClient
from alpaca.data.historical.stock import StockHistoricalDataClient
from alpaca.data.live.crypto import CryptoDataStream
from alpaca.data.live.stock import StockDataStream
from alpaca.data.enums import Adjustment, DataFeed
from alpaca.data.requests import (
    CryptoBarsRequest,
    CryptoLatestBarRequest,
    CryptoLatestOrderbookRequest,
    CryptoLatestQuoteRequest,
    CryptoLatestTradeRequest,
    CryptoQuoteRequest,
    CryptoSnapshotRequest,
    CryptoTradesRequest,
    StockBarsRequest,
    StockLatestBarRequest,
    StockLatestQuoteRequest,
    StockLatestTradeRequest,
    StockQuotesRequest,
    StockSnapshotRequest,
    StockTradesRequest,
)
from alpaca.data.timeframe import TimeFrame, TimeFrameUnit
from venue import Recorded, end_faults, fault, in_background, keys, refused, step, until, venue

now = datetime.now(timezone.utc)
fortnight = {"start": now - timedelta(days=14), "end": now}
stocks = Recorded(StockHistoricalDataClient(**keys, url_override=venue["dataUrl"]))
# Crypto's history takes no keys.
coins = Recorded(CryptoHistoricalDataClient(url_override=venue["dataUrl"]))


def are_bars(bars, least):
    assert len(bars) >= least, bars
    assert all(bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in bars), bars
    times = [bar.timestamp for bar in bars]
    assert times == sorted(times) and len(set(times)) == len(times)


# Bars of every unit, over pages
for timeframe, least in [
    (TimeFrame.Minute, 500),
    (TimeFrame(15, TimeFrameUnit.Minute), 50),
    (TimeFrame.Hour, 20),
    (TimeFrame.Day, 8),
    (TimeFrame.Week, 1),
    (TimeFrame.Month, 1),
]:
    span = {"start": now - timedelta(days=70), "end": now} if timeframe.unit == TimeFrameUnit.Month else fortnight
    request = StockBarsRequest(symbol_or_symbols="AAPL", timeframe=timeframe, **span)
    are_bars(stocks.get_stock_bars(request)["AAPL"], least)
    request = CryptoBarsRequest(symbol_or_symbols=["BTC/USD"], timeframe=timeframe, **span)
    are_bars(coins.get_crypto_bars(request)["BTC/USD"], least)
two = stocks.get_stock_bars(
    StockBarsRequest(
        symbol_or_symbols=["AAPL", "MSFT"],
        timeframe=TimeFrame.Day,
        limit=6,
        sort=Sort.DESC,
        adjustment=Adjustment.ALL,
        feed=DataFeed.IEX,
        **fortnight,
    )
)
assert sum(len(bars) for bars in two.data.values()) == 6, two
assert not two.df.empty
many = stocks.get_stock_bars(StockBarsRequest(symbol_or_symbols=["AAPL", "MSFT"], timeframe=TimeFrame.Minute, **fortnight))
assert len(many["AAPL"]) + len(many["MSFT"]) > 1000
step("bars", minutes=len(many["AAPL"]) + len(many["MSFT"]))

# The latest of each, one symbol and many
latest = stocks.get_stock_latest_quote(StockLatestQuoteRequest(symbol_or_symbols=["AAPL", "MSFT"]))
assert all(latest[symbol].bid_price < latest[symbol].ask_price for symbol in ("AAPL", "MSFT"))
assert stocks.get_stock_latest_trade(StockLatestTradeRequest(symbol_or_symbols="AAPL"))["AAPL"].price > 0
assert stocks.get_stock_latest_bar(StockLatestBarRequest(symbol_or_symbols="AAPL"))["AAPL"].close > 0
shot = stocks.get_stock_snapshot(StockSnapshotRequest(symbol_or_symbols=["AAPL"]))["AAPL"]
assert shot.latest_quote and shot.latest_trade and shot.minute_bar and shot.daily_bar and shot.previous_daily_bar, shot
assert coins.get_crypto_latest_quote(CryptoLatestQuoteRequest(symbol_or_symbols="BTC/USD"))["BTC/USD"].ask_price > 0
assert coins.get_crypto_latest_trade(CryptoLatestTradeRequest(symbol_or_symbols="BTC/USD"))["BTC/USD"].price > 0
assert coins.get_crypto_latest_bar(CryptoLatestBarRequest(symbol_or_symbols="BTC/USD"))["BTC/USD"].close > 0
book = coins.get_crypto_latest_orderbook(CryptoLatestOrderbookRequest(symbol_or_symbols="BTC/USD"))["BTC/USD"]
assert book.bids[0].price < book.asks[0].price, book
assert coins.get_crypto_snapshot(CryptoSnapshotRequest(symbol_or_symbols=["BTC/USD"]))["BTC/USD"].latest_quote
step("latest")

# Quotes and trades of the past
minutes = {"start": now - timedelta(days=4), "end": now, "limit": 25}
quotes = stocks.get_stock_quotes(StockQuotesRequest(symbol_or_symbols="AAPL", **minutes))["AAPL"]
trades = stocks.get_stock_trades(StockTradesRequest(symbol_or_symbols="AAPL", **minutes))["AAPL"]
assert len(quotes) == len(trades) == 25 and quotes[0].bid_price < quotes[0].ask_price and trades[0].size > 0
assert len(coins.get_crypto_quotes(CryptoQuoteRequest(symbol_or_symbols="BTC/USD", **minutes))["BTC/USD"]) == 25
assert len(coins.get_crypto_trades(CryptoTradesRequest(symbol_or_symbols="BTC/USD", **minutes))["BTC/USD"]) == 25
step("quotes and trades")

# Who asks: Basic is for data too, and wrong keys are not
basic = StockHistoricalDataClient(**keys, url_override=venue["dataUrl"], use_basic_auth=True)
assert basic.get_stock_latest_trade(StockLatestTradeRequest(symbol_or_symbols="AAPL"))
wrong = StockHistoricalDataClient(keys["api_key"], "wrong", url_override=venue["dataUrl"])
refused(401, None, lambda: wrong.get_stock_latest_trade(StockLatestTradeRequest(symbol_or_symbols="AAPL")))
refused(400, None, lambda: stocks.get_stock_latest_trade(StockLatestTradeRequest(symbol_or_symbols="A A")))
step("keys")

# Streams: the client's own MessagePack, authentication, subscriptions
live = StockDataStream(**keys, url_override=venue["dataStreamUrl"])
heard = {}


def hear(kind):
    async def on(one):
        heard.setdefault(kind, []).append(one)

    return on


live.subscribe_quotes(hear("quotes"), "AAPL", "MSFT")
live.subscribe_trades(hear("trades"), "*")
live.subscribe_bars(hear("bars"), "AAPL")
live.subscribe_updated_bars(hear("updated"), "AAPL")
live.subscribe_daily_bars(hear("daily"), "AAPL")
live.subscribe_trading_statuses(hear("statuses"), "AAPL")
live.register_trade_corrections(hear("corrections"))
live.register_trade_cancels(hear("cancels"))
in_background(live)
until(lambda: heard.get("quotes") and heard.get("trades"))
assert heard["quotes"][0].symbol in ("AAPL", "MSFT") and heard["quotes"][0].timestamp > now - timedelta(minutes=5)
fault(kind="halt", match={"symbol": "AAPL"})
status = until(lambda: heard.get("statuses"))[0]
assert status.symbol == "AAPL" and status.status_code == "H", status
end_faults()
assert until(lambda: heard["statuses"][1:])[0].status_code == "T"
live.unsubscribe_quotes("AAPL", "MSFT")
live.unsubscribe_trades("*")
live.unsubscribe_bars("AAPL")
live.unsubscribe_updated_bars("AAPL")
live.unsubscribe_daily_bars("AAPL")
live.unsubscribe_trading_statuses("AAPL")
live.stop()
coin_stream = CryptoDataStream(**keys, url_override=venue["cryptoStreamUrl"])
coin_stream.subscribe_quotes(hear("coin quotes"), "BTC/USD")
coin_stream.subscribe_trades(hear("coin trades"), "BTC/USD", "ETH/USD")
coin_stream.subscribe_orderbooks(hear("books"), "BTC/USD")
coin_stream.subscribe_bars(hear("coin bars"), "BTC/USD")
in_background(coin_stream)
until(lambda: all(heard.get(kind) for kind in ("coin quotes", "coin trades", "books")))
assert heard["books"][0].bids[0].price < heard["books"][0].asks[0].price
coin_stream.stop()
step("streams", heard={kind: len(events) for kind, events in heard.items()})
step("done", methods=stocks.finish() + coins.finish())
