import { describe, expect, it } from 'vitest';
import { quantity } from '../../core/decimal.ts';
import type { OpenOrderView } from '../../core/model/account-view.ts';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import { type Compared, findGap } from './find-gap.ts';

const nothingKnown = { quarantine: null, waiting: false, overtaken: false, apart: null };
const converging = { ...defaultStrategySettings.gap, act: 'converge' as const };
const found = (
  said: string,
  held: string,
  change: Partial<Omit<Compared, 'signal' | 'held'>> = {},
  saidSize: string | null = null,
) =>
  findGap({
    signal: {
      ticker: 'AAPL',
      previousPosition: said as 'long',
      previousSize: saidSize === null ? null : quantity(saidSize),
    },
    ...{ settings: converging, weight: '1', held: quantity(held), open: [], sequence: nothingKnown },
    ...{ repeated: false, shadow: false, ...change },
  });
const order = (role: OpenOrderView['role'], side: 'buy' | 'sell', remaining: string) => ({
  ...{ role, side, remaining: quantity(remaining) },
});

describe('what a script held and what its strategy holds', () => {
  it.each([
    ['flat', '0', null],
    ['long', '57', null],
    ['short', '-57', null],
    ['flat', '57', 'missed_exit'],
    ['flat', '-57', 'missed_exit'],
    ['long', '0', 'missed_entry'],
    ['short', '0', 'missed_entry'],
    ['long', '-57', 'missed_reversal'],
    ['short', '57', 'missed_reversal'],
  ])('%s beside %s', (said, held, kind) => {
    expect(found(said, held)).toMatchObject({ found: kind === null ? 'match' : 'gap', kind });
  });

  it('is told in words', () => {
    expect(found('flat', '57')!.sentence).toBe(
      'Its script held no AAPL before, and the strategy holds 57 AAPL long: an exit may be missing.',
    );
    expect(found('long', '57')!.sentence).toBe(
      'Its script held AAPL long before; the strategy holds 57 AAPL long. They agree.',
    );
  });

  it('is not asked of an alert that does not say', () => {
    expect(found(null as never, '57')).toBeNull();
  });
});

describe('orders that still work', () => {
  it.each([
    ['an entry that is not filled', 'long', '0', [order('entry', 'buy', '57')]],
    ['the same, as the script may not count it yet', 'flat', '0', [order('entry', 'buy', '57')]],
    ['an exit that is on its way', 'flat', '57', [order('exit', 'sell', '57')]],
    ['an exit of what is half filled', 'flat', '20', [order('entry', 'buy', '37'), order('exit', 'sell', '57')]],
    ['a reversal that is under way', 'short', '57', [order('exit', 'sell', '57'), order('entry', 'sell', '50')]],
  ])('are no gap: %s', (_what, said, held, open) => {
    expect(found(said, held, { open })!.found).toBe('match');
  });

  it('are one where they lead elsewhere', () => {
    expect(found('flat', '57', { open: [order('stop_loss', 'sell', '57')] })!.kind).toBe('missed_exit');
    expect(found('short', '0', { open: [order('entry', 'buy', '57')] })!.kind).toBe('missed_reversal');
    expect(found('flat', '57', { open: [order('exit', 'sell', '20')] })!.kind).toBe('missed_exit');
  });
});

describe('what is not compared', () => {
  it.each([
    ['an alert that is told again', { repeated: true }],
    ['one that a later one has overtaken', { sequence: { ...nothingKnown, overtaken: true } }],
    ['one before which another still waits', { sequence: { ...nothingKnown, waiting: true } }],
  ])('%s', (_what, change) => {
    expect(found('flat', '57', change)).toMatchObject({ found: 'not_compared', act: 'nothing', kind: null });
  });
});

describe('sizes', () => {
  const bySize = { settings: { ...converging, compare: 'size' as const, sizeDifference: '0.1' } };
  it('do not count unless the strategy says so', () => {
    expect(found('long', '57', {}, '500')!.found).toBe('match');
  });
  it.each([
    ['100', 'match'],
    ['90', 'match'],
    ['89', 'gap'],
    ['111', 'match'],
    ['112', 'gap'],
  ])('may differ by a part of the larger: 100 beside %s', (held, result) => {
    expect(found('long', held, bySize, '100')!.found).toBe(result);
  });
  it('are in shares of the account, by its weight', () => {
    expect(found('long', '50', { ...bySize, weight: '0.5' }, '100')!.found).toBe('match');
  });
  it('that are not said are not compared', () => {
    expect(found('long', '57', bySize)!.found).toBe('match');
  });
});

describe('what is done about a gap', () => {
  const acting = (act: 'ignore' | 'quarantine' | 'converge') => ({ settings: { ...converging, act } });
  it('is what the strategy is set to, and by itself nothing', () => {
    expect(defaultStrategySettings.gap.act).toBe('ignore');
    expect(found('flat', '57', acting('ignore'))!.act).toBe('note');
    expect(found('flat', '57', acting('quarantine'))!.act).toBe('quarantine');
    expect(found('flat', '57', acting('converge'))!.act).toBe('converge');
  });
  it('is nothing where the reason is known', () => {
    const apart = { sequence: { ...nothingKnown, apart: 'its stop closed the position.' } };
    expect(found('long', '0', { ...acting('quarantine'), ...apart })).toMatchObject({
      act: 'explain',
      sentence:
        'Its script held AAPL long before, and the strategy holds no AAPL. No alert is missing: its stop closed the position.',
    });
    // What is held though the script left it is explained by nothing.
    expect(found('flat', '57', { ...acting('quarantine'), ...apart })!.act).toBe('quarantine');
  });
  it('quarantines nothing for a shadow', () => {
    expect(found('flat', '57', { ...acting('quarantine'), shadow: true })!.act).toBe('note');
  });
});
