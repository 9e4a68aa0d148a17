// The adapter against the embedded exchange, over HTTP and WebSocket.
import { expect, it } from 'vitest';
import { price } from '../../../core/decimal.ts';
import { brokerConformance } from '../../../testing/conformance/broker.ts';
import { startTestExchange } from '../../../testing/exchange.ts';
import { createRecordedLog } from '../../../testing/recorded-log.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { createAlpacaBroker } from './broker.ts';

const timeoutMs = 1500;

const leftOut = brokerConformance('Alpaca over the embedded exchange', async () => {
  const exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await exchange.setQuote('BTC/USD', 59_990, 60_000);
  const { awkward, keyId, secretKey, url, streamUrl } = exchange;
  const again = () =>
    createAlpacaBroker({
      tradingUrl: url,
      streamUrl,
      keyId,
      secretKey,
      timeoutMs,
      log: createRecordedLog(),
      clock: systemClock,
    });
  return {
    broker: again(),
    again,
    symbol: 'AAPL',
    market: price('150'),
    pair: { symbol: 'BTC/USD', market: price('60000') },
    faults: {
      async loseNext(what, how) {
        const match = { method: what === 'order' ? 'POST' : 'PATCH' };
        const fault = how === 'timeout' ? { kind: 'latency', delayMs: timeoutMs * 2 } : { kind: `reset_${how}` };
        await awkward.add({ ...fault, match, count: 1 });
      },
      async limitNext(retryAfter) {
        await awkward.add({ kind: 'rate_limit', retryAfter, match: { method: 'POST' }, count: 1 });
      },
      async fillPart(order, shares) {
        const at = Number(order.limitPrice!.toFixed());
        await exchange.setQuote('AAPL', at - 0.02, at - 0.01, Number(shares));
        await exchange.setQuote('AAPL', 149.99, 150.01);
      },
      async dropStream(meanwhile) {
        await awkward.add({ kind: 'stream_drop', count: 1 });
        await meanwhile();
      },
      async bust(executionId) {
        await exchange.venue.command((desk) => desk.correctTrade(executionId, null));
      },
    },
    close: () => exchange.stop(),
  };
});

it('leaves no case out', () => {
  expect(leftOut).toEqual([]);
});
