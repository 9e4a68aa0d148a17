// The adapter against the embedded exchange, over HTTP and WebSocket.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { text } from '../../../core/decimal.ts';
import type { Quote } from '../../../core/model/market.ts';
import type { MarketData } from '../../../core/ports/market-data.ts';
import { freePlan } from '../../../exchange/api/data-plan.ts';
import { startTestExchange } from '../../../testing/exchange.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { createRecordedLog } from '../../../testing/recorded-log.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { createAlpacaMarketData } from './market-data.ts';

let exchange: Awaited<ReturnType<typeof startTestExchange>>;
let market: MarketData;
const options = () => ({
  dataUrl: exchange.dataUrl,
  dataStreamUrl: exchange.dataStreamUrl,
  tradingUrl: exchange.url,
  keyId: exchange.keyId,
  secretKey: exchange.secretKey,
  timeoutMs: 5000,
  log: createRecordedLog(),
  clock: systemClock,
});
beforeEach(async () => {
  exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
  market = createAlpacaMarketData(options());
});
afterEach(async () => {
  await market.close();
  await exchange.stop();
});
const plain = (quote: Quote | null) => quote && [quote.symbol, text(quote.bid), text(quote.ask)];

it('asks for a quote, then hears of the next one', async () => {
  expect(plain(await market.quote('AAPL'))).toEqual(['AAPL', '149.99', '150.01']);
  const heard: (string | undefined)[][] = [];
  market.onQuote((quote) => heard.push(plain(quote)!));
  // The subscription is on its way: quotes are made until one is heard.
  await expect
    .poll(async () => {
      await exchange.setQuote('AAPL', 151.1, 151.12);
      return heard[0];
    })
    .toEqual(['AAPL', '151.1', '151.12']);
  expect(plain(market.lastQuote('AAPL'))).toEqual(['AAPL', '151.1', '151.12']);
});

it('asks for what is followed, all at once, where it has no stream', async () => {
  const clock = new ManualClock();
  const asking = createAlpacaMarketData({ ...options(), clock, streams: false });
  const heard = Promise.withResolvers<(string | undefined)[] | null>();
  asking.onQuote((quote) => heard.resolve(plain(quote)));
  asking.follow(['AAPL', 'MSFT']);
  await exchange.setQuote('AAPL', 152.3, 152.32);
  await clock.advance(5000);
  expect(await heard.promise).toEqual(['AAPL', '152.3', '152.32']);
  expect(plain(asking.lastQuote('AAPL'))).toEqual(['AAPL', '152.3', '152.32']);
  await asking.close();
});

it('says what is shown at the bid and at the ask', async () => {
  const asked = await market.quote('AAPL');
  expect(asked!.bidSize!.gt('0') && asked!.askSize!.gt('0')).toBe(true);
  const coin = await market.quote('BTC/USD');
  expect(coin!.bidSize!.gt('0') && coin!.askSize!.gt('0')).toBe(true);
  const heard = Promise.withResolvers<Quote>();
  market.onQuote((quote) => quote.bid.eq('151.1') && heard.resolve(quote));
  await expect
    .poll(async () => {
      await exchange.setQuote('AAPL', 151.1, 151.12);
      return market.lastQuote('AAPL')?.bid.toFixed();
    })
    .toBe('151.1');
  expect((await heard.promise).bidSize!.gt('0')).toBe(true);
});

it('knows instruments, and which there are none', async () => {
  expect(await market.asset('AAPL')).toMatchObject({ symbol: 'AAPL', tradable: true, shortable: true });
  expect(await market.asset('AAPL')).toMatchObject({ marginable: true, easyToBorrow: true });
  expect(await market.asset('GM')).toMatchObject({ easyToBorrow: false });
  const coin = await market.asset('BTC/USD');
  expect(coin).toMatchObject({ marginable: false });
  expect(coin!.minOrderSize!.gt('0') && coin!.minTradeIncrement!.lte(coin!.minOrderSize!)).toBe(true);
  expect(await market.asset('NOSUCHX')).toBeNull();
  expect(await market.quote('NOSUCHX')).toBeNull();
});

it('hears on after its stream was dropped', async () => {
  const heard: (string | undefined)[][] = [];
  market.onQuote((quote) => heard.push(plain(quote)!));
  market.follow(['AAPL']);
  await expect
    .poll(async () => {
      await exchange.setQuote('AAPL', 151.1, 151.12);
      return heard.length;
    })
    .toBeGreaterThan(0);
  await exchange.awkward.add({ kind: 'stream_drop', match: { stream: 'market_data' }, count: 1 });
  await exchange.setQuote('AAPL', 152.1, 152.12);
  // What it missed is there as soon as the stream is.
  await expect.poll(() => heard.at(-1)).toEqual(['AAPL', '152.1', '152.12']);
  expect(heard.filter(([, bid]) => bid === '152.1')).toHaveLength(1);
});

it('asks as the free plan lets it', async () => {
  await market.close();
  await exchange.stop();
  exchange = await startTestExchange({ dataPlan: freePlan });
  market = createAlpacaMarketData(options());
  await exchange.setQuote('AAPL', 149.99, 150.01);
  expect(plain(await market.quote('AAPL'))).toEqual(['AAPL', '149.99', '150.01']);
});
