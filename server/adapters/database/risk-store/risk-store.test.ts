// One report a day: of two servers that make the final one at once, one is kept, with one event; what is final stays. What was held at a close is
// read from what was recorded before it, with the peak of then; rules are counted by decision, in the span alone.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money, text } from '../../../core/decimal.ts';
import type { RiskReport } from '../../../core/model/risk-overview.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { createRiskBooks } from './risk-books.ts';
import { createRiskReportStore } from './risk-reports.ts';

let database: TestDatabase;
let accountId = '';
beforeAll(async () => {
  database = await createTestDatabase();
  const [row] = await database.sql<{ id: string }[]>`
    insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
    values (gen_random_uuid(), 'paper', 'alpaca', 'embedded', 'paper', 'key', 'sealed') returning id`;
  accountId = row!.id;
});
afterAll(() => database.drop());

const report = (day: string, change: Partial<RiskReport> = {}): RiskReport => ({
  ...{ day, final: true, madeAt: `${day}T21:30:00.000Z`, through: `${day}T21:30:00.000Z`, madeBy: null, notes: [] },
  ...{ portfolios: [], breaches: [], correlations: [], correlationThreshold: '0.7', limitChanges: [] },
  ...change,
});

describe('a report', () => {
  it('that two servers make at once is kept once, and told once', async () => {
    const stores = Array.from({ length: 2 }, () => createRiskReportStore({ sql: database.sql }));
    const kept = await Promise.all(
      stores.map((store, i) => store.keep(report('2026-11-20', { notes: [`server ${i}`] }))),
    );
    expect(kept.filter(Boolean)).toHaveLength(1);
    expect((await stores[0]!.find('2026-11-20'))!.notes).toEqual([`server ${kept.indexOf(true)}`]);
    const told = await database.sql`select data from events where kind = 'risk.reported'`;
    expect(told.map(({ data }) => data)).toEqual([{ day: '2026-11-20', final: true, by: null, breaches: 0 }]);
  });
  it('of a day that goes on is replaced, until the final one', async () => {
    const store = createRiskReportStore({ sql: database.sql });
    const soFar = (note: string) => store.keep(report('2026-11-23', { final: false, notes: [note] }));
    expect([await soFar('morning'), await soFar('noon'), await store.keep(report('2026-11-23'))]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await soFar('evening')).toBe(false);
    expect(await store.find('2026-11-23')).toEqual(report('2026-11-23'));
    await expect(database.sql`update risk_reports set final = false where day = '2026-11-23'`).rejects.toThrow(
      'is final',
    );
    await expect(database.sql`delete from risk_reports where day = '2026-11-23'`).rejects.toThrow('is final');
  });
  it('is listed by day, page by page, and found missing where there is none that is final', async () => {
    const store = createRiskReportStore({ sql: database.sql });
    await store.keep(report('2026-11-24', { final: false }));
    const first = await store.list({ limit: 2 });
    expect([first.items.map(({ day }) => day), first.next]).toEqual([['2026-11-24', '2026-11-23'], '2026-11-23']);
    expect((await store.list({ limit: 2, cursor: first.next! })).items.map(({ day }) => day)).toEqual(['2026-11-20']);
    await expect(store.list({ limit: 2, cursor: 'x' })).rejects.toThrow('not a day');
    const days = ['2026-11-19', '2026-11-20', '2026-11-24'];
    expect(await store.missing(days)).toEqual(['2026-11-19', '2026-11-24']);
  });
});

describe('the books', () => {
  const record = async (at: string, equity: string, symbol: string | null) => {
    await database.sql`
      insert into equity_snapshots (account_id, at, cash, position_value, equity, realized_pnl, unrealized_pnl)
      values (${accountId}, ${at}, 100, 0, ${equity}, 0, 0)`;
    const positions = symbol === null ? [] : [{ symbol, quantity: '-2', marketValue: '-50', unrealizedPnl: '0' }];
    await database.sql`
      insert into events (kind, account_id, at, data)
      values ('equity.recorded', ${accountId}, ${at}, ${database.sql.json({ at, cash: '100', equity, positions })})`;
  };
  it('of a close are what was recorded last before it, with the peak of then', async () => {
    await record('2026-11-20T15:00:00Z', '120', null);
    await record('2026-11-20T20:59:50Z', '110', 'KO');
    await record('2026-11-20T21:05:00Z', '500', null);
    const books = createRiskBooks({ sql: database.sql });
    const [then] = await books.asOf(new Date('2026-11-20T21:00:00Z'));
    expect(then!.recorded).toEqual({
      ...{ at: new Date('2026-11-20T20:59:50Z'), cash: money('100'), equity: money('110') },
      holdings: [{ symbol: 'KO', value: money('-50') }],
    });
    expect([text(then!.peak!), then!.peakAt]).toEqual(['120', new Date('2026-11-20T15:00:00Z')]);
    const [now] = await books.now(new Date('2026-11-20T22:00:00Z'));
    expect(text(now!.peak!)).toBe('500');
    const [early] = await books.asOf(new Date('2026-11-20T14:00:00Z'));
    expect(early!.recorded).toBeNull();
    expect(await books.firstAt()).toEqual(new Date('2026-11-20T15:00:00Z'));
  });
  it('have a curve with the ends of each stretch', async () => {
    const books = createRiskBooks({ sql: database.sql });
    const curve = await books.curve(accountId, new Date('2026-11-20T14:00:00Z'), new Date('2026-11-20T22:00:00Z'), 2);
    expect(curve.map(({ last, lowest, highest }) => [last, lowest, highest].map(text))).toEqual([
      ['120', '120', '120'],
      ['500', '110', '500'],
    ]);
  });
  it('count decisions by what each rule said, an account and a span alone', async () => {
    const decide = async (at: string, verdicts: [string, string][]) => {
      const [signal] = await database.sql<{ id: string }[]>`select gen_random_uuid() as id`;
      await database.sql`
        insert into trading_signals (id, source, received_at, status, raw_body, proofs)
        values (${signal!.id}, 'test', ${at}, 'denied', '', '[]')`;
      await database.sql`
        insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, verdicts, started_at, decided_at)
        values (gen_random_uuid(), ${signal!.id}, ${accountId}, 'paper', '[]', 'entry', 'denied',
          ${database.sql.json(verdicts.map(([rule, verdict]) => ({ rule, verdict })))}, ${at}, ${at})`;
    };
    await decide('2026-11-20T15:00:00Z', [
      ['max-position', 'deny'],
      // Of a reversal both parts were judged: it is one decision all the same.
      ['max-position', 'deny'],
      ['spread', 'pass'],
    ]);
    await decide('2026-11-20T16:00:00Z', [
      ['max-position', 'deny'],
      ['spread', 'warn'],
    ]);
    await decide('2026-11-21T16:00:00Z', [['max-position', 'deny']]);
    const books = createRiskBooks({ sql: database.sql });
    const counted = await books.refusals(new Date('2026-11-20T05:00:00Z'), new Date('2026-11-21T05:00:00Z'));
    expect([...counted].sort((a, b) => (a.rule < b.rule ? -1 : 1))).toEqual([
      { accountId, rule: 'max-position', deny: 2, reduce: 0, ask: 0, warn: 0 },
      { accountId, rule: 'spread', deny: 0, reduce: 0, ask: 0, warn: 1 },
    ]);
  });
});
