import { describe, expect, it } from 'vitest';
import type { Blackout } from '../../../core/model/market-facts.ts';
import { knownMarket } from '../../../testing/market-facts.ts';
import { noMarketFacts, noon, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './blackout.ts';

const minutes = (count: number) => new Date(noon.getTime() + count * 60_000);
const earnings: Blackout = { from: minutes(0), until: minutes(60), what: 'earnings after the close', symbol: 'AAPL' };
const around = (change: Partial<Blackout>, parameters: Parameters<typeof verdictOf>[2] = {}) =>
  verdictOf(rule, riskContext({ market: knownMarket({ blackouts: [{ ...earnings, ...change }] }) }), parameters);

describe('blackout', () => {
  it('holds from the event’s first moment up to, not including, its end', () => {
    expect(around({ from: new Date(noon.getTime() + 1) }).verdict).toBe('pass');
    expect(around({})).toMatchObject({
      verdict: 'deny',
      code: 'RISK_BLACKOUT',
      sentence:
        'Not sent: AAPL has earnings after the close, from 2026-11-20T17:00:00.000Z to 2026-11-20T18:00:00.000Z.',
    });
    expect(around({ from: minutes(-60), until: new Date(noon.getTime() + 1) }).verdict).toBe('deny');
    expect(around({ from: minutes(-60), until: noon }).verdict).toBe('pass');
    expect(around({ symbol: null, what: 'a rate decision' }).sentence).toContain('the market has a rate decision');
  });

  it('begins earlier and ends later by the minutes it is given', () => {
    const margins = { minutesBefore: 30, minutesAfter: 15 };
    expect(around({ from: minutes(30) }, margins).verdict).toBe('deny');
    expect(around({ from: minutes(31) }, margins).verdict).toBe('pass');
    expect(around({ from: minutes(-60), until: minutes(-14) }, margins).verdict).toBe('deny');
    expect(around({ from: minutes(-60), until: minutes(-15) }, margins).verdict).toBe('pass');
  });

  it('asks the calendar of the symbol, and from as far back as an event may count', () => {
    const asked: [string, string][] = [];
    const market = {
      ...noMarketFacts,
      blackouts: (symbol: string, at: Date) => {
        asked.push([symbol, at.toISOString()]);
        return [];
      },
    };
    expect(verdictOf(rule, riskContext({ market }), { minutesAfter: 15 }).verdict).toBe('pass');
    expect(asked).toEqual([['AAPL', '2026-11-20T16:45:00.000Z']]);
  });

  it('denies without a calendar', () => {
    expect(verdictOf(rule, riskContext())).toMatchObject({
      code: 'RISK_BLACKOUT',
      sentence: 'Not sent: which events are near is not known: there is no calendar of them.',
    });
  });
});
