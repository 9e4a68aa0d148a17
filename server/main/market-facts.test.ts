// What is kept ready of the market, over the SDK from the embedded exchange and in PostgreSQL. It is Friday, 20 November 2026, 10:00 in New
// York; Thursday the 26th is Thanksgiving, and the 27th ends at 13:00.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { createAlarmStore } from '../adapters/database/alarm-store/alarm-store.ts';
import { createBarStore } from '../adapters/database/bar-store/bar-store.ts';
import { createEventCalendarFile } from '../adapters/event-calendar/event-calendar-file.ts';
import { createAlpacaBarHistory } from '../adapters/market-data/alpaca/index.ts';
import { text } from '../core/decimal.ts';
import type { BarHistory } from '../core/ports/bar-history.ts';
import type { Clock } from '../core/ports/clock.ts';
import { freePlan } from '../exchange/api/data-plan.ts';
import { readDay } from '../exchange/calendar/civil-day.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { createMarketDesk, type MarketDesk } from '../platform/market-facts/market-facts.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { quietLog } from '../testing/quiet-log.ts';

const friday = '2026-11-20T15:00:00.000Z';
const minute = 60_000;
const hour = 60 * minute;
let database: TestDatabase;
let exchange: Exchange;
let clock: Clock;
/** Lets time go by, with one look at the end of it: nobody looks each minute of days. */
let pass: (ms: number) => Promise<void>;
/** Another minute: a look that was under way when time went by has not seen it. */
let tick: () => Promise<void>;
let folder: string;
const desks: MarketDesk[] = [];
/** The questions that went to the exchange. */
let asked: string[];
/** What each question waits for. */
let gate: Promise<unknown>;
let broken: boolean;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'events-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  const manual = new ManualClock(friday);
  let ahead = 0;
  clock = {
    now: () => new Date(manual.now().getTime() + ahead),
    monotonicMs: () => manual.monotonicMs() + ahead,
    after: (ms, callback) => manual.after(ms, callback),
    every: (ms, callback) => manual.every(ms, callback),
    sleep: (ms, signal) => manual.sleep(ms, signal),
  };
  pass = async (ms) => {
    ahead += Math.max(0, ms - minute);
    // Its market stands still, and is begun anew with the days behind it.
    await exchange.stop();
    exchange = await openExchange();
    await tick();
  };
  tick = () => manual.advance(minute);
  asked = [];
  gate = Promise.resolve();
  broken = false;
  exchange = await openExchange();
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.stop();
  await exchange.stop();
  const { sql } = database;
  await sql`truncate daily_bars, daily_bar_reads, market_sessions, alarms, strategy_positions, positions`;
});

const openExchange = () =>
  startTestExchange({
    clock: { ...systemClock, now: () => clock.now(), monotonicMs: () => clock.monotonicMs() },
    ...{ alwaysOpen: false, dataPlan: freePlan },
  });

function open(more: { events?: string; asks?: boolean; pageSize?: number; source?: string } = {}): MarketDesk {
  const { sql } = database;
  const { source = 'embedded' } = more;
  const history = () =>
    createAlpacaBarHistory({
      ...{ source, dataUrl: exchange.dataUrl, tradingUrl: exchange.url },
      ...{ keyId: exchange.keyId, secretKey: exchange.secretKey, timeoutMs: 5000, clock },
      ...(more.pageSize && { pageSize: more.pageSize }),
    });
  const question = async <T>(name: string, ask: () => Promise<T>): Promise<T> => {
    asked.push(name);
    await gate;
    if (broken) throw new Error('the venue is down');
    return ask();
  };
  const watched: BarHistory = {
    source,
    dailyBars: (symbols, from) => question(symbols.join(), () => history().dailyBars(symbols, from)),
    sessions: (from, until) => question('calendar', () => history().sessions(from, until)),
  };
  const desk = createMarketDesk({
    ...{ history: watched, store: createBarStore(sql), clock, random: systemRandom, log: quietLog },
    events: more.events === undefined ? null : createEventCalendarFile(more.events, 5),
    asks: more.asks ?? true,
    alarms: createAlarmStore({ sql, clock, random: systemRandom }),
  });
  desks.push(desk);
  return desk;
}
const started = async (more: Parameters<typeof open>[0] = {}): Promise<MarketDesk> => {
  const desk = open(more);
  await desk.start();
  if (more.asks !== false) await expect.poll(() => desk.session(clock.now())).not.toBeNull();
  return desk;
};
const seen = async <T>(what: () => T): Promise<Awaited<T>> => {
  await tick();
  return await what();
};
const lastDay = (desk: MarketDesk, symbol: string) => desk.dailyBars(symbol)?.at(-1)?.at.toISOString();
const alarms = () => database.sql<{ kind: string; sentence: string }[]>`
  select kind, sentence from alarms where cleared_at is null order by kind`;
