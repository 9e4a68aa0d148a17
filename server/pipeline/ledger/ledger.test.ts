import { describe, expect, it } from 'vitest';
import { money, price, quantity, text } from '../../core/decimal.ts';
import type { FillToPost, LedgerLine, OpenPosition } from '../../core/model/posting.ts';
import { equity, unrealizedPnl } from '../../core/model/valuation.ts';
import { postOpening } from './opening.ts';
import { flat, postFill } from './post-fill.ts';

const fill = (side: 'buy' | 'sell', shares: string, at: string, fee = '0'): FillToPost => ({
  symbol: 'AAPL',
  side,
  quantity: quantity(shares),
  price: price(at),
  fee: money(fee),
});
const open = (shares: string, cost: string): OpenPosition => ({
  ...flat,
  quantity: quantity(shares),
  cost: money(cost),
});
const plain = (lines: readonly LedgerLine[]) =>
  lines.map((line) => `${line.book} ${text(line.amount)}${line.quantity ? ` (${text(line.quantity)})` : ''}`);

describe('postFill', () => {
  it('buys: debits securities, credits cash, and books the fee apart', () => {
    const posting = postFill(flat, fill('buy', '10', '150.25', '1.5'));
    expect(plain(posting.lines)).toEqual(['securities 1502.5 (10)', 'cash -1502.5', 'fees 1.5', 'cash -1.5']);
    expect(text(posting.position.cost)).toBe('1502.5');
    expect(text(posting.realizedPnl)).toBe('0');
  });

  it('sells a part at average cost and books the difference', () => {
    const posting = postFill(open('10', '1000'), fill('sell', '4', '110'));
    expect(plain(posting.lines)).toEqual(['securities -400 (-4)', 'cash 440', 'realized_pnl -40']);
    expect([text(posting.position.quantity), text(posting.position.cost)]).toEqual(['6', '600']);
  });

  it('flips a long to a short: closes all at cost, opens the rest at the price', () => {
    const posting = postFill(open('4', '400'), fill('sell', '10', '110'));
    expect(plain(posting.lines)).toEqual([
      'securities -400 (-4)',
      'securities -660 (-6)',
      'cash 1100',
      'realized_pnl -40',
    ]);
    expect([text(posting.position.quantity), text(posting.position.cost)]).toEqual(['-6', '-660']);
  });

  it('covers a short at a profit when the price fell, and flips it to a long', () => {
    const posting = postFill(open('-6', '-660'), fill('buy', '8', '100'));
    expect(text(posting.realizedPnl)).toBe('60');
    expect([text(posting.position.quantity), text(posting.position.cost)]).toEqual(['2', '200']);
  });

  it('rounds the cost of a partial close and leaves the rest in the position', () => {
    const third = postFill(open('3', '100'), fill('sell', '1', '40'));
    expect(text(third.position.cost)).toBe('66.66666667');
    const all = postFill(third.position, fill('sell', '2', '40'));
    expect(text(all.position.cost)).toBe('0');
    expect(text(all.position.realizedPnl)).toBe('20');
  });

  it.each([fill('buy', '0', '1'), fill('buy', '1', '0'), fill('sell', '1', '1', '-1')])(
    'refuses what is no fill',
    (one) => {
      expect(() => postFill(flat, one)).toThrow(RangeError);
    },
  );
});

describe('the opening', () => {
  it('sets cash and holdings against capital', () => {
    const lines = postOpening({
      cash: money('1000'),
      holdings: [{ symbol: 'AAPL', quantity: quantity('-2'), cost: money('-300') }],
    });
    expect(plain(lines)).toEqual(['cash 1000', 'securities -300 (-2)', 'capital -700']);
  });
});

describe('valuation', () => {
  it('is right for long and short, and counts what has no price at cost', () => {
    const holding = (symbol: string, shares: string, cost: string) => ({
      symbol,
      quantity: quantity(shares),
      cost: money(cost),
    });
    const valued = equity(
      money('500'),
      [holding('LONG', '2', '200'), holding('SHORT', '-3', '-300'), holding('DARK', '1', '50')],
      new Map([
        ['LONG', price('110')],
        ['SHORT', price('90')],
      ]),
    );
    expect(text(valued.unrealizedPnl)).toBe('50');
    expect(text(valued.positionValue)).toBe('0');
    expect(text(valued.equity)).toBe('500');
    expect(valued.unpriced).toEqual(['DARK']);
    expect(text(unrealizedPnl({ quantity: quantity('-3'), cost: money('-300') }, price('110')))).toBe('-30');
  });
});
