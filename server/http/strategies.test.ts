// What a strategy has done today and what people did to it, as its page asks: on a real database, with what others do left out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../adapters/clock/system-random.ts';
import type { StrategyActivityJson, StrategyChangeMade } from '../contract/index.ts';
import { createTestApp } from '../testing/http-app.ts';

let test: Awaited<ReturnType<typeof createTestApp>>;
let admin = '';
let viewer = '';

beforeAll(async () => {
  test = await createTestApp();
  admin = await test.tokens.issue('ada', 'admin');
  viewer = await test.tokens.issue('vera', 'viewer');
});
afterAll(() => test.close());

async function ask<T>(token: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await test.app.request(`${test.baseUrl}/api/v1/strategies${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}
const activity = async () => (await ask<{ items: StrategyActivityJson[] }>(viewer, 'GET', '/activity')).items;
const of = async (key: string) => (await activity()).find((one) => one.strategy === key);
const history = async (key: string) =>
  (await ask<{ items: StrategyChangeMade[] }>(viewer, 'GET', `/${key}/history`)).items;

async function alert(strategy: string, at: string): Promise<string> {
  const id = systemRandom.id();
  await test.sql`
    insert into trading_signals (id, source, received_at, status, raw_body, proofs, strategy, ticker)
    values (${id}, 'tradingview', ${at}, 'accepted', '{}', '{}', ${strategy}, 'KO')`;
  return id;
}
async function account(mode: 'paper' | 'production'): Promise<string> {
  const id = systemRandom.id();
  await test.sql`
    insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
    values (${id}, ${`${mode} ${id}`}, 'alpaca', 'embedded', ${mode}, 'key', 'sealed')`;
  return id;
}
const trade = (accountId: string, strategy: string, profit: string, closedAt: Date) => test.sql`
  insert into closed_trades (account_id, strategy, symbol, side, quantity, profit, opened_at, closed_at)
  values (${accountId}, ${strategy}, 'KO', 'buy', 10, ${profit}, ${closedAt}, ${closedAt})`;

describe('what strategies do', () => {
  it('is told of those with settings, and of those that alerts alone name', async () => {
    await alert('only named', '2026-11-20T15:00:00Z');
    const newest = await alert('only named', '2026-11-20T16:00:00Z');
    await alert('another', '2026-11-19T15:00:00Z');
    const keys = (await activity()).map(({ strategy, known }) => [strategy, known]);
    expect(keys).toEqual([
      ['default', true],
      ['manual', true],
      ['another', false],
      ['only named', false],
    ]);
    expect((await of('only named'))?.lastSignal).toMatchObject({ id: newest, ticker: 'KO' });
    expect((await of('default'))?.lastSignal).toBeNull();
  });

  it('counts the trades closed today by mode, and never adds paper to real money', async () => {
    await ask(admin, 'PUT', '/both', { enabled: true });
    const [paper, second, live] = [await account('paper'), await account('paper'), await account('production')];
    const now = new Date();
    await trade(paper, 'both', '10.5', now);
    await trade(second, 'both', '-4.25', now);
    await trade(live, 'both', '-100', now);
    await trade(paper, 'both', '999', new Date(now.getTime() - 3 * 86_400_000));
    await trade(paper, 'somebody', '7', now);
    expect((await of('both'))?.today).toEqual([
      { mode: 'paper', trades: 2, profit: '6.25' },
      { mode: 'production', trades: 1, profit: '-100' },
    ]);
    expect((await of('default'))?.today).toEqual([]);
  });
});

describe('what was done to a strategy', () => {
  it('has who changed what, the promotion once with its reason, and the way back', async () => {
    await ask(admin, 'PUT', '/told', { settings: { stopDistance: '0.03' } });
    await ask(admin, 'PUT', '/told', { settings: { stopDistance: '0.05' } });
    await ask(admin, 'POST', '/told/promote', {
      confirmation: 'told',
      overrideReason: 'Traded by hand for two years.',
    });
    expect((await of('told'))?.productionSince).not.toBeNull();
    await ask(admin, 'PUT', '/told', { mode: 'paper' });
    const told = await history('told');
    expect(told.map(({ kind, by, reason }) => [kind, by, reason])).toEqual([
      ['changed', 'ada', null],
      ['promoted', 'ada', 'Traded by hand for two years.'],
      ['changed', 'ada', null],
      ['made', 'ada', null],
    ]);
    expect(told[0]).toMatchObject({ from: { mode: 'production' }, to: { mode: 'paper' } });
    expect(told[2]).toMatchObject({
      from: { settings: { stopDistance: '0.03' } },
      to: { settings: { stopDistance: '0.05' } },
    });
    expect(told[3]).toMatchObject({ from: null, to: { enabled: true } });
    expect((await of('told'))?.productionSince).toBeNull();
    expect(await history('default')).toEqual([]);
  });

  it('has its kill switches and its limits, with their reasons', async () => {
    const at = new Date('2026-11-20T15:00:00Z');
    const later = new Date('2026-11-20T15:05:00Z');
    await test.sql`
      insert into kill_switches (id, scope, key, reason, engaged_by, via, flatten, requested_at, engaged_at, stopped_at,
        lifted_at, lifted_by, lift_reason)
      values (${systemRandom.id()}, 'strategy', 'stopped', 'It buys the top', 'bob', 'dashboard', false, ${at}, ${at},
        ${at}, ${later}, 'ada', 'Mended'), (${systemRandom.id()}, 'symbol', 'stopped', 'Not this', 'bob', 'dashboard', false,
        ${at}, ${at}, ${at}, ${later}, 'ada', 'Nor this')`;
    await test.sql`
      insert into risk_limits (id, rule, scope_kind, scope_name, version, removed, enabled, severity, parameters, author, reason, at)
      values (${systemRandom.id()}, 'max-order-value', 'strategy', 'stopped', 1, false, true, 'deny', '{}', 'cleo',
        'Small at first', ${new Date('2026-11-20T15:10:00Z')})`;
    expect((await history('stopped')).map(({ kind, by, reason, rule }) => [kind, by, reason, rule])).toEqual([
      ['limit_set', 'cleo', 'Small at first', 'max-order-value'],
      ['released', 'ada', 'Mended', null],
      ['stopped', 'bob', 'It buys the top', null],
    ]);
  });
});
