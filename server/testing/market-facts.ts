import { price, quantity } from '../core/decimal.ts';
import type { Bar } from '../core/indicators/bar.ts';
import type { Blackout, MarketFacts, Session } from '../core/model/market-facts.ts';
import { noMarketFacts, noon } from './risk-context.ts';

/** Friday, 20 November 2026, from 09:30 to 16:00 in New York: the session of `noon`. */
export const friday: Session = {
  opensAt: new Date('2026-11-20T14:30:00.000Z'),
  closesAt: new Date('2026-11-20T21:00:00.000Z'),
};

/** Daily bars up to the day before `noon`, all alike: from 148 to 152, so that they move by 4, unless said otherwise. */
export const dailyBars = (days: number, change: Partial<Record<'low' | 'high' | 'volume', string>> = {}): Bar[] =>
  Array.from({ length: days }, (_, i) => ({
    at: new Date(noon.getTime() - (days - i) * 86_400_000),
    open: price('150'),
    high: price(change.high ?? '152'),
    low: price(change.low ?? '148'),
    close: price('150'),
    volume: quantity(change.volume ?? '5000'),
  }));

/** A market of which this is known, and nothing else. */
export const knownMarket = (known: {
  readonly bars?: readonly Bar[];
  readonly session?: Session | 'closed';
  readonly blackouts?: readonly Blackout[];
}): MarketFacts => ({
  ...noMarketFacts,
  ...(known.bars && { dailyBars: () => known.bars! }),
  ...(known.session && { session: () => known.session! }),
  ...(known.blackouts && { blackouts: () => known.blackouts! }),
});
