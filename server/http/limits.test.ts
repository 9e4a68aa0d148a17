// A limit is set by whoever may, with a reason; every change is a version and an event; what is impossible is refused in words, and nothing
// is stored.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Problem, RiskLimitJson, RiskRuleJson, Role } from '../contract/index.ts';
import { createTestApp } from '../testing/http-app.ts';

let test: Awaited<ReturnType<typeof createTestApp>>;
const bearer: Partial<Record<Role, string>> = {};
let live = '';
let paper = '';

beforeAll(async () => {
  test = await createTestApp();
  for (const role of ['admin', 'trader', 'viewer'] as const) bearer[role] = await test.tokens.issue(role, role);
  const account = async (name: string, mode: string) => {
    const [row] = await test.sql<{ id: string }[]>`
      insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
      values (gen_random_uuid(), ${name}, 'alpaca', 'embedded', ${mode}, 'key', 'sealed') returning id`;
    return row!.id;
  };
  live = await account('live', 'production');
  paper = await account('paper', 'paper');
});
afterAll(() => test.close());

async function ask<T>(role: Role, method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const response = await test.app.request(`${test.baseUrl}/api/v1/risk/${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer[role]}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}
const put = (body: object, role: Role = 'admin') => ask<RiskLimitJson & Problem>(role, 'PUT', 'limits', body);
const take = (body: object, role: Role = 'admin') => ask<RiskLimitJson & Problem>(role, 'DELETE', 'limits', body);
const rule = async (key: string) =>
  (await ask<{ items: RiskRuleJson[] }>('viewer', 'GET', 'rules')).body.items.find((one) => one.key === key)!;
const events = () =>
  test.sql<{ data: Record<string, unknown> }[]>`select data from events where kind = 'limit.changed' order by xid, seq`;

/** A symbol that nobody has a limit for. */
let symbol = '';
let count = 0;
beforeEach(() => {
  symbol = `T${++count}`;
});
const wish = (more: object = {}) => ({
  ...{ rule: 'max-position', scope: { kind: 'symbol', name: symbol } },
  ...{ parameters: { maxShareOfEquity: '0.10' }, version: 0, reason: 'it moves too much' },
  ...more,
});

describe('the rules', () => {
  it('are told with their parameters and what is in force, the default where nobody has said more', async () => {
    const told = await rule('max-position');
    expect(told).toMatchObject({
      ...{ name: 'One position', appliesTo: 'entries', on: true },
      scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
      severities: ['deny', 'reduce', 'ask', 'warn'],
      parameters: [{ name: 'maxShareOfEquity', kind: 'share', default: '0.2', stricter: 'lower' }],
    });
    expect(told.limits[0]).toMatchObject({ version: 0, author: null, parameters: { maxShareOfEquity: '0.2' } });
  });
});

describe('a limit', () => {
  it('is stored with its author and reason, told by an event, and in force', async () => {
    const { status, body } = await put(wish());
    expect([status, body]).toMatchObject([
      200,
      {
        version: 1,
        author: 'admin',
        reason: 'it moves too much',
        parameters: { maxShareOfEquity: '0.1' },
        problem: null,
      },
    ]);
    expect((await events()).at(-1)!.data).toEqual({
      ...{ rule: 'max-position', scope: 'symbol', scopeName: symbol, version: 1, from: null },
      to: { on: true, severity: 'deny', parameters: { maxShareOfEquity: '0.1' } },
      ...{ by: 'admin', reason: 'it moves too much' },
    });
    expect((await rule('max-position')).limits.find((one) => one.scope.name === symbol)).toMatchObject({ version: 1 });
    expect(test.settings.current().limits.some((one) => one.scope.name === symbol)).toBe(true);
  });

  it('that is set as it is stays what it is', async () => {
    await put(wish());
    const before = await events();
    expect((await put(wish({ version: 1, reason: 'once more' }))).body).toMatchObject({
      version: 1,
      reason: 'it moves too much',
    });
    expect(await events()).toHaveLength(before.length);
  });

  it('that somebody else changed is not overwritten', async () => {
    await put(wish());
    await put(wish({ version: 1, parameters: { maxShareOfEquity: '0.05' }, reason: 'earnings' }));
    const { status, body } = await put(wish({ version: 1, parameters: { maxShareOfEquity: '0.5' } }));
    expect([status, body.code]).toEqual([409, 'CHANGED_MEANWHILE']);
    expect(body.detail).toBe(
      'admin changed it to version 2 (earnings). Look at it again; nothing of yours was stored.',
    );
  });

  it('is taken away by a version of its own, and may come back', async () => {
    await put(wish());
    const scope = { kind: 'symbol', name: symbol };
    expect((await take({ rule: 'max-position', scope, version: 1, reason: 'calm again' })).body).toMatchObject({
      ...{ version: 2, removed: true },
    });
    expect((await rule('max-position')).limits.some((one) => one.scope.name === symbol)).toBe(false);
    expect((await put(wish({ version: 2 }))).body).toMatchObject({ version: 3, removed: false });
    const history = await ask<{ items: RiskLimitJson[] }>('viewer', 'GET', 'limits/history?rule=max-position');
    expect(
      history.body.items.filter((one) => one.scope.name === symbol).map((one) => [one.version, one.removed]),
    ).toEqual([
      [3, false],
      [2, true],
      [1, false],
    ]);
    const missing = await take({
      rule: 'max-position',
      scope: { kind: 'symbol', name: 'NONE' },
      version: 1,
      reason: 'no',
    });
    expect(missing.status).toBe(400);
  });

  it.each<[string, object, string]>([
    ['an unknown rule', { rule: 'no-such' }, 'There is no rule no-such'],
    ['an unknown parameter', { parameters: { share: '1' } }, 'has no parameter share; it has maxShareOfEquity'],
    ['no number', { parameters: { maxShareOfEquity: 'lots' } }, 'a decimal from 0 to 20, as text'],
    ['a number out of bounds', { parameters: { maxShareOfEquity: '21' } }, 'a decimal from 0 to 20'],
    ['NaN', { parameters: { maxShareOfEquity: 'NaN' } }, 'a decimal from 0 to 20'],
    [
      'an impossible severity',
      { rule: 'kill-switch', scope: { kind: 'everything' }, parameters: {}, severity: 'warn' },
      'can be one of deny',
    ],
    ['a scope that the rule has not', { rule: 'kill-switch', parameters: {} }, 'can be set for everything, not for'],
    ['a rule that always holds', { rule: 'live-quote', parameters: {}, on: false }, 'live-quote always holds'],
    ['a sector with a slip in it', { scope: { kind: 'sector', name: 'Enrgy' } }, 'There is no sector Enrgy to set'],
    ['a sector as a vendor names it', { scope: { kind: 'sector', name: 'tech' } }, 'Is Information Technology meant?'],
    [
      'hours that are none',
      { rule: 'trading-windows', parameters: { windows: ['early', 'late'] } },
      'windows: Hours: spans as 09:30-16:00, in New York’s time. Nothing',
    ],
    [
      'steps that are none',
      { rule: 'drawdown', scope: { kind: 'everything' }, parameters: { steps: ['a lot'] } },
      'steps as',
    ],
    ['an account that is not there', { scope: { kind: 'account', name: 'nobody' } }, 'There is no account nobody'],
  ])('that is impossible is refused in words: %s', async (_, change, words) => {
    const before = await events();
    const { status, body } = await put(wish(change));
    expect(status).toBe(400);
    expect(body.detail).toContain(words);
    expect(body.detail).toContain('Nothing was changed');
    expect(await events()).toHaveLength(before.length);
  });

  it('wants a reason, and a name where it is for some', async () => {
    expect((await put(wish({ reason: '' }))).status).toBe(400);
    expect((await put(wish({ scope: { kind: 'symbol', name: '' } }))).status).toBe(400);
    expect((await put(wish({ scope: { kind: 'everything', name: 'AAPL' } }))).status).toBe(400);
  });

  it('of real money is for admins, one of a paper account for traders, and none for viewers', async () => {
    const of = (name: string) => wish({ scope: { kind: 'account', name } });
    expect((await put(of(paper), 'trader')).status).toBe(200);
    const { status, body } = await put(of(live), 'trader');
    expect([status, body.detail]).toEqual([
      403,
      'This limit holds for real money: only an admin may change it. Nothing was changed.',
    ]);
    expect((await put(wish(), 'trader')).status).toBe(403);
    expect((await put(of(live), 'admin')).status).toBe(200);
    expect((await put(of(paper), 'viewer')).status).toBe(403);
  });
});