const hold = (symbol: string) =>
  database.sql.begin(async (tx) => {
    const id = systemRandom.id();
    await tx`insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
    values (${id}, ${id}, 'alpaca', 'embedded', 'paper', 'key', 'sealed')`;
    await tx`insert into strategy_positions (account_id, strategy, symbol, quantity, cost, updated_at)
    values (${id}, 'momentum', ${symbol}, '1', '1', now())`;
    await tx`insert into positions (account_id, symbol, quantity, cost, updated_at) values (${id}, ${symbol}, '1', '1', now())`;
  });

describe('sessions', () => {
  it('are those of the broker’s calendar, a year ahead, with holidays and half-days', async () => {
    const desk = await started();
    const session = (at: string) => {
      const found = desk.session(new Date(at));
      return found && found !== 'closed' ? [found.opensAt, found.closesAt].map((one) => one.toISOString()) : found;
    };
    expect(session(friday)).toEqual(['2026-11-20T14:30:00.000Z', '2026-11-20T21:00:00.000Z']);
    expect(session('2026-11-21T15:00:00Z')).toBe('closed');
    expect(session('2026-11-26T15:00:00Z')).toBe('closed');
    expect(session('2026-11-27T15:00:00Z')).toEqual(['2026-11-27T14:30:00.000Z', '2026-11-27T18:00:00.000Z']);
    expect(session('2027-07-15T15:00:00Z')).toEqual(['2027-07-15T13:30:00.000Z', '2027-07-15T20:00:00.000Z']);
    expect(session('2027-11-18T15:00:00Z')).not.toBeNull();
    expect(session('2027-12-15T15:00:00Z')).toBeNull();
    expect(session('2026-10-01T15:00:00Z')).toBeNull();
  });

  it('are there at the next start without a venue, and read again each day', async () => {
    const first = await started();
    // Once it has stopped, what it has read is kept.
    await first.stop();
    broken = true;
    expect(asked).toEqual(['calendar']);
    const next = open();
    await next.start();
    expect(next.session(clock.now())).not.toBeNull();
    expect(asked).toEqual(['calendar']);
    broken = false;
    await pass(21 * hour);
    await expect.poll(() => seen(() => asked.length)).toBeGreaterThan(1);
  });

  it('that cannot be read for a day are an alarm, which ends with them', async () => {
    const desk = open();
    broken = true;
    await desk.start();
    await expect.poll(() => seen(() => desk.health().state)).toBe('degraded');
    expect(desk.session(clock.now())).toBeNull();
    await pass(25 * hour);
    await expect.poll(() => seen(alarms)).toMatchObject([{ kind: 'market_data.stale' }]);
    broken = false;
    await pass(hour / 2);
    await expect.poll(() => seen(alarms)).toEqual([]);
    await expect.poll(() => seen(() => desk.health().state)).toBe('ok');
  });
});

