// The official npm SDK, unmodified, used as its documentation says: every trading method that it has, which the last test makes sure of.
import {
  type Alpaca,
  ApiError,
  AuthError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  type streaming,
  ValidationError,
} from '@alpacahq/alpaca-trade-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awkwardOf } from '../../testing/awkward.ts';
import { alpacaAt, methodsOf, recorded } from '../../testing/clients/alpaca-sdk.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import type { Exchange } from '../exchange.ts';

let exchange: Exchange;
let alpaca: Pick<Alpaca, 'trading' | 'marketData'>;
const called = new Set<string>();

beforeEach(async () => {
  exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await exchange.setQuote('MSFT', 409.9, 410.1);
  const client = alpacaAt(exchange);
  alpaca = { trading: recorded(client.trading, called), marketData: client.marketData };
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

  it('that trail the price are placed too', async () => {
    const { orders } = alpaca.trading;
    await orders.market({ symbol: 'AAPL', qty: 10, side: 'buy', timeInForce: 'day' });
    const order = { symbol: 'AAPL', qty: 5, side: 'sell', timeInForce: 'gtc' } as const;
    const percent = await orders.trailingStop({ ...order, trailPercent: 5 });
    expect(percent).toMatchObject({ type: 'trailing_stop', trailPercent: '5', hwm: expect.any(String) });
    expect(await orders.trailingStop({ ...order, trailPrice: 3.5 })).toMatchObject({ trailPrice: '3.5' });
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

describe('the order stream', () => {
  const open = (more: object = {}): streaming.TradingStream =>
    alpaca.trading.stream({
      url: exchange.streamUrl,
      maxReconnectAttempts: -1,
      initialReconnectMs: 5,
      maxReconnectMs: 20,
      ...more,
    });

  it('tells each event with the order, and after a broken connection goes on by itself', async () => {
    const stream = open();
    const told: streaming.TradeUpdate[] = [];
    const reconnected = new Promise<void>((resolve) => stream.onReconnected(resolve));
    stream.onTradeUpdate((update) => told.push(update));
    stream.subscribeTradeUpdates();
    stream.connect();
    expect(await stream.waitForAuthentication(5000)).toBe(true);
    const { orders } = alpaca.trading;
    await expect
      .poll(async () => {
        await orders.market({ symbol: 'AAPL', qty: 1, side: 'buy', timeInForce: 'day' });
        return told.map(({ event }) => event);
      })
      .toContain('fill');
    const fill = told.find(({ event }) => event === 'fill')!;
    expect(fill).toMatchObject({ price: '150.01', qty: '1', order: { symbol: 'AAPL', status: 'filled' } });
    expect(fill.executionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(fill.positionQty)).toBeGreaterThan(0);

    await awkwardOf(exchange).add({ kind: 'stream_drop', match: { stream: 'trade_updates' }, count: 1 });
    await orders.limit({ ...limit, clientOrderId: 'lost' });
    await reconnected;
    // It has listened again when an order placed from now on is told of.
    await expect
      .poll(async () => {
        await orders.limit({ ...limit, limitPrice: 130 });
        return told.some(({ event, order }) => event === 'new' && order.limitPrice === '130');
      })
      .toBe(true);
    expect(told.some(({ order }) => order.clientOrderId === 'lost')).toBe(false);
    stream.disconnect();
  });

  it('is closed to wrong keys, and a client gives up on them', async () => {
    const stream = alpacaAt({ ...exchange, secretKey: 'wrong' }).trading.stream({ url: exchange.streamUrl });
    stream.connect();
    expect((await stream.waitForAuthenticationResult(5000)).authenticated).toBe(false);
    stream.disconnect();
  });

  it.each(['', '/'])('is at /stream%s', async (end) => {
    const stream = open({ url: exchange.streamUrl + end });
    stream.connect();
    expect(await stream.waitForAuthentication(5000)).toBe(true);
    stream.disconnect();
  });
});

describe('the data streams', () => {
  it('tell quotes, trades and the book of what is subscribed to, and of nothing else', async () => {
    const stocks = alpaca.marketData.stockStream({ url: exchange.dataStreamUrl, maxReconnectAttempts: -1 });
    const coins = alpaca.marketData.cryptoStream({ url: exchange.cryptoStreamUrl, maxReconnectAttempts: -1 });
    const [quotes, trades, books]: [string[], string[], string[]] = [[], [], []];
    for (const stream of [stocks, coins]) {
      stream.onQuote(({ symbol, bidPrice, askPrice }) => quotes.push(`${symbol} ${bidPrice} ${askPrice}`));
      stream.onTrade(({ symbol }) => trades.push(symbol));
    }
    coins.onOrderbook(({ symbol }) => books.push(symbol));
    stocks.subscribeForQuotes(['AAPL']);
    stocks.subscribeForTrades(['AAPL']);
    coins.subscribeForQuotes(['BTC/USD']);
    coins.subscribeForOrderbooks(['BTC/USD']);
    for (const stream of [stocks, coins]) {
      stream.connect();
      expect(await stream.waitForAuthentication(5000)).toBe(true);
    }
    await expect
      .poll(async () => {
        await exchange.setQuote('MSFT', 410, 410.2);
        await exchange.setQuote('AAPL', 151.01, 151.03);
        await exchange.setQuote('BTC/USD', 60_000, 60_001);
        return [quotes.includes('AAPL 151.01 151.03'), quotes.includes('BTC/USD 60000 60001'), books.length > 0];
      })
      .toEqual([true, true, true]);
    expect(quotes.some((quote) => quote.startsWith('MSFT'))).toBe(false);
    expect(trades.every((symbol) => symbol === 'AAPL')).toBe(true);
    stocks.disconnect();
    coins.disconnect();
  });
});

describe('what goes wrong', () => {
  it('has the class of error that the client has for it', async () => {
    const { orders, positions } = alpaca.trading;
    const market = { symbol: 'AAPL', qty: 1, side: 'buy', timeInForce: 'day' } as const;
    const refusals: readonly (readonly [() => Promise<unknown>, typeof ApiError])[] = [
      [() => alpacaAt({ ...exchange, secretKey: 'wrong' }).trading.account.getAccount(), AuthError],
      [() => alpacaAt({ ...exchange, keyId: 'PKOTHER' }).trading.account.getAccount(), AuthError],
      [() => orders.market({ ...market, qty: 1_000_000 }), PermissionError],
      [() => positions.getOpenPosition({ symbolOrAssetId: 'TSLA' }), NotFoundError],
      [() => orders.market({ ...market, symbol: 'NOPE' }), ValidationError],
    ];
    for (const [asked, kind] of refusals) await expect(asked()).rejects.toBeInstanceOf(kind);
    const wrong = alpacaAt({ ...exchange, secretKey: 'wrong' });
    expect(await wrong.trading.validateConnection()).toMatchObject({
      ok: false,
      status: 401,
      message: 'unauthorized.',
    });
  });

  it('is tried again where that is safe, and an order never', async () => {
    const quick = alpacaAt(exchange, { retry: { maxRetries: 2, retryDelayMs: 1, maxDelayMs: 5 } });
    const awkward = awkwardOf(exchange);
    for (const fault of [
      { kind: 'error_before', status: 503 },
      { kind: 'rate_limit', retryAfter: 0 },
      { kind: 'reset_before' },
    ] as const) {
      const reads = await awkward.add({ ...fault, match: { method: 'GET' }, count: 2 });
      expect((await quick.trading.account.getAccount()).status).toBe('ACTIVE');
      expect(await awkward.look(reads)).toMatchObject({ hits: 2, ended: 'count' });
    }
    const writes = await awkward.add({ kind: 'rate_limit', match: { method: 'POST' } });
    const refused = await quick.trading.orders.limit(limit).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RateLimitError);
    expect(refused).toMatchObject({ status: 429, code: 42910000, retryAfterMs: 1000, rateLimit: { remaining: 0 } });
    expect(await awkward.look(writes)).toMatchObject({ hits: 1 });
    await awkward.clear();
    expect(await alpaca.trading.orders.getAllOrders({ status: 'all' })).toEqual([]);
  });

  it('leaves an order to be found when its answer was lost', async () => {
    await awkwardOf(exchange).add({ kind: 'reset_after', match: { method: 'POST' }, count: 1 });
    const { orders } = alpaca.trading;
    await expect(orders.limit({ ...limit, clientOrderId: 'unsure' })).rejects.toThrow();
    expect(await orders.getOrderByClientOrderId({ clientOrderId: 'unsure' })).toMatchObject({ limitPrice: '140' });
    await expect(orders.limit({ ...limit, clientOrderId: 'unsure' })).rejects.toMatchObject({ status: 422 });
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
  await orders.limit(limit);
  const closed = await alpaca.trading.closeAllPositions({ cancelOrders: true });
  expect(closed.map(({ symbol, status }) => [symbol, status])).toEqual([
    ['AAPL', 200],
    ['MSFT', 200],
  ]);
  await expect(positions.getOpenPosition({ symbolOrAssetId: 'AAPL' })).rejects.toMatchObject({ status: 404 });
  expect(await orders.getAllOrders()).toEqual([]);
  expect(await positions.deleteAllOpenPositions({ cancelOrders: false })).toEqual([]);
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
  const { clocks } = await clock.clock({ markets: 'NYSE,NASDAQ' });
  expect(clocks.map(({ market }) => market.acronym)).toEqual(['NYSE', 'NASDAQ']);
  expect(clocks[0]!.nextMarketOpen).toBeInstanceOf(Date);
  const year = { start: new Date('2026-11-23'), end: new Date('2026-11-27') };
  const thanksgiving = await calendar.calendar({ market: 'NYSE', ...year, timezone: 'UTC' });
  expect(thanksgiving.calendar.map(({ coreEnd }) => coreEnd.toISOString().slice(5, 13))).toEqual([
    '11-23T21',
    '11-24T21',
    '11-25T21',
    '11-27T18',
  ]);
});

it('finds no options and no corporate actions', async () => {
  const { assets, corporateActions, positions } = alpaca.trading;
  expect((await assets.getOptionsContracts({ underlyingSymbols: 'AAPL' })).optionContracts).toEqual([]);
  expect(await alpaca.trading.collectOptionsContracts()).toEqual([]);
  for await (const contract of alpaca.trading.iterateOptionsContracts()) expect(contract).toBeUndefined();
  const span = { caTypes: 'dividend', since: '2026-01-01', until: '2026-01-31' };
  expect(await corporateActions.getV2CorporateActionsAnnouncements(span)).toEqual([]);
  const contract = { symbolOrContractId: 'AAPL261218C00150000' };
  for (const asked of [
    () => assets.getOptionContractSymbolOrId({ symbolOrId: 'AAPL261218C00150000' }),
    () => corporateActions.getV2CorporateActionsAnnouncementsId({ id: 'be3c368a-4c7c-4384-808e-f02c9f5a8afe' }),
    () => positions.optionExercise(contract),
    () => positions.optionDoNotExercise(contract),
  ]) {
    await expect(asked()).rejects.toMatchObject({ status: 404, code: 40410000 });
  }
});

it('pages through activities', async () => {
  for (let i = 0; i < 5; i++) {
    await alpaca.trading.orders.market({ symbol: 'AAPL', qty: 1, side: 'buy', timeInForce: 'day' });
  }
  expect(await alpaca.trading.collectActivities({ pageSize: 2 })).toHaveLength(5);
  expect(await alpaca.trading.collectActivitiesByType({ activityType: 'FILL', pageSize: 2 })).toHaveLength(5);
  const ids: unknown[] = [];
  for await (const { id } of alpaca.trading.iterateActivities({ pageSize: 2 })) ids.push(id);
  for await (const { id } of alpaca.trading.iterateActivitiesByType({ activityType: 'FILL', pageSize: 3 }))
    ids.push(id);
  expect([ids.length, new Set(ids).size]).toEqual([10, 5]);
  const fills = await alpaca.trading.accountActivities.getAccountActivitiesByActivityType({ activityType: 'FILL' });
  expect(fills.map(({ id }) => id)).toEqual(ids.slice(5));
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

describe('every method', () => {
  /** Parts of Alpaca that are no part of this venue: docs/exchange.md says so under "What it is not". */
  const elsewhere = /^(cryptoFunding|locates|tokenization|events)\./;

  it('that this venue does not have is answered with 404', async () => {
    const { trading } = alpacaAt(exchange);
    const names = methodsOf(trading).filter((name) => elsewhere.test(name));
    expect(names).toHaveLength(17);
    const words = {
      ...Object.fromEntries(
        'locateId symbols transferId whitelistedAddressId tokenizationRequestId clientRequestId'
          .split(' ')
          .map((name) => [name, 'x']),
      ),
      createLocateRequest: {},
      createCryptoTransferRequest: {},
      createWhitelistedAddressRequest: {},
      tokenizationMintRequest: {},
    };
    for (const name of names) {
      const [part, method] = name.split('.') as [keyof typeof trading, string];
      const api = trading[part] as unknown as Record<string, (words: object) => Promise<unknown>>;
      await expect(api[method]!(words), name).rejects.toMatchObject({ status: 404, code: 40410000 });
    }
  });

  it('that it does have was called above', () => {
    const names = methodsOf(alpacaAt(exchange).trading).filter((name) => !elsewhere.test(name));
    expect(names.filter((name) => !called.has(name))).toEqual([]);
    expect(names).toHaveLength(59);
  });
});
