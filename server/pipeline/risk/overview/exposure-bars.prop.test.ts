// Invariants, for any portfolio:
// - the bars of symbols, and those of sectors, add up to the gross and to the net exposure, to the last decimal;
// - no bar is below zero, and long and short of each make its gross;
// - with a stricter limit a bar is never nearer to being fine.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Big, decimal, money, text } from '../../../core/decimal.ts';
import { everything } from '../../../core/model/risk-limit.ts';
import { limitStates } from '../../../core/model/risk-overview.ts';
import { createLimitBook } from '../limit-book.ts';
import { loadRules } from '../load-rules.ts';
import { exposureBars } from './exposure-bars.ts';
import { type Stake, sidesOf } from './stakes.ts';

const rules = await loadRules();
const amounts = fc
  .tuple(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 0, max: 6 }))
  .map(([units, places]) => money(decimal(`${units}e-${places}`)));
const stakes: fc.Arbitrary<Stake[]> = fc.array(
  fc.record({
    symbol: fc.constantFrom('AAPL', 'MSFT', 'XOM', 'KO', 'BTC/USD'),
    value: amounts,
    entering: fc.boolean(),
    atCost: fc.boolean(),
  }),
  { maxLength: 20 },
);
const sectorOf = (symbol: string): string =>
  symbol === 'AAPL' || symbol === 'MSFT' ? 'Information Technology' : symbol;
const barsOf = (held: readonly Stake[], share: string) =>
  exposureBars({
    ...{ stakes: held, byStrategy: null, equity: money('100000'), sectorOf },
    limits: {
      accountId: 'account',
      book: createLimitBook(rules, [
        {
          ...{ rule: 'max-position', scope: everything, on: true, severity: 'deny' as const, version: 1 },
          ...{ parameters: { maxShareOfEquity: share }, author: 'ada', reason: 'a test', at: new Date(0) },
        },
      ]),
    },
  });
const sum = (values: readonly string[]): string =>
  text(values.reduce<Big>((total, value) => total.plus(value), money('0')));

it('bars add up to the whole', () => {
  fc.assert(
    fc.property(stakes, (held) => {
      const { gross, net } = sidesOf(held);
      const { symbols, sectors } = barsOf(held, '0.2');
      for (const bars of [symbols, sectors]) {
        expect(sum(bars.map((bar) => bar.gross))).toBe(text(gross));
        expect(sum(bars.map((bar) => bar.net))).toBe(text(net));
        for (const { long, short, gross: both, entering } of bars) {
          expect(sum([long, short])).toBe(both);
          expect([long, short, entering].some((value) => value.startsWith('-'))).toBe(false);
          expect(decimal(entering).lte(both)).toBe(true);
        }
      }
    }),
  );
});

it('a stricter limit never makes a bar look better', () => {
  const share = fc.integer({ min: 0, max: 200 }).map((percent) => text(decimal(String(percent)).div('100')));
  fc.assert(
    fc.property(stakes, share, share, (held, a, b) => {
      const [strict, loose] = decimal(a).lte(b) ? [a, b] : [b, a];
      const states = (limit: string) => barsOf(held, limit).symbols.map((bar) => limitStates.indexOf(bar.limit!.state));
      const under = states(loose);
      for (const [i, state] of states(strict).entries()) expect(state).toBeGreaterThanOrEqual(under[i]!);
    }),
  );
});