describe('daily bars', () => {
  it('of a new symbol come before the decision: finished days of stocks and coins, in pages', async () => {
    const desk = await started({ pageSize: 100 });
    expect(desk.dailyBars('AAPL')).toBeNull();
    await Promise.all(['AAPL', 'BTC/USD', 'AAPL', 'F'].map((symbol) => desk.prepare(symbol)));
    const bars = desk.dailyBars('AAPL')!;
    expect(bars.length).toBeGreaterThan(250);
    expect(lastDay(desk, 'AAPL')).toBe('2026-11-19T05:00:00.000Z');
    const known = exchange.market.history.dayBar('AAPL', readDay('2026-11-19')!, clock.now())!;
    expect(known).not.toBeNull();
    expect(bars.at(-1)!.volume.gt('0')).toBe(true);
    // A coin's day begins in Chicago; the one under way is not over.
    expect(lastDay(desk, 'BTC/USD')).toBe('2026-11-19T06:00:00.000Z');
    expect(asked.filter((one) => one === 'AAPL')).toHaveLength(1);
    // From the database they are the same, to the digit.
    const kept = await createBarStore(database.sql).bars('embedded', ['AAPL']);
    const plain = (all: typeof bars) => all.map((bar) => [bar.at, text(bar.open), text(bar.close), text(bar.volume)]);
    expect(plain(kept.get('AAPL')!.bars)).toEqual(plain(bars));
    await desk.prepare('AAPL');
    expect(asked.filter((one) => one === 'AAPL')).toHaveLength(1);
  });

  it('of a symbol that nobody knows are none, and nobody asks twice', async () => {
    const desk = await started();
    for (let i = 0; i < 3; i++) await desk.prepare('NOSUCHX');
    expect(desk.dailyBars('NOSUCHX')).toBeNull();
    expect(asked.filter((one) => one === 'NOSUCHX')).toHaveLength(1);
  });

  it('do not hold a decision up for more than a second, and are there for the next', async () => {
    const desk = await started();
    const slow = Promise.withResolvers<void>();
    gate = slow.promise;
    const prepared = desk.prepare('AAPL');
    await expect.poll(() => asked.includes('AAPL')).toBe(true);
    await pass(1000);
    await prepared;
    expect(desk.dailyBars('AAPL')).toBeNull();
    slow.resolve();
    await expect.poll(() => desk.dailyBars('AAPL')).not.toBeNull();
  });

  it('of what is held are read at the start, and after each close', async () => {
    await hold('AAPL');
    await hold('BTC/USD');
    const desk = await started();
    await expect.poll(() => seen(() => lastDay(desk, 'AAPL'))).toBe('2026-11-19T05:00:00.000Z');
    await expect.poll(() => seen(() => lastDay(desk, 'BTC/USD'))).toBe('2026-11-19T06:00:00.000Z');
    const before = asked.length;
    await pass(5 * hour);
    expect(asked).toHaveLength(before);
    await pass(1.5 * hour);
    await expect.poll(() => seen(() => lastDay(desk, 'AAPL'))).toBe('2026-11-20T05:00:00.000Z');
    expect(asked.slice(before)).toEqual(['AAPL']);
    await pass(10 * hour);
    await expect.poll(() => seen(() => lastDay(desk, 'BTC/USD'))).toBe('2026-11-20T06:00:00.000Z');
  });

  it('are asked for once for all processes', async () => {
    await hold('AAPL');
    await started();
    await expect.poll(() => database.sql`select from daily_bar_reads`).toHaveLength(1);
    const all = asked.length;
    const next = await started();
    expect(lastDay(next, 'AAPL')).toBe('2026-11-19T05:00:00.000Z');
    const shown = await started({ asks: false });
    expect(lastDay(shown, 'AAPL')).toBe('2026-11-19T05:00:00.000Z');
    expect(asked).toHaveLength(all);
  });

  it('of another market are as if there were none', async () => {
    const desk = await started();
    await desk.prepare('AAPL');
    broken = true;
    const other = open({ source: 'alpaca' });
    await other.start();
    expect(other.dailyBars('AAPL')).toBeNull();
    expect(other.session(clock.now())).toBeNull();
  });

  it('are too old once a session is missing and four days have gone by, and a person is told after one', async () => {
    await hold('AAPL');
    const desk = await started();
    await expect.poll(() => seen(() => lastDay(desk, 'AAPL'))).toBe('2026-11-19T05:00:00.000Z');
    broken = true;
    await pass(2 * 24 * hour);
    await expect.poll(() => seen(alarms)).toMatchObject([{ kind: 'market_data.stale' }, { kind: 'market_data.stale' }]);
    await pass(new Date('2026-11-23T21:00:00Z').getTime() - clock.now().getTime());
    expect(desk.dailyBars('AAPL')).not.toBeNull();
    await tick();
    expect(desk.dailyBars('AAPL')).toBeNull();
    broken = false;
    await pass(hour / 2);
    await expect.poll(() => seen(() => lastDay(desk, 'AAPL'))).toBe('2026-11-23T05:00:00.000Z');
    await expect.poll(() => seen(alarms)).toEqual([]);
  });
});

