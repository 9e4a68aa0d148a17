// The official npm SDK, unmodified, used as its documentation says: every trading method that has something to do here.
import { Alpaca, ApiError, type trading } from '@alpacahq/alpaca-trade-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import type { Exchange } from '../exchange.ts';

let exchange: Exchange;
let alpaca: Alpaca;

beforeEach(async () => {
  exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await exchange.setQuote('MSFT', 409.9, 410.1);
  const fetchApi: trading.FetchAPI = (url, init) => {
    const { pathname, search } = new URL(String(url));
    return fetch(`${exchange.url}${pathname}${search}`, init);
  };
  alpaca = new Alpaca({
    keyId: exchange.keyId,
    secret: exchange.secretKey,
    paper: true,
    fetchApi,
    rateLimit: false,
  });
});
afterEach(() => exchange.stop());

const limit = { symbol: 'AAPL', qty: 1, side: 'buy', limitPrice: 140, timeInForce: 'gtc' } as const;

it('checks its connection, and reads the account and its settings', async () => {
  expect(await alpaca.trading.validateConnection()).toMatchObject({ ok: true, account: { status: 'ACTIVE' } });
  expect(await alpaca.trading.account.getAccount()).toMatchObject({
    cash: '100000',
    equity: '100000',
    multiplier: '4',
  });
  const { accountConfigurations } = alpaca.trading;
  expect((await accountConfigurations.getAccountConfig()).suspendTrade).toBe(false);
  await accountConfigurations.patchAccountConfig({ accountConfigurations: { suspendTrade: true } });
  expect((await accountConfigurations.getAccountConfig()).suspendTrade).toBe(true);
});

describe('orders', () => {
  it('of each kind are placed by its builders', async () => {
    const { orders } = alpaca.trading;
    const placed = [
      await orders.market({ symbol: 'AAPL', qty: 10, side: 'buy', timeInForce: 'day' }),
      await orders.limit(limit),
      await orders.stop({ symbol: 'AAPL', qty: 1, side: 'sell', stopPrice: 140, timeInForce: 'gtc' }).catch((e) => e),
      await orders.bracket({
        symbol: 'MSFT',
        qty: 2,
        side: 'buy',
        limitPrice: 400,
        timeInForce: 'gtc',
        takeProfit: { limitPrice: 450 },
        stopLoss: { stopPrice: 390, limitPrice: 389 },
      }),
      await orders.oto({
        symbol: 'MSFT',
        qty: 1,
        side: 'buy',
        limitPrice: 401,
        timeInForce: 'gtc',
        stopLoss: { stopPrice: 390 },
      }),
      await orders.submit({
        symbol: 'MSFT',
        qty: '1',
        side: 'buy',
        type: 'limit',
        limitPrice: '399',
        timeInForce: 'day',
      }),
    ];
    // The stop meets the resting buy: the table of wash trades says no.
    expect(placed[2]).toBeInstanceOf(ApiError);
    expect(placed[2]).toMatchObject({ status: 403, code: 40310000 });
    expect(placed[3]).toMatchObject({ orderClass: 'bracket', status: 'pending_new', legs: [{ status: 'held' }, {}] });
    expect(placed[4]).toMatchObject({ orderClass: 'oto' });
    await orders.deleteAllOrders();
    const oco = await orders.oco({
      symbol: 'AAPL',
      qty: 10,
      side: 'sell',
      timeInForce: 'gtc',
      takeProfit: { limitPrice: 160 },
      stopLoss: { stopPrice: 140 },
    });
    expect(oco).toMatchObject({ orderClass: 'oco', type: 'limit', limitPrice: '160' });
    await orders.deleteAllOrders();
    const stop = await orders.stopLimit({
      symbol: 'AAPL',
      qty: 10,
      side: 'sell',
      stopPrice: 140,
      limitPrice: 139.5,
      timeInForce: 'gtc',
    });
    expect(stop).toMatchObject({ type: 'stop_limit', stopPrice: '140', limitPrice: '139.5' });
  });

  it('are listed, found, replaced and cancelled', async () => {
    const { orders } = alpaca.trading;
    const first = await orders.postOrder({
      postOrderRequest: {
        symbol: 'AAPL',
        qty: '1',
        side: 'buy',
        type: 'limit',
        limitPrice: '140',
        timeInForce: 'gtc',
        clientOrderId: 'sdk-1',
      },
    });
    expect((await orders.getOrderByOrderID({ orderId: first.id! })).clientOrderId).toBe('sdk-1');
    expect((await orders.getOrderByClientOrderId({ clientOrderId: 'sdk-1' })).id).toBe(first.id);
    expect(await orders.getAllOrders({ status: 'open', symbols: ['AAPL', 'MSFT'], side: 'buy' })).toHaveLength(1);
    const next = await orders.patchOrderByOrderId({
      orderId: first.id!,
      patchOrderRequest: { qty: '2', limitPrice: '141' },
    });
    expect(next).toMatchObject({ replaces: first.id, qty: '2', limitPrice: '141' });
    await orders.deleteOrderByOrderID({ orderId: next.id! });
    const again = await orders.limit(limit);
    expect(await orders.deleteAllOrders()).toMatchObject([{ id: again.id, status: 200 }]);
    await expect(orders.deleteOrderByOrderID({ orderId: next.id! })).rejects.toMatchObject({
      status: 422,
      code: 42210000,
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('are awaited by the stream', async () => {
    const stream = alpaca.trading.stream({ url: exchange.streamUrl, maxReconnectAttempts: -1 });
    stream.connect();
    await stream.waitForAuthentication(5000);
    const filled = await alpaca.trading.submitAndWait(
      { symbol: 'AAPL', qty: 3, side: 'buy', type: 'market', timeInForce: 'day' },
      { stream },
    );
    expect(filled).toMatchObject({ status: 'filled', filledQty: '3', filledAvgPrice: '150.01' });
    stream.disconnect();
  });
});

it('reads and closes positions', async () => {
  const { orders, positions } = alpaca.trading;
  await orders.market({ symbol: 'AAPL', qty: 10, side: 'buy', timeInForce: 'day' });
  await orders.market({ symbol: 'MSFT', qty: 4, side: 'buy', timeInForce: 'day' });
  expect(await positions.getAllOpenPositions()).toMatchObject([{ symbol: 'AAPL' }, { symbol: 'MSFT' }]);
  expect(await positions.getOpenPosition({ symbolOrAssetId: 'AAPL' })).toMatchObject({ qty: '10', side: 'long' });
  expect(await positions.deleteOpenPosition({ symbolOrAssetId: 'AAPL', qty: 3 })).toMatchObject({ qty: '3' });
  expect(await positions.deleteOpenPosition({ symbolOrAssetId: 'MSFT', percentage: 50 })).toMatchObject({ qty: '2' });
  const closed = await alpaca.trading.closeAllPositions({ cancelOrders: true });
  expect(closed.map(({ symbol, status }) => [symbol, status])).toEqual([
    ['AAPL', 200],
    ['MSFT', 200],
  ]);
  await expect(positions.getOpenPosition({ symbolOrAssetId: 'AAPL' })).rejects.toMatchObject({ status: 404 });
});

it('reads assets, the clock and the calendar', async () => {
  const { assets, clock, calendar } = alpaca.trading;
  expect((await assets.getV2Assets({ status: 'active', exchange: 'NASDAQ' })).length).toBeGreaterThan(5);
  const { id } = await assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'AAPL' });
  expect((await assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: id })).symbol).toBe('AAPL');
  expect((await clock.legacyClock()).nextClose).toBeInstanceOf(Date);
  expect(
    (
      await calendar.legacyCalendar({
        start: new Date('2026-11-16'),
        end: new Date('2026-11-20'),
      })
    ).length,
  ).toBe(5);
});

