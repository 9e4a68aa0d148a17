import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { money, price, quantity, text } from '../../../core/decimal.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { brokerFill, seedOrders } from '../../../testing/seeded-orders.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createLedgerStore } from './ledger-store.ts';

let database: TestDatabase;
let box: Awaited<ReturnType<typeof seedOrders>>;
let ledger: ReturnType<typeof createLedgerStore>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  box = await seedOrders(database);
  ledger = createLedgerStore({ sql: database.sql, clock: box.clock, random: systemRandom });
});

const at = new Date('2026-11-20T14:00:00.000Z');
const open = (cash: string) => ledger.open(box.accountId, { cash: money(cash), holdings: [] }, at);
/** Each as "buy 10 100": an order and its fill. */
async function trade(...trades: string[]) {
  for (const [i, words] of trades.entries()) {
    const [side, shares, at] = words.split(' ') as ['buy' | 'sell', string, string];
    const ids = await box.accept(shares, side);
    const fill = brokerFill(ids.brokerOrderId, shares, shares, {
      side,
      price: price(at),
      fee: money('1'),
      at: new Date(Date.UTC(2026, 10, 20, 15, i)),
    });
    await box.store.recordFill(box.accountId, fill, 'stream');
  }
}
const lotsHeld = () => database.sql`
  select strategy, symbol, quantity::text, cost::text, realized_pnl::text, opened_at from strategy_positions
  where account_id = ${box.accountId} order by strategy`;
const positions = () => database.sql`
  select symbol, quantity::text, cost::text, realized_pnl::text, opened_at from positions where account_id = ${box.accountId}`;

describe('the books', () => {
  it('are opened once, by whoever comes first', async () => {
    const opened = await Promise.all(Array.from({ length: 5 }, () => open('100000')));
    expect(opened.filter(Boolean)).toHaveLength(1);
    const summary = await ledger.summary(box.accountId);
    expect([text(summary.cash), text(summary.capital), summary.openedAt]).toEqual(['100000', '100000', at]);
  });

  it('are opened with what was held', async () => {
    const holdings = [{ symbol: 'MSFT', quantity: quantity('5'), cost: money('2000') }];
    await ledger.open(box.accountId, { cash: money('1000'), holdings }, at);
    const summary = await ledger.summary(box.accountId);
    expect(text(summary.capital)).toBe('3000');
    expect(summary.positions).toMatchObject([{ symbol: 'MSFT', openedAt: at }]);
    expect(text(summary.positions[0]!.cost)).toBe('2000');
  });

  it('balance over fills: cash + cost = capital + realized - fees', async () => {
    await open('100000');
    await trade('buy 10 100', 'buy 5 110.5', 'sell 4 120', 'sell 20 90.25', 'buy 3 80');
    const { cash, cost, capital, realizedPnl, fees } = await ledger.summary(box.accountId);
    expect(text(cash.plus(cost))).toBe(text(capital.plus(realizedPnl).minus(fees)));
    expect(text(fees)).toBe('5');
    // 100000 - 1000 - 552.5 + 480 + 1805 - 240 - 5 fees
    expect(text(cash)).toBe('100487.5');
  });

  it('take a correction once, and refuse one that does not balance', async () => {
    await open('1000');
    const correction = {
      reference: 'fee:TAF:2026-11-20',
      at,
      sentence: 'A regulatory fee the fill did not carry.',
      lines: [
        { book: 'fees' as const, symbol: null, amount: money('0.02'), quantity: null },
        { book: 'cash' as const, symbol: null, amount: money('-0.02'), quantity: null },
      ],
    };
    expect(await ledger.correct(box.accountId, correction)).toBe(true);
    expect(await ledger.correct(box.accountId, correction)).toBe(false);
    expect(text((await ledger.summary(box.accountId)).cash)).toBe('999.98');
    const broken = { ...correction, reference: 'broken', lines: correction.lines.slice(1) };
    await expect(ledger.correct(box.accountId, broken)).rejects.toThrow('off balance');
  });
});

