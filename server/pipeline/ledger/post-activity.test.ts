import { describe, expect, it } from 'vitest';
import { type Big, money, price, quantity, text } from '../../core/decimal.ts';
import type { BrokerActivity } from '../../core/model/broker-order.ts';
import type { LedgerLine } from '../../core/model/posting.ts';
import { foldPositions } from './folds.ts';
import { foldLots, lotKey } from './lots.ts';
import { type HeldInSymbol, postActivity, reversed } from './post-activity.ts';
import { flat } from './post-fill.ts';

const activity = (type: string, change: Partial<BrokerActivity> = {}): BrokerActivity => ({
  activityId: 'a',
  type,
  symbol: null,
  quantity: null,
  price: null,
  netAmount: money('0'),
  canceled: false,
  description: null,
  at: new Date(0),
  ...change,
});
const nothing: HeldInSymbol = { ...flat, lots: [] };
const sum = (lines: readonly LedgerLine[]) =>
  text(lines.reduce<Big>((total, one) => total.plus(one.amount), money('0')));
const shown = (lines: readonly LedgerLine[]) =>
  lines.map((one) => [
    one.book,
    one.symbol,
    one.strategy ?? null,
    text(one.amount),
    one.quantity && text(one.quantity),
  ]);

describe('an activity', () => {
  it('of each kind that moves money balances, and stands against what it is', () => {
    const against = {
      FEE: 'fees',
      PTC: 'fees',
      DIV: 'income',
      INT: 'income',
      CSD: 'capital',
      JNLC: 'capital',
      CSW: 'capital',
    };
    for (const [type, book] of Object.entries(against)) {
      const posting = postActivity(activity(type, { netAmount: money('-3.21') }), nothing)!;
      expect(posting.lines.map((one) => [one.book, text(one.amount)])).toEqual([
        ['cash', '-3.21'],
        [book, '3.21'],
      ]);
    }
  });

  it('whose meaning is not sure is not booked', () => {
    for (const type of ['REORG', 'MA', 'NC', 'OPEXP', 'SPIN', 'NEWKIND']) {
      expect(postActivity(activity(type, { netAmount: money('5'), quantity: quantity('1') }), nothing)).toBeNull();
    }
  });

  it('that takes a fee in coins takes them from who traded, at what they cost', () => {
    const held: HeldInSymbol = {
      quantity: quantity('2'),
      cost: money('100000'),
      realizedPnl: money('0'),
      lots: [{ strategy: 'trend', quantity: quantity('2') }],
    };
    const fee = activity('CFEE', { symbol: 'BTC/USD', quantity: quantity('-0.005'), price: price('50000') });
    const { lines } = postActivity(fee, held, 'trend')!;
    expect(shown(lines)).toEqual([
      ['securities', 'BTC/USD', 'trend', '-250', '-0.005'],
      ['fees', 'BTC/USD', null, '250', null],
    ]);
    expect(sum(lines)).toBe('0');
  });

  it('that splits gives each strategy its part, and the cost stays', () => {
    const held: HeldInSymbol = {
      quantity: quantity('10'),
      cost: money('1000'),
      realizedPnl: money('0'),
      lots: [
        { strategy: 'a', quantity: quantity('7') },
        { strategy: 'b', quantity: quantity('3') },
      ],
    };
    const { lines } = postActivity(activity('SPLIT', { symbol: 'KO', quantity: quantity('20') }), held)!;
    expect(lines.map((one) => [one.strategy, one.quantity && text(one.quantity)])).toEqual([
      ['a', '14'],
      ['b', '6'],
    ]);
    const after = foldPositions(lines, new Map([['KO', held]])).get('KO')!;
    expect([text(after.quantity), text(after.cost)]).toEqual(['30', '1000']);
    const lots = new Map(
      held.lots.map((lot) => [lotKey(lot.strategy, 'KO'), { ...lot, cost: money('1'), realizedPnl: money('0') }]),
    );
    expect(text(foldLots('correction', lines, lots).get(lotKey('b', 'KO'))!.quantity)).toBe('9');
  });

  it('that is taken back leaves nothing', () => {
    const { lines } = postActivity(activity('DIV', { netAmount: money('4.6'), symbol: 'KO' }), nothing)!;
    expect(shown([...lines, ...reversed(lines)]).map(([book, , , amount]) => [book, amount])).toEqual([
      ['cash', '4.6'],
      ['income', '-4.6'],
      ['cash', '-4.6'],
      ['income', '4.6'],
    ]);
  });
});
