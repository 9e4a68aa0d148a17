// The adapter against a real paper account, when its keys are in the environment: orders of one share far from the market, which are cancelled
// afterwards. Nothing is bought or sold.
import { marketData, trading } from '@alpacahq/alpaca-trade-api';
import { describe, expect, it } from 'vitest';
import { price } from '../../../core/decimal.ts';
import { brokerConformance } from '../../../testing/conformance/broker.ts';
import { createRecordedLog } from '../../../testing/recorded-log.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { createAlpacaBroker } from './broker.ts';
import { alpacaVenues } from './venues.ts';

const symbol = 'F';
const keyId = process.env.ALPACA_PAPER_KEY_ID;
const secretKey = process.env.ALPACA_PAPER_SECRET_KEY;
const venue = alpacaVenues['alpaca-paper'];

/** What it last traded at; or why nothing can be tried now. */
async function lastPrice(keys: { keyId: string; secret: string }): Promise<string | Error> {
  const clock = new trading.ClockApi(new trading.Configuration({ ...keys, basePath: venue.tradingUrl }));
  if (!(await clock.legacyClock()).isOpen)
    return new Error('the market is closed: orders that wait for it cannot be replaced');
  const stocks = new marketData.StockApi(new marketData.Configuration({ ...keys, basePath: venue.dataUrl }));
  const { trade } = await stocks.stockLatestTradeSingle({ symbol, feed: 'iex' });
  return String(trade.p);
}

const keys = keyId && secretKey ? { keyId, secret: secretKey } : null;
const market = keys ? await lastPrice(keys) : new Error('ALPACA_PAPER_KEY_ID and ALPACA_PAPER_SECRET_KEY are not set');

if (market instanceof Error) {
  describe('Alpaca paper as a broker', () => {
    it('keeps to what every broker does', (ctx) => ctx.skip(market.message));
  });
} else {
  const leftOut = brokerConformance('Alpaca paper', async () => {
    const again = () =>
      createAlpacaBroker({
        venue: 'alpaca-paper',
        keyId: keyId!,
        secretKey: secretKey!,
        timeoutMs: 10_000,
        log: createRecordedLog(),
        clock: systemClock,
      });
    const broker = again();
    const started = systemClock.now();
    return {
      broker,
      again,
      symbol,
      market: price(market),
      shares: '1',
      async close() {
        const open = await broker.listOrders({ status: 'open', since: started });
        const ours = open.filter((order) => order.clientOrderId.startsWith('sbx-'));
        await Promise.all(ours.map((order) => broker.cancel(order.brokerOrderId)));
      },
    };
  }, ['fills', 'pair', 'loseNext', 'limitNext', 'fillPart', 'dropStream', 'bust']);
  it('leaves out what needs a fill, and what a venue of others cannot be made to do', () => {
    expect(leftOut).toEqual([
      ...['B10', 'B11', 'B13', 'B14', 'B15', 'B20', 'B21', 'B22', 'B23', 'B24', 'B26', 'B27', 'B28'],
    ]);
  });
}
