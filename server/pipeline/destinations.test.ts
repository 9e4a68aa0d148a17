// Invariants: a production account is reached only while alert, strategy and master switch all say production; a route is never
// replaced by an account that nobody named, but on paper; weights are those of the routes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, quantity, text } from '../core/decimal.ts';
import type { Mode } from '../core/model/mode.ts';
import type { TradingAccount } from '../core/ports/decision-store.ts';
import { tradeSignal } from '../testing/risk-context.ts';
import { destinationsOf, type Routing, voterOf, weighted } from './destinations.ts';
import { withExits } from './exit-destinations.ts';

const account = (name: string, mode: Mode, enabled = true): TradingAccount => ({
  accountId: `id of ${name}`,
  name,
  mode,
  enabled,
});
const accounts = [
  account('a-off', 'paper', false),
  account('b-paper', 'paper'),
  account('c-live', 'production'),
  account('d-paper', 'paper'),
];
const on = (...names: string[]) =>
  names.map((name, at) => ({ account: `id of ${name}`, weight: at === 0 ? '1' : '0.5' }));
const route = (change: Partial<Routing> = {}, among = accounts) => {
  const said: Routing = {
    signal: 'paper',
    strategy: 'paper',
    master: 'paper',
    routes: [],
    named: null,
    shadow: false,
    ...change,
  };
  return destinationsOf(said, among).map(
    (to) => `${to.accountId?.slice(6) ?? 'none'} x ${to.weight}${to.shadow ? ' in shadow' : ''}`,
  );
};
const production = { signal: 'production', strategy: 'production', master: 'production' } as const;

describe('an alert of a strategy without routes', () => {
  it('goes to the first enabled account of its mode', () => {
    expect(route()).toEqual(['b-paper x 1']);
    expect(route(production)).toEqual(['c-live x 1']);
    expect(route({ ...production, master: 'paper' })).toEqual(['b-paper x 1']);
  });

  it('goes to paper where no account trades production, and nowhere where there is none', () => {
    expect(route(production, [account('b-paper', 'paper')])).toEqual(['b-paper x 1']);
    expect(route({}, [account('a-off', 'paper', false)])).toEqual(['none x 1']);
  });
});

describe('a shadow', () => {
  it('goes beside what reaches production, on paper, with its weight, and is told last', () => {
    expect(route({ ...production, shadow: true })).toEqual(['c-live x 1', 'b-paper x 1 in shadow']);
    const routes = [
      { account: 'id of b-paper', weight: '2' },
      { account: 'id of c-live', weight: '0.5' },
    ];
    expect(route({ ...production, shadow: true, routes })).toEqual([
      'b-paper x 2',
      'c-live x 0.5',
      'd-paper x 0.5 in shadow',
    ]);
  });

  it('is not where nothing reaches production, where no paper account is free, or where the alert names an account', () => {
    expect(route({ shadow: true })).toEqual(['b-paper x 1']);
    expect(route({ ...production, master: 'paper', shadow: true })).toEqual(['b-paper x 1']);
    expect(route({ ...production, shadow: true }, [account('c-live', 'production')])).toEqual(['c-live x 1']);
    expect(route({ ...production, shadow: true, named: 'c-live' })).toEqual(['c-live x 1']);
  });
});

describe('an alert of a strategy with routes', () => {
  it('goes to each of them, with its weight, in their order', () => {
    expect(route({ routes: on('d-paper', 'b-paper') })).toEqual(['d-paper x 1', 'b-paper x 0.5']);
    expect(route({ ...production, routes: on('c-live', 'd-paper') })).toEqual(['c-live x 1', 'd-paper x 0.5']);
  });

  it('leaves the production accounts out while anybody says paper', () => {
    expect(route({ ...production, signal: 'paper', routes: on('c-live', 'd-paper') })).toEqual(['d-paper x 0.5']);
    expect(route({ ...production, strategy: 'paper', routes: on('c-live') })).toEqual(['b-paper x 1']);
  });

  it('stays with an account that is switched off, and goes nowhere else when its accounts are gone', () => {
    expect(route({ routes: on('a-off') })).toEqual(['a-off x 1']);
    expect(route({ ...production, routes: on('gone') })).toEqual(['none x 1']);
  });

  it('reaches a production account only when all say so', () => {
    const mode = fc.constantFrom<Mode>('paper', 'production');
    const names = fc.uniqueArray(fc.constantFrom('a-off', 'b-paper', 'c-live', 'd-paper', 'gone'));
    fc.assert(
      fc.property(mode, mode, mode, names, (signal, strategy, master, routed) => {
        const reached = route({ signal, strategy, master, routes: on(...routed) });
        const all = [signal, strategy, master].every((says) => says === 'production');
        const wanted = routed.includes('c-live') || routed.length === 0;
        expect(reached.some((one) => one.startsWith('c-live'))).toBe(all && wanted);
        expect(reached.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('an alert that names its account', () => {
  it('goes there and nowhere else', () => {
    expect(route({ named: 'd-paper', routes: on('b-paper') })).toEqual(['d-paper x 1']);
    expect(route({ named: 'nobody' })).toEqual(['none x 1']);
  });
});

describe('the vote of the account', () => {
  const vote = (routes: Routing['routes'], named: string | null, at: TradingAccount | null) =>
    voterOf({ routes, named, accounts, account: at })?.name ?? null;

  it('is its own where it is routed to or named, and that of production where there are no routes', () => {
    expect(vote(on('b-paper'), null, accounts[1]!)).toBe('b-paper');
    expect(vote([], 'd-paper', accounts[3]!)).toBe('d-paper');
    expect(vote([], null, accounts[1]!)).toBe('c-live');
  });
});

describe('a weight', () => {
  it('multiplies the risk amount and a quantity, exactly', () => {
    const half = weighted(tradeSignal({ riskAmount: money('100.01'), quantity: quantity('7') }), '0.5');
    expect([text(half.riskAmount!), text(half.quantity!)]).toEqual(['50.005', '3.5']);
    expect(text(weighted(tradeSignal({ targetPosition: quantity('-7') }), '2').targetPosition!)).toBe('-14');
    const signal = tradeSignal();
    expect(weighted(signal, '1')).toBe(signal);
  });

  it('a position to come to ends what is held beyond it, in accounts that are not routed to any more', () => {
    const accounts = [{ accountId: 'old', name: 'old', mode: 'paper' as const, enabled: true }];
    const ends = (target: string, held: string, weight = '1') => {
      const holdings = [{ accountId: 'old', held, entering: '0', entries: 0, weight, shadow: false }];
      return withExits(tradeSignal({ targetPosition: quantity(target) }), [], holdings, accounts).length > 0;
    };
    expect([ends('0', '50'), ends('49', '50'), ends('50', '50'), ends('51', '50')]).toEqual([true, true, false, false]);
    expect([ends('0', '-50'), ends('-50', '-50'), ends('10', '-50'), ends('10', '0')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([ends('50', '50', '0.5'), ends('50', '50', '2')]).toEqual([true, false]);
  });
});
