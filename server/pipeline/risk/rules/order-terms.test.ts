// Invariants: what Alpaca's tables take together passes, and nothing else does; an alert that leaves its terms open is not held to it.
import { describe, expect, it } from 'vitest';
import { price, quantity } from '../../../core/decimal.ts';
import { orderTypes, timesInForce } from '../../../core/model/order.ts';
import { atMarket, type OrderTerms } from '../../../core/model/order-terms.ts';
import { noMarketFacts, riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule as geometry } from './bracket-geometry.ts';
import { rule as session } from './market-session.ts';
import { rule } from './order-terms.ts';
import { rule as sides } from './stop-side.ts';

const terms = (change: Partial<OrderTerms>): OrderTerms => ({ ...atMarket, named: true, ...change });
/** At noon in New York. */
const says = (change: Partial<OrderTerms>, ticker = 'AAPL', shares = '10', now = new Date('2026-11-20T17:00:00Z')) =>
  verdictOf(
    rule,
    riskContext({
      ...{ now, signal: tradeSignal({ ticker }) },
      sized: sizedEntry({ terms: terms(change), quantity: quantity(shares) }),
    }),
  );
const taken = (ticker: string, change: Partial<OrderTerms> = {}) =>
  orderTypes.map((type) =>
    timesInForce.filter((time) => says({ type, timeInForce: time, ...change }, ticker).verdict === 'pass'),
  );

describe('types and times in force', () => {
  // At noon no auction but the closing one is open to orders.
  it('of shares are those of the table', () => {
    const all = ['day', 'gtc', 'ioc', 'fok', 'cls'];
    const lasting = ['day', 'gtc'];
    expect(taken('AAPL')).toEqual([all, all, lasting, lasting, lasting]);
    expect(taken('AAPL', { extendedHours: true })).toEqual([[], lasting, [], [], []]);
  });

  it('of coins are those of the table', () => {
    expect(taken('BTC/USD')).toEqual([['day', 'gtc', 'ioc'], ['gtc', 'ioc'], [], ['gtc', 'ioc'], []]);
    expect(says({ extendedHours: true }, 'BTC/USD').code).toBe('RISK_TERMS_NOT_TAKEN');
  });

  it.each([
    ['opg', '14:27', 'pass'],
    ['opg', '14:28', 'deny'],
    ['opg', '23:59', 'deny'],
    ['opg', '00:00', 'pass'],
    ['cls', '20:49', 'pass'],
    ['cls', '20:50', 'deny'],
  ] as const)('for the auction %s at %s UTC: %s', (timeInForce, at, verdict) => {
    // 00:00 UTC is 19:00 in New York.
    expect(says({ timeInForce }, 'AAPL', '10', new Date(`2026-11-20T${at}:00Z`)).verdict).toBe(verdict);
  });

  it('of parts of a share are for the day, and none of them trails', () => {
    expect(says({ timeInForce: 'ioc' }, 'AAPL', '10.5').sentence).toContain('parts of a share');
    expect(says({ type: 'trailing_stop' }, 'AAPL', '10.5').verdict).toBe('deny');
    expect(says({ timeInForce: 'day' }, 'AAPL', '10.5').verdict).toBe('pass');
  });

  it('that are left open are not asked about', () => {
    expect(says({ named: false, type: 'limit' }).verdict).toBe('not_applicable');
  });
});

describe('an entry that waits for the market', () => {
  const waits = (type: 'limit' | 'stop', at: string, stop: string, target: string) => ({
    ...{ terms: terms({ type }), restsAt: price(at), referencePrice: price(at) },
    ...{ stopLoss: price(stop), takeProfit: price(target) },
  });
  // The market is at 149.99 to 150.01.
  it.each([
    ['a breakout above the market', waits('stop', '155', '152', '160'), 'pass'],
    ['with its stop above where it is filled', waits('stop', '155', '155', '160'), 'deny'],
    ['a limit below, with a target that the market has already', waits('limit', '145', '143', '148'), 'pass'],
    ['with its target below where it is filled', waits('limit', '145', '143', '144'), 'deny'],
  ] as const)('%s: %s', (_, change, verdict) => {
    const context = riskContext({ sized: sizedEntry(change) });
    expect([verdictOf(sides, context).verdict, verdictOf(geometry, context).verdict]).toEqual([verdict, verdict]);
  });

  it('a limit that the market is better than is filled there: a stop between them would be hit at once', () => {
    const context = riskContext({ sized: sizedEntry(waits('limit', '153', '151', '160')) });
    expect(verdictOf(geometry, context).verdict).toBe('deny');
  });
});

it('the session of an entry that asks for extended hours has them', () => {
  const [opensAt, closesAt] = [new Date('2026-11-20T14:30:00Z'), new Date('2026-11-20T21:00:00Z')];
  const at = (extendedHours: boolean) =>
    verdictOf(
      session,
      riskContext({
        now: new Date('2026-11-20T12:00:00Z'),
        sized: sizedEntry({ terms: terms({ type: 'limit', extendedHours }) }),
        market: { ...noMarketFacts, session: () => ({ opensAt, closesAt }) },
      }),
    ).verdict;
  expect([at(false), at(true)]).toEqual(['deny', 'pass']);
});
