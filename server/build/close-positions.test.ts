// What alerts a person's wish to close turns into.
import { expect, it } from 'vitest';
import type { Account, Position } from '../contract/index.ts';
import { HttpProblem } from '../http/problems.ts';
import type { Caller } from '../platform/access/roles.ts';
import { createClosing } from './close-positions.ts';

const caller = { name: 'a person', role: 'trader', by: 'session' } as Caller;
const account = (id: string, mode: Account['mode']) => ({ id, name: `account ${id}`, mode }) as Account;
const position = (accountId: string, symbol: string, lots: Record<string, string>): Position =>
  ({
    ...{ accountId, symbol },
    quantity: String(Object.values(lots).reduce((sum, one) => sum + Number(one), 0)),
    lots: Object.entries(lots).map(([strategy, quantity]) => ({ strategy, quantity })),
  }) as Position;

function opened(positions: Position[], fail: (ticker: unknown) => HttpProblem | null = () => null) {
  const sent: Record<string, unknown>[] = [];
  const closing = createClosing({
    queries: {
      accounts: async () => [account('1', 'paper'), account('2', 'production')],
      positions: async (id) => positions.filter((one) => id === undefined || one.accountId === id),
    },
    async send(alert) {
      const problem = fail(alert.ticker);
      if (problem) throw problem;
      sent.push(alert);
      return { id: `signal ${sent.length}`, status: 'accepted', receiptUrl: '/signals/x' };
    },
  });
  const close = (symbol: string, quantity: string | null, strategy: string | null = null, accountId = '1') =>
    closing.close({ accountId, symbol, strategy, quantity }, caller);
  return { sent, close, closeAll: (accountId: string | null) => closing.closeAll(accountId, caller) };
}

it('closes a part of a long position and of a short one by an exit of that many shares', async () => {
  const { sent, close } = opened([position('1', 'AAPL', { a: '57' }), position('2', 'TSLA', { b: '-20' })]);
  expect(await close('AAPL', '14.250')).toMatchObject({ id: 'signal 1', others: [] });
  await close('TSLA', '5', null, '2');
  expect(sent).toEqual([
    { signal: 'EXIT', ticker: 'AAPL', strategy: 'a', account: 'account 1', mode: 'Paper', quantity: '14.25' },
    { signal: 'EXIT', ticker: 'TSLA', strategy: 'b', account: 'account 2', mode: 'Production', quantity: '5' },
  ]);
});

it('closes all of a position by an exit for each strategy, without a number that could be too small by then', async () => {
  const { sent, close } = opened([position('1', 'AAPL', { a: '40', b: '17' })]);
  expect(await close('AAPL', null)).toMatchObject({ id: 'signal 1', others: [{ id: 'signal 2' }] });
  expect(sent.map(({ strategy, quantity }) => [strategy, quantity])).toEqual([
    ['a', undefined],
    ['b', undefined],
  ]);
});

it('asks whose part it is where several hold it, and takes the one that is named', async () => {
  const { sent, close } = opened([position('1', 'AAPL', { a: '40', b: '17' })]);
  await expect(close('AAPL', '10')).rejects.toThrow(
    '2 strategies hold AAPL (a, b): say whose shares are to be closed. Nothing was sent.',
  );
  expect(sent).toEqual([]);
  await close('AAPL', '10', 'b');
  expect(sent).toMatchObject([{ strategy: 'b', quantity: '10' }]);
});

it('never closes more than is held', async () => {
  const { sent, close } = opened([position('1', 'AAPL', { a: '-57' })]);
  await expect(close('AAPL', '57.000000001')).rejects.toThrow('a holds 57 AAPL, not 57.000000001. Nothing was sent.');
  await close('AAPL', '57');
  expect(sent).toHaveLength(1);
  expect(await close('MSFT', null)).toBeNull();
});

it('closes everything, of one account or of all, and says what could not be sent', async () => {
  const refusal = new HttpProblem(429, 'RATE_LIMITED', 'Too many at once', 'Too many alerts. Nothing was sent.');
  const held = [position('1', 'AAPL', { a: '5' }), position('1', 'KO', { a: '5' }), position('2', 'TSLA', { b: '-2' })];
  const { sent, closeAll } = opened(held, (ticker) => (ticker === 'KO' ? refusal : null));
  expect(await closeAll(null)).toMatchObject({
    sent: [{ symbol: 'AAPL' }, { accountId: '2', symbol: 'TSLA' }],
    failed: [{ accountId: '1', symbol: 'KO', detail: 'Too many alerts. Nothing was sent.' }],
  });
  sent.length = 0;
  await closeAll('2');
  expect(sent).toMatchObject([{ ticker: 'TSLA' }]);
});
