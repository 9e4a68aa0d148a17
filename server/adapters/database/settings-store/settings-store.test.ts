import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultSettings, defaultStrategySettings } from '../../../core/model/settings.ts';
import type { Log } from '../../../core/ports/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { createSettingsStore, refreshEveryMs } from './settings-store.ts';

const log = { debug() {}, info() {}, warn() {}, error: vi.fn() } satisfies Log;
let database: TestDatabase;
/** The events of earlier tests stay, as they cannot be deleted. */
let before = '0';
const clock = new ManualClock();
const stops: (() => Promise<void>)[] = [];
const open = async (committed?: () => void) => {
  const store = await createSettingsStore({ sql: database.sql, clock, log, committed });
  stops.push(() => store.stop());
  return store;
};
const events = () => database.sql<{ kind: string; data: Record<string, unknown> }[]>`
  select kind, data from events where seq > ${before} order by xid, seq`;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const [row] = await database.sql`select coalesce(max(seq), 0)::text as seq from events`;
  before = row!.seq;
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await database.sql`delete from settings`;
  await database.sql`delete from strategies`;
});

describe('settings', () => {
  it('are the defaults in a new database, with the strategies default and manual', async () => {
    const store = await open();
    expect(store.current()).toEqual(defaultSettings);
    expect(store.strategies().map((strategy) => strategy.key)).toEqual(['default', 'manual']);
    // A person who trades by hand says the mode by the master switch alone.
    expect(store.strategy('manual')).toMatchObject({ mode: 'production', enabled: true, settings: { exit: 'close' } });
    expect(store.strategy('never heard of')).toMatchObject({ key: 'never heard of', mode: 'paper' });
    expect(await events()).toEqual([]);
  });

  it('change with their event, and are there for the next process', async () => {
    const committed = vi.fn();
    const store = await open(committed);
    const seen = vi.fn();
    store.onChange(seen);
    const brokers = { ...defaultSettings.brokers, breakerFailures: 3 };
    expect((await store.change('brokers', brokers, 'ada')).brokers).toEqual(brokers);
    expect(store.current().brokers.breakerFailures).toBe(3);
    expect(seen).toHaveBeenCalledExactlyOnceWith(store.current());
    expect(committed).toHaveBeenCalledOnce();
    expect(await events()).toEqual([
      { kind: 'settings.changed', data: { key: 'brokers', from: defaultSettings.brokers, to: brokers, by: 'ada' } },
    ]);
    expect((await open()).current().brokers).toEqual(brokers);
  });

  it('that do not change leave no event', async () => {
    const store = await open();
    await store.change('mode.master', 'paper', 'ada');
    expect(await events()).toEqual([]);
  });

  it('of the mode have an event of their own', async () => {
    const store = await open();
    await store.change('mode.master', 'production', 'ada');
    expect((await events()).map((event) => [event.kind, event.data.by])).toEqual([['mode.changed', 'ada']]);
  });

  it('that are impossible are refused, and nothing is stored', async () => {
    const store = await open();
    await expect(store.change('brokers', { ...defaultSettings.brokers, breakerFailures: 0 }, 'ada')).rejects.toThrow(
      /brokers.*breakerFailures/,
    );
    await expect(store.change('display.zone', 'Mars/Olympus', 'ada')).rejects.toThrow('display.zone');
    expect(store.current()).toEqual(defaultSettings);
    expect(await events()).toEqual([]);
  });

  it('changed by twenty at once make a chain of events without a gap', async () => {
    const stores = await Promise.all([open(), open()]);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        stores[i % 2]!.change('brokers', { ...defaultSettings.brokers, breakerFailures: 100 + i }, `person ${i}`),
      ),
    );
    const chain = (await events()).map(({ data }) => [
      (data.from as typeof defaultSettings.brokers).breakerFailures,
      (data.to as typeof defaultSettings.brokers).breakerFailures,
    ]);
    expect(chain).toHaveLength(20);
    for (const [i, [from]] of chain.entries()) expect(from).toBe(i === 0 ? 5 : chain[i - 1]![1]);
    await Promise.all(stores.map((store) => store.refresh()));
    for (const store of stores) expect(store.current().brokers.breakerFailures).toBe(chain.at(-1)![1]);
  });

  it('of another process are seen within a second', async () => {
    const [here, there] = [await open(), await open()];
    const seen = new Promise((resolve) => here.onChange(resolve));
    await there.change('mode.master', 'production', 'ada');
    expect(here.current()['mode.master']).toBe('paper');
    await clock.advance(refreshEveryMs);
    expect(await seen).toMatchObject({ 'mode.master': 'production' });
  });

  it('stored under an older version get the defaults of what is new', async () => {
    await database.sql`
      insert into settings (key, value, updated_by) values ('brokers', '{"breakerFailures": 7}', 'an older version')`;
    expect((await open()).current().brokers).toEqual({ ...defaultSettings.brokers, breakerFailures: 7 });
  });

  it('that were damaged in the database are never guessed', async () => {
    const store = await open();
    await database.sql`
      insert into settings (key, value, updated_by) values ('brokers', '{"breakerPauseSeconds": "lots"}', 'by hand')`;
    await expect(store.refresh()).rejects.toThrow('breakerPauseSeconds');
    expect(store.current()).toEqual(defaultSettings);
    await expect(open()).rejects.toThrow('breakerPauseSeconds');
  });
});

describe('strategies', () => {
  it('change in part, with their event', async () => {
    const store = await open();
    const changed = await store.changeStrategy('manual', { mode: 'paper', settings: { allowShort: true } }, 'ada');
    expect(changed).toMatchObject({ key: 'manual', mode: 'paper', settings: { allowShort: true, exit: 'close' } });
    expect(store.strategy('manual')).toEqual(changed);
    const [event] = await events();
    expect(event).toMatchObject({
      kind: 'strategy.changed',
      data: { key: 'manual', by: 'ada', from: { mode: 'production' }, to: { mode: 'paper' } },
    });
  });

  it('stored before there were methods of sizing and bounds go by the defaults, and keep the bounds they have', async () => {
    const { sizing, stop, bounds, ...before } = defaultStrategySettings;
    await database.sql`
      insert into strategies (key, mode, enabled, settings, updated_at)
      values ('old', 'paper', true, ${database.sql.json(before)}, now()),
             ('newer', 'paper', true, ${database.sql.json({ ...before, bounds: { maxNotional: '500' } })}, now())`;
    const store = await open();
    expect(store.strategy('old').settings).toEqual(defaultStrategySettings);
    expect(store.strategy('newer').settings).toMatchObject({ sizing, stop, bounds: { ...bounds, maxNotional: '500' } });
  });

  it('that are new begin as the default does', async () => {
    const store = await open();
    await store.changeStrategy('default', { settings: { stopDistance: '0.02' } }, 'ada');
    const made = await store.changeStrategy('breakout', { enabled: false }, 'ada');
    expect(made).toMatchObject({ key: 'breakout', enabled: false, settings: { stopDistance: '0.02' } });
    await expect(store.changeStrategy('breakout', { settings: { stopDistance: '-1' } }, 'ada')).rejects.toThrow(
      /breakout.*stopDistance/,
    );
  });
});