describe('the calendar of events', () => {
  const header = 'symbol,from,until,what\n';
  const at = new Date(friday);

  it('is read at the start and when it changes; a bad line makes all of it unknown, and an alarm', async () => {
    const file = join(folder, 'events.csv');
    await writeFile(
      file,
      `${header}AAPL,2026-11-20T16:00:00-05:00,2026-11-23,"Earnings, after the close"\n*,2026-12-09,2026-12-10,Rates\nKO,2026-11-01,2026-11-02,Over\n`,
    );
    const desk = await started({ events: file });
    const days = (symbol: string) => desk.blackouts(symbol, at)?.map((one) => [one.what, one.from.toISOString()]);
    const rates = ['Rates', '2026-12-09T05:00:00.000Z'];
    expect(days('AAPL')).toEqual([['Earnings, after the close', '2026-11-20T21:00:00.000Z'], rates]);
    expect(days('KO')).toEqual([rates]);
    expect(desk.blackouts('AAPL', at)![0]!.until.toISOString()).toBe('2026-11-23T05:00:00.000Z');

    await writeFile(file, `${header}AAPL,2026-11-20,2026-11-23,Earnings\nKO,2026-11-31,2026-12-01,Earnings\n`);
    await expect.poll(() => desk.blackouts('AAPL', at)).toBeNull();
    await expect.poll(() => seen(alarms)).toMatchObject([{ kind: 'event_calendar.unreadable' }]);
    expect((await alarms())[0]!.sentence).toContain('line 3');
    expect(desk.health()).toMatchObject({ state: 'degraded' });

    await writeFile(file, `${header}AAPL,2026-11-20,2026-11-23,Earnings\n`);
    await expect.poll(() => desk.blackouts('KO', at)).toEqual([]);
    await expect.poll(() => seen(alarms)).toEqual([]);
    await rm(file);
    await expect.poll(() => desk.blackouts('KO', at)).toBeNull();
  });

  it.each([
    ['without a header', 'AAPL,2026-11-20,2026-11-21,Earnings\n'],
    ['without events', header],
    ['empty', ''],
    ['with a symbol that is none', `${header}a pple,2026-11-20,2026-11-21,Earnings\n`],
    ['with a field too few', `${header}AAPL,2026-11-20,2026-11-21\n`],
    ['with a time of no zone', `${header}AAPL,2026-11-20T16:00:00,2026-11-21,Earnings\n`],
    ['that ends before it begins', `${header}AAPL,2026-11-21,2026-11-20,Earnings\n`],
    ['that says nothing', `${header}AAPL,2026-11-20,2026-11-21,\n`],
    ['with an open quotation mark', `${header}AAPL,2026-11-20,2026-11-21,"Earnings\n`],
  ])('%s is unknown', async (name, content) => {
    const file = join(folder, `${name}.csv`);
    await writeFile(file, content);
    const desk = await started({ events: file });
    expect(desk.blackouts('AAPL', at)).toBeNull();
    await expect.poll(() => seen(alarms)).toMatchObject([{ kind: 'event_calendar.unreadable' }]);
  });

  it('that is kept nowhere is unknown, and no alarm', async () => {
    const desk = await started();
    expect(desk.blackouts('AAPL', at)).toBeNull();
    expect(await alarms()).toEqual([]);
  });
});