it('pages through activities', async () => {
  for (let i = 0; i < 5; i++) {
    await alpaca.trading.orders.market({ symbol: 'AAPL', qty: 1, side: 'buy', timeInForce: 'day' });
  }
  expect(await alpaca.trading.collectActivities({ pageSize: 2 })).toHaveLength(5);
  expect(await alpaca.trading.collectActivitiesByType({ activityType: 'FILL', pageSize: 2 })).toHaveLength(5);
  const [one] = await alpaca.trading.accountActivities.getAccountActivities({ activityTypes: ['FILL'], pageSize: 1 });
  expect(one).toMatchObject({ symbol: 'AAPL', price: '150.01', orderStatus: 'filled' });
});

it('reads the portfolio’s history', async () => {
  const history = await alpaca.trading.portfolioHistory.getAccountPortfolioHistory({
    period: '1M',
    timeframe: '1D',
    pnlReset: 'no_reset',
  });
  expect(history.timeframe).toBe('1D');
  expect(history.equity).toHaveLength(history.timestamp.length);
});

it('keeps watchlists by id and by name', async () => {
  const { watchlists } = alpaca.trading;
  const { id } = await watchlists.postWatchlist({ createWatchlistRequest: { name: 'Mine', symbols: ['AAPL'] } });
  const symbols = (list: { assets?: readonly { symbol?: string }[] }) => list.assets?.map(({ symbol }) => symbol);
  const added = await watchlists.addAssetToWatchlist({
    watchlistId: id,
    addAssetToWatchlistRequest: { symbol: 'MSFT' },
  });
  expect(symbols(added)).toEqual(['AAPL', 'MSFT']);
  expect(symbols(await watchlists.removeAssetFromWatchlist({ watchlistId: id, symbol: 'AAPL' }))).toEqual(['MSFT']);
  const updated = await watchlists.updateWatchlistById({
    watchlistId: id,
    updateWatchlistRequest: { name: 'Ours', symbols: ['TSLA'] },
  });
  expect(updated.name).toBe('Ours');
  expect(symbols(await watchlists.getWatchlistById({ watchlistId: id }))).toEqual(['TSLA']);
  expect((await watchlists.getWatchlistByName({ name: 'Ours' })).id).toBe(id);
  await watchlists.addAssetToWatchlistByName({ name: 'Ours', addAssetToWatchlistRequest: { symbol: 'F' } });
  await watchlists.updateWatchlistByName({ name: 'Ours', updateWatchlistRequest: { name: 'Theirs' } });
  expect(await watchlists.getWatchlists()).toMatchObject([{ id, name: 'Theirs' }]);
  await watchlists.postWatchlist({ createWatchlistRequest: { name: 'Second', symbols: [] } });
  await watchlists.deleteWatchlistByName({ name: 'Theirs' });
  const [second] = await watchlists.getWatchlists();
  await watchlists.deleteWatchlistById({ watchlistId: second!.id });
  expect(await watchlists.getWatchlists()).toEqual([]);
});
