"""Drives the official Python client's TradingClient, every method of it, and its TradingStream against a paper exchange.

The addresses and keys are in the file named by argv[1]. Prints one line of JSON a step.
"""

import uuid
from datetime import date, datetime, timedelta, timezone

from alpaca.trading.client import TradingClient
from alpaca.trading.enums import (
    AssetClass,
    AssetExchange,
    AssetStatus,
    CorporateActionType,
    OrderClass,
    OrderSide,
    OrderStatus,
    PositionIntent,
    PositionSide,
    QueryOrderStatus,
    TimeInForce,
    TradeEvent,
)
from alpaca.trading.requests import (
    ClosePositionRequest,
    CreateWatchlistRequest,
    GetAssetsRequest,
    GetCalendarRequest,
    GetCorporateAnnouncementsRequest,
    GetOptionContractsRequest,
    GetOrderByIdRequest,
    GetOrdersRequest,
    GetPortfolioHistoryRequest,
    LimitOrderRequest,
    MarketOrderRequest,
    ReplaceOrderRequest,
    StopLimitOrderRequest,
    StopLossRequest,
    StopOrderRequest,
    TakeProfitRequest,
    TrailingStopOrderRequest,
    UpdateWatchlistRequest,
)
from alpaca.trading.stream import TradingStream
from alpaca.common.enums import Sort
from venue import Recorded, end_faults, fault, in_background, keys, refused, step, until, venue

trading = Recorded(TradingClient(**keys, paper=True, url_override=venue["url"]))
BUY, SELL, DAY, GTC = OrderSide.BUY, OrderSide.SELL, TimeInForce.DAY, TimeInForce.GTC


def has_status(order, status):
    return until(lambda: (lambda o: o if o.status == status else None)(trading.get_order_by_id(order.id)))


def price_of(symbol):
    """What a share is worth, by way of a position in it."""
    return float(trading.get_open_position(symbol).current_price)


# Account
account = trading.get_account()
assert account.account_number.startswith("PA") and account.currency == "USD", account
assert float(account.cash) == 100_000 and float(account.buying_power) == 400_000, account
settings = trading.get_account_configurations()
assert settings.suspend_trade is False
settings.no_shorting = True
assert trading.set_account_configurations(settings).no_shorting is True
refused(403, 40310000, lambda: trading.submit_order(MarketOrderRequest(symbol="F", qty=1, side=SELL, time_in_force=DAY)))
settings.no_shorting = False
assert trading.set_account_configurations(settings) == trading.get_account_configurations()
wrong = TradingClient(keys["api_key"], "wrong", paper=True, url_override=venue["url"])
refused(401, None, wrong.get_account)
step("account", status=account.status.value)

# Clock, calendar, assets, and what this venue has none of
clock = trading.get_clock()
assert clock.next_open > clock.timestamp and clock.next_close > clock.timestamp
week = trading.get_calendar(GetCalendarRequest(start=date(2026, 11, 23), end=date(2026, 11, 27)))
assert [day.date.day for day in week] == [23, 24, 25, 27] and week[3].close.hour == 13, week
aapl = trading.get_asset("AAPL")
assert aapl.tradable and aapl.symbol == "AAPL" and trading.get_asset(aapl.id) == aapl
stocks = trading.get_all_assets(GetAssetsRequest(asset_class=AssetClass.US_EQUITY, status=AssetStatus.ACTIVE))
assert aapl in stocks and len(stocks) > 10
nasdaq = trading.get_all_assets(GetAssetsRequest(exchange=AssetExchange.NASDAQ))
assert 0 < len(nasdaq) < len(stocks)
refused(404, 40410000, lambda: trading.get_asset("NOPE"))
assert trading.get_option_contracts(GetOptionContractsRequest(underlying_symbols=["AAPL"])).option_contracts == []
refused(404, 40410000, lambda: trading.get_option_contract("AAPL261218C00150000"))
refused(404, 40410000, lambda: trading.exercise_options_position("AAPL261218C00150000"))
span = {"since": date(2026, 1, 1), "until": date(2026, 1, 31)}
assert trading.get_corporate_announcements(
    GetCorporateAnnouncementsRequest(ca_types=[CorporateActionType.DIVIDEND], **span)
) == []
refused(404, 40410000, lambda: trading.get_corporate_announcement_by_id(uuid.uuid4()))
step("clock, calendar, assets")

# The order stream
stream = TradingStream(**keys, paper=True, url_override=venue["streamUrl"])
updates = []


async def on_update(update):
    updates.append(update)


stream.subscribe_trade_updates(on_update)
in_background(stream)


def told(order, event):
    return until(lambda: next((u for u in updates if u.order.id == order.id and u.event == event), None))


