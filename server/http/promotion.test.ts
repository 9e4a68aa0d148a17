// From paper to production: nobody gets there without evidence, but by an admin's reason, which is kept with the evidence of that moment.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EvidenceJson, Problem, Role, Strategy } from '../contract/index.ts';
import { createTestApp } from '../testing/http-app.ts';
import { seedTrades } from '../testing/seeded-trades.ts';

let test: Awaited<ReturnType<typeof createTestApp>>;
const bearer: Partial<Record<Role, string>> = {};

beforeAll(async () => {
  test = await createTestApp();
  for (const role of ['admin', 'trader', 'viewer'] as const) bearer[role] = await test.tokens.issue(role, role);
});
afterAll(() => test.close());

let key = '';
let count = 0;
beforeEach(() => {
  count++;
  key = `strategy-${count}`;
});

async function ask<T>(role: Role, method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const response = await test.app.request(`${test.baseUrl}/api/v1/strategies/${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer[role]}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}
const promote = (role: Role, body: object) => ask<Problem & Strategy>(role, 'POST', `${key}/promote`, body);
const mode = async () => test.settings.strategy(key).mode;

describe('a strategy that trades real money', () => {
  beforeEach(async () => {
    const reason = { confirmation: key, overrideReason: 'Traded by hand for two years.' };
    expect((await promote('admin', reason)).status).toBe(200);
  });

  it('has its size, stops and approvals changed by admins alone', async () => {
    const never = { settings: { approval: { when: 'none', notional: null } } };
    const { status, body } = await ask<Problem>('trader', 'PUT', key, never);
    expect([status, body.code]).toEqual([403, 'FORBIDDEN']);
    expect(body.detail).toContain('only an admin');
    expect((await ask<Strategy>('admin', 'PUT', key, never)).status).toBe(200);
  });

  it('is switched off, and back to paper, by whoever trades', async () => {
    expect((await ask<Strategy>('trader', 'PUT', key, { enabled: false })).body.enabled).toBe(false);
    expect((await ask<Strategy>('trader', 'PUT', key, { mode: 'paper' })).body.mode).toBe('paper');
    expect((await ask<Strategy>('trader', 'PUT', key, { settings: { stopDistance: '0.02' } })).status).toBe(200);
  });
});

describe('a strategy without evidence', () => {
  it('stays on paper, and is told what is missing', async () => {
    const { status, body } = await promote('trader', { confirmation: key });
    expect([status, body.code]).toEqual([409, 'EVIDENCE_NEEDED']);
    expect(body.fields?.map(({ field }) => field)).toEqual(['days', 'trades', 'slippage']);
    expect(body.detail).toContain('It stays on paper');
    expect(await mode()).toBe('paper');
  });

  it('is not set to production by the settings either; `manual`, which has nothing to show, is', async () => {
    const { status, body } = await ask<Problem>('admin', 'PUT', key, { mode: 'production' });
    expect([status, body.code]).toEqual([409, 'PROMOTION_NEEDED']);
    expect(await mode()).toBe('paper');
    await ask('admin', 'PUT', 'manual', { mode: 'paper' });
    expect((await ask<Strategy>('admin', 'PUT', 'manual', { mode: 'production' })).status).toBe(200);
  });

  it('trades real money on an admin’s reason, and on nobody else’s', async () => {
    const reason = { confirmation: key, overrideReason: 'Traded by hand for two years.' };
    expect((await promote('trader', reason)).status).toBe(403);
    expect((await promote('admin', { ...reason, overrideReason: 'because' })).status).toBe(400);
    expect(await mode()).toBe('paper');
    expect((await promote('admin', reason)).body.mode).toBe('production');
    expect(await mode()).toBe('production');
    const [event] = await test.sql<{ data: { overrideReason: string; by: string; evidence: EvidenceJson } }[]>`
      select data from events where kind = 'strategy.promoted' and data->>'key' = ${key}`;
    expect(event?.data).toMatchObject({ overrideReason: reason.overrideReason, by: 'admin', evidence: { met: false } });
    expect((await promote('admin', reason)).status).toBe(409);
  });

  it('asks for its name to be typed, and for a trader', async () => {
    expect((await promote('admin', { confirmation: 'yes' })).body.code).toBe('CONFIRMATION_NEEDED');
    expect((await promote('viewer', { confirmation: key })).status).toBe(403);
  });

  it('goes back to paper at once', async () => {
    await promote('admin', { confirmation: key, overrideReason: 'Traded by hand for two years.' });
    expect((await ask<Strategy>('trader', 'PUT', key, { mode: 'paper' })).body.mode).toBe('paper');
  });
});

describe('a strategy with evidence', () => {
  it('trades real money on a trader’s word, without a reason', async () => {
    await test.settings.change('promotion', { minDays: 2, minTrades: 2, maxSlippageBps: '10' }, 'ada');
    const seed = await seedTrades(test.sql, key);
    // Bought 5 and 7 basis points over the market, sold 5 under it: three fills have a quote to be compared with, legs have none.
    await seed.trade({ day: '2026-11-17', bought: '100.05', sold: '102', quote: '100' });
    await seed.trade({ day: '2026-11-18', bought: '200.14', sold: '199', quote: '200' });
    await seed.open({ day: '2026-11-19', bought: '50.025', quote: '50' });
    const { body } = await ask<EvidenceJson>('viewer', 'GET', `${key}/evidence`);
    expect(body).toMatchObject({ met: true, fills: 5, realizedPnl: '8.1' });
    expect(body.lines.map(({ found }) => found)).toEqual(['3', '2', '5']);
    expect((await promote('trader', { confirmation: key })).body.mode).toBe('production');
    const [event] = await test.sql<{ data: { overrideReason: string | null } }[]>`
      select data from events where kind = 'strategy.promoted' and data->>'key' = ${key}`;
    expect(event?.data.overrideReason).toBeNull();
  });

  it('shows how far production is from its shadow', async () => {
    const seed = await seedTrades(test.sql, key);
    await seed.shadowed({ production: '100.10', paper: '100' });
    await seed.shadowed({ production: '100.30', paper: '100' });
    await seed.shadowed({ production: null, paper: '100' });
    const { body } = await ask<Record<string, unknown>>('viewer', 'GET', `${key}/drift?days=3650`);
    expect(body).toMatchObject({ pairs: 2, medianBps: '20', missedInProduction: 1, missedOnPaper: 0 });
  });
});
