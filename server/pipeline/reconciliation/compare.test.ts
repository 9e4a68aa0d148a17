import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../core/decimal.ts';
import { compareHoldings, lasting } from './compare.ts';

const account = (cash: string) => ({
  accountNumber: 'PA1',
  currency: 'USD',
  cash: money(cash),
  equity: money(cash),
  buyingPower: money(cash),
  tradingBlocked: false,
});
const held = (symbol: string, shares: string) => ({ symbol, quantity: quantity(shares) });
const theirs = (symbol: string, shares: string) => ({
  ...held(symbol, shares),
  averageEntryPrice: price('1'),
  currentPrice: null,
});
const compare = (ourCash: string, ours: [string, string][], theirCash: string, brokers: [string, string][]) =>
  compareHoldings(
    { cash: money(ourCash), positions: ours.map(([s, q]) => held(s, q)) },
    { account: account(theirCash), positions: brokers.map(([s, q]) => theirs(s, q)) },
  );

describe('comparing', () => {
  it('finds nothing where both hold the same, flat symbols and fractions of a cent included', () => {
    expect(
      compare(
        '100.004',
        [
          ['AAPL', '5'],
          ['KO', '0'],
        ],
        '100',
        [['AAPL', '5.0']],
      ),
    ).toEqual([]);
  });

  it('finds every symbol that one of both holds differently, and a cent', () => {
    const found = compare(
      '100.01',
      [
        ['AAPL', '5'],
        ['KO', '2'],
      ],
      '100',
      [
        ['AAPL', '4'],
        ['PEP', '-1'],
      ],
    );
    expect(found.map((d) => [d.kind, d.symbol, d.ours, d.brokers])).toEqual([
      ['position', 'AAPL', '5', '4'],
      ['position', 'KO', '2', '0'],
      ['position', 'PEP', '0', '-1'],
      ['cash', null, '100.01', '100'],
    ]);
  });
});

it('a difference lasts when it is the same by its amount, whatever both sides have become', () => {
  const before = compare(
    '100',
    [
      ['AAPL', '5'],
      ['KO', '1'],
    ],
    '100',
    [
      ['AAPL', '4'],
      ['KO', '2'],
    ],
  );
  const now = compare(
    '90',
    [
      ['AAPL', '9'],
      ['KO', '1'],
    ],
    '90',
    [
      ['AAPL', '8'],
      ['KO', '3'],
    ],
  );
  expect(lasting(before, now).map((d) => [d.symbol, d.ours, d.brokers])).toEqual([['AAPL', '9', '8']]);
});