# A market order, told by the stream
own_id = str(uuid.uuid4())
order = trading.submit_order(
    MarketOrderRequest(
        symbol="AAPL",
        qty=10,
        side=BUY,
        time_in_force=DAY,
        client_order_id=own_id,
        position_intent=PositionIntent.BUY_TO_OPEN,
    )
)
assert order.status in (OrderStatus.PENDING_NEW, OrderStatus.ACCEPTED) and order.order_class == OrderClass.SIMPLE, order
filled = has_status(order, OrderStatus.FILLED)
assert float(filled.filled_qty) == 10 and float(filled.filled_avg_price) > 0, filled
assert trading.get_order_by_client_id(own_id).id == order.id
fill = told(order, TradeEvent.FILL)
assert fill.execution_id and float(fill.price) > 0 and float(fill.position_qty) == 10, fill
refused(422, 40010001, lambda: trading.submit_order(
    MarketOrderRequest(symbol="AAPL", qty=1, side=BUY, time_in_force=DAY, client_order_id=own_id)
))
step("market order", events=[str(u.event) for u in updates])

# Limit, replaced and cancelled, listed by every filter the client has
limit = trading.submit_order(
    LimitOrderRequest(symbol="MSFT", qty=2, side=BUY, time_in_force=GTC, limit_price=100, extended_hours=True)
)
assert limit.extended_hours is True
told(limit, TradeEvent.NEW)
replaced = trading.replace_order_by_id(
    limit.id, ReplaceOrderRequest(qty=3, limit_price=101.5, time_in_force=GTC, client_order_id=str(uuid.uuid4()))
)
assert replaced.replaces == limit.id and float(replaced.limit_price) == 101.5 and float(replaced.qty) == 3, replaced
assert told(limit, TradeEvent.REPLACED).order.replaced_by == replaced.id
found = trading.get_orders(
    GetOrdersRequest(
        status=QueryOrderStatus.OPEN,
        limit=10,
        after=datetime.now(timezone.utc) - timedelta(days=1),
        until=datetime.now(timezone.utc) + timedelta(days=1),
        direction=Sort.ASC,
        nested=True,
        side=BUY,
        symbols=["MSFT", "AAPL"],
    )
)
assert [one.id for one in found] == [replaced.id], found
assert order.id in [one.id for one in trading.get_orders(GetOrdersRequest(status=QueryOrderStatus.CLOSED))]
trading.cancel_order_by_id(replaced.id)
assert told(replaced, TradeEvent.CANCELED).order.canceled_at
refused(422, 42210000, lambda: trading.cancel_order_by_id(replaced.id))
refused(404, 40410000, lambda: trading.cancel_order_by_id(uuid.uuid4()))
step("limit order replaced and cancelled")

# Each other type
last = price_of("AAPL")
stop = trading.submit_order(
    StopOrderRequest(symbol="AAPL", qty=1, side=SELL, time_in_force=GTC, stop_price=round(last * 0.8, 2))
)
stop_limit = trading.submit_order(
    StopLimitOrderRequest(
        symbol="AAPL",
        qty=1,
        side=SELL,
        time_in_force=DAY,
        stop_price=round(last * 0.7, 2),
        limit_price=round(last * 0.69, 2),
    )
)
trail = trading.submit_order(
    TrailingStopOrderRequest(symbol="AAPL", qty=1, side=SELL, time_in_force=GTC, trail_percent=20)
)
assert float(trail.trail_percent) == 20 and float(told(trail, TradeEvent.NEW).order.hwm) > 0, trail
oco = trading.submit_order(
    LimitOrderRequest(
        symbol="AAPL",
        qty=2,
        side=SELL,
        time_in_force=GTC,
        order_class=OrderClass.OCO,
        take_profit=TakeProfitRequest(limit_price=round(last * 1.3, 2)),
        stop_loss=StopLossRequest(stop_price=round(last * 0.75, 2), limit_price=round(last * 0.74, 2)),
    )
)
assert oco.order_class == OrderClass.OCO and float(oco.limit_price) == round(last * 1.3, 2), oco
sells = [stop, stop_limit, trail, oco]
assert {response.status for response in trading.cancel_orders()} == {200}
for one in sells:
    told(one, TradeEvent.CANCELED)