describe('positions', () => {
  it('made anew from the entries equal the ones that were kept, through closes and flips', async () => {
    await ledger.open(
      box.accountId,
      { cash: money('100000'), holdings: [{ symbol: 'AAPL', quantity: quantity('3'), cost: money('100') }] },
      at,
    );
    await trade('sell 1 40', 'buy 10 100', 'sell 12 90', 'sell 4 120', 'buy 9 90.25', 'buy 3 80');
    const kept = await positions();
    expect(kept).toMatchObject([{ quantity: '8', opened_at: new Date('2026-11-20T15:04:00.000Z') }]);
    expect(await ledger.rebuildPositions(box.accountId)).toEqual([]);

    const lots = await lotsHeld();
    expect(lots).toMatchObject([
      { strategy: 'default', quantity: '5' },
      { strategy: 'external', quantity: '3', cost: '100' },
    ]);
    await database.sql.begin(async (tx) => {
      for (const rows of [tx`positions`, tx`strategy_positions`]) {
        await tx`update ${rows} set quantity = 1, cost = 1, realized_pnl = 1, opened_at = null
          where account_id = ${box.accountId}`;
      }
      await tx`update strategy_positions set quantity = 0 where account_id = ${box.accountId} and strategy = 'external'`;
      await tx`insert into positions (account_id, symbol, quantity, cost, updated_at)
        values (${box.accountId}, 'GHOST', 7, 7, now())`;
      await tx`insert into strategy_positions (account_id, strategy, symbol, quantity, cost, updated_at)
        values (${box.accountId}, 'ghost', 'GHOST', 7, 7, now())`;
    });
    expect([...(await ledger.rebuildPositions(box.accountId))].sort()).toEqual(['AAPL', 'GHOST']);
    expect((await positions()).find((row) => row.symbol === 'AAPL')).toEqual(kept[0]);
    expect((await positions()).find((row) => row.symbol === 'GHOST')).toMatchObject({ quantity: '0', cost: '0' });
    expect((await lotsHeld()).filter((row) => row.symbol === 'AAPL')).toEqual(lots);
  });

  it('cannot be stored without the strategies whose they are', async () => {
    await open('1000');
    await trade('buy 4 100');
    await expect(database.sql`update positions set quantity = 5 where account_id = ${box.accountId}`).rejects.toThrow(
      'its strategies',
    );
    await expect(
      database.sql`update strategy_positions set quantity = 3 where account_id = ${box.accountId}`,
    ).rejects.toThrow('its strategies');
    expect(await positions()).toMatchObject([{ quantity: '4' }]);
  });

  it('are of the strategy that a correction names, and of nobody here when it names none', async () => {
    await open('1000');
    await trade('buy 4 100');
    const securities = { book: 'securities' as const, symbol: 'AAPL' };
    await ledger.correct(box.accountId, {
      reference: 'adopt:1',
      at,
      sentence: 'Shares were given to a strategy.',
      lines: [
        { ...securities, amount: money('-100'), quantity: quantity('-1'), strategy: 'default' },
        { ...securities, amount: money('100'), quantity: quantity('1') },
      ],
    });
    expect(await lotsHeld()).toMatchObject([
      { strategy: 'default', quantity: '3', cost: '300' },
      { strategy: 'external', quantity: '1', cost: '100' },
    ]);
    expect(await positions()).toMatchObject([{ quantity: '4', cost: '400' }]);
    expect(await ledger.rebuildPositions(box.accountId)).toEqual([]);
  });
});

describe("equity at the day's start", () => {
  const snapshot = (iso: string, equity: string) =>
    ledger.recordEquity({
      accountId: box.accountId,
      at: new Date(iso),
      cash: money(equity),
      positionValue: money('0'),
      equity: money(equity),
      realizedPnl: money('0'),
      unrealizedPnl: money('0'),
      positions: [],
    });
  const atStart = async () => {
    const equity = await ledger.equityAtDayStart(box.accountId, new Date('2026-11-20T05:00:00.000Z'));
    return equity && text(equity);
  };

  it('is the last of the day before, else the first of the day, else unknown', async () => {
    expect(await atStart()).toBeNull();
    await snapshot('2026-11-20T16:00:00.000Z', '102');
    await snapshot('2026-11-20T15:00:00.000Z', '101');
    expect(await atStart()).toBe('101');
    await snapshot('2026-11-18T20:00:00.000Z', '99');
    await snapshot('2026-11-20T04:59:59.999Z', '100');
    expect(await atStart()).toBe('100');
  });

  it('is of snapshots that are each told of once', async () => {
    await snapshot('2026-11-20T15:00:00.000Z', '101');
    await snapshot('2026-11-20T15:00:00.000Z', '101');
    const events = await database.sql`
      select data from events where account_id = ${box.accountId} and kind = 'equity.recorded'`;
    expect(events).toMatchObject([{ data: { equity: '101', at: '2026-11-20T15:00:00.000Z' } }]);
  });
});
