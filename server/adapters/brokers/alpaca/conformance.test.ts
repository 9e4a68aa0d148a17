// The adapter against the embedded exchange, over HTTP and WebSocket.
import { price } from '../../../core/decimal.ts';
import { brokerConformance } from '../../../testing/conformance/broker.ts';
import { startTestExchange } from '../../../testing/exchange.ts';
import { createRecordedLog } from '../../../testing/recorded-log.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { createAlpacaBroker } from './broker.ts';

brokerConformance('Alpaca over the embedded exchange', async () => {
  const exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
  const { keyId, secretKey, url, streamUrl } = exchange;
  return {
    broker: createAlpacaBroker({
      tradingUrl: url,
      streamUrl,
      keyId,
      secretKey,
      timeoutMs: 5000,
      log: createRecordedLog(),
      clock: systemClock,
    }),
    symbol: 'AAPL',
    market: price('150'),
    close: () => exchange.stop(),
  };
});