bracket = trading.submit_order(
    MarketOrderRequest(
        symbol="AAPL",
        qty=5,
        side=BUY,
        time_in_force=GTC,
        order_class=OrderClass.BRACKET,
        take_profit=TakeProfitRequest(limit_price=round(last * 1.2, 2)),
        stop_loss=StopLossRequest(stop_price=round(last * 0.8, 2)),
    )
)
assert len(bracket.legs) == 2, bracket
told(bracket, TradeEvent.FILL)
legs = until(
    lambda: (lambda o: o if OrderStatus.NEW in {leg.status for leg in o.legs} else None)(
        trading.get_order_by_id(bracket.id, GetOrderByIdRequest(nested=True))
    )
).legs
assert {leg.order_class for leg in legs} == {OrderClass.BRACKET}
oto = trading.submit_order(
    LimitOrderRequest(
        symbol="AMD",
        qty=1,
        side=BUY,
        time_in_force=DAY,
        limit_price=10,
        order_class=OrderClass.OTO,
        stop_loss=StopLossRequest(stop_price=5),
    )
)
assert oto.legs[0].status == OrderStatus.HELD
trading.cancel_orders()
dollars = trading.submit_order(MarketOrderRequest(symbol="AAPL", notional=100, side=BUY, time_in_force=DAY))
assert float(dollars.notional) == 100 and dollars.qty is None
assert 0 < float(has_status(dollars, OrderStatus.FILLED).filled_qty) < 2
coins = trading.submit_order(MarketOrderRequest(symbol="BTC/USD", qty=0.01, side=BUY, time_in_force=GTC))
has_status(coins, OrderStatus.FILLED)
error = refused(403, 40310000, lambda: trading.submit_order(
    MarketOrderRequest(symbol="AAPL", qty=1_000_000, side=BUY, time_in_force=DAY)
))
assert error.message == "insufficient buying power", error
step("every type and class of order")

# Positions
positions = {p.symbol: p for p in trading.get_all_positions()}
assert set(positions) == {"AAPL", "BTCUSD"}, positions
held = positions["AAPL"]
assert held.side == PositionSide.LONG and held.asset_id == aapl.id and float(held.qty) > 15, held
assert trading.get_open_position(aapl.id).symbol == "AAPL"
has_status(trading.close_position("AAPL", ClosePositionRequest(qty="4")), OrderStatus.FILLED)
has_status(trading.close_position("AAPL", ClosePositionRequest(percentage="50")), OrderStatus.FILLED)
assert 0 < float(trading.get_open_position("AAPL").qty) < 8
resting = trading.submit_order(LimitOrderRequest(symbol="F", qty=1, side=BUY, time_in_force=GTC, limit_price=1))
closed = trading.close_all_positions(cancel_orders=True)
assert {one.status for one in closed} == {200} and len(closed) == 2, closed
until(lambda: not trading.get_all_positions())
assert trading.get_order_by_id(resting.id).status == OrderStatus.CANCELED
refused(404, 40410000, lambda: trading.get_open_position("AAPL"))
refused(404, 40410000, lambda: trading.close_position("AAPL"))
history = trading.get_portfolio_history(GetPortfolioHistoryRequest(period="1D", timeframe="15Min"))
assert history.timeframe == "15Min" and len(history.equity) == len(history.timestamp)
whole = trading.get_portfolio_history()
assert whole.base_value > 0
step("positions", closed=len(closed))

# Watchlists
mine = trading.create_watchlist(CreateWatchlistRequest(name="Mine", symbols=["AAPL"]))
assert [asset.symbol for asset in mine.assets] == ["AAPL"] and mine.account_id == account.id
assert len(trading.add_asset_to_watchlist_by_id(mine.id, "MSFT").assets) == 2
assert len(trading.remove_asset_from_watchlist_by_id(mine.id, "AAPL").assets) == 1
assert trading.update_watchlist_by_id(mine.id, UpdateWatchlistRequest(name="Ours", symbols=["F"])).name == "Ours"
assert [asset.symbol for asset in trading.get_watchlist_by_id(mine.id).assets] == ["F"]
assert [one.name for one in trading.get_watchlists()] == ["Ours"]
trading.delete_watchlist_by_id(mine.id)
assert trading.get_watchlists() == []
step("watchlists")

# The client asks again when it was told that it asks too often, and its stream comes back after a broken connection
fault(kind="rate_limit", count=1)
assert trading.get_account().id == account.id
fault(kind="stream_drop", match={"stream": "trade_updates"}, count=1)
before = trading.submit_order(LimitOrderRequest(symbol="F", qty=1, side=BUY, time_in_force=GTC, limit_price=1))
again = []


def one_more():
    again.append(trading.submit_order(LimitOrderRequest(symbol="F", qty=1, side=BUY, time_in_force=GTC, limit_price=1)))
    ids = {one.id for one in again}
    return any(update.order.id in ids for update in updates)


until(one_more)
end_faults()
trading.cancel_orders()
stream.stop()
step("done", methods=trading.finish())
