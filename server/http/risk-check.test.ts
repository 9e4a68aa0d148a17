// Invariants: whoever may asks, and is answered for each account with every rule's verdict; nothing is written; what is wrong is told field
// by field in the words of intake.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDecisionViews } from '../adapters/database/decision-store/decision-views.ts';
import { createOrderCheckDesk } from '../build/order-check-desk.ts';
import { type Problem, type RiskCheckJson, type Role, riskCheck } from '../contract/index.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { type Api, openApi } from '../testing/api.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';
import { rowCounts } from '../testing/row-counts.ts';

let api: Api;
let desk: Awaited<ReturnType<typeof openDecisionDesk>>;
beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
  await desk.account('paper', 'main');
  const orderCheck = createOrderCheckDesk({
    ...desk.parts,
    settings: desk.settings,
    views: createDecisionViews({ sql: desk.sql, clock: desk.clock }),
    dialects: await loadDialects(),
  });
  api = await openApi({}, { orderCheck });
});
afterAll(async () => {
  await api.close();
  await desk.close();
});

const alert = { signal: 'BUY', ticker: 'AAPL', mode: 'Paper', strategy: 'default', risk: 100, stopLoss: '148.00' };
async function ask<T>(body: object, role: Role = 'analyst'): Promise<{ status: number; body: T }> {
  // No caller's questions are so many that they run into the limit, which has a test of its own.
  await desk.clock.advance(1000);
  const response = await api.as(role, '/api/v1/risk/check', { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as T };
}

describe('a question', () => {
  it('is answered with the size, the orders and every rule that holds', async () => {
    const before = await rowCounts(desk.sql);
    const { status, body } = await ask<RiskCheckJson>(alert);
    expect(status).toBe(200);
    expect(riskCheck.parse(body)).toEqual(body);
    const [one] = body.accounts;
    expect(body.accounts).toHaveLength(1);
    expect(one).toMatchObject({ account: 'main', outcome: 'approved', mode: 'paper', code: null });
    expect(one!.sentence).toContain(`Would buy ${one!.quantity} AAPL at market, near`);
    expect(one!.orders).toMatchObject([{ role: 'entry', side: 'buy', quantity: one!.quantity, stopLoss: '148' }]);
    expect(one!.sizing).toMatchObject({ method: 'risk_per_share', riskAmount: '100', stopLoss: '148' });
    const rules = desk.rules.filter((rule) => rule.on);
    expect(one!.verdicts.map((verdict) => verdict.rule)).toEqual(rules.map((rule) => rule.key));
    expect(one!.verdicts.find(({ rule }) => rule === 'max-position')).toMatchObject({
      ...{ title: 'One position', scopeKind: 'everything', severity: 'deny', verdict: 'pass', code: null },
      parameters: { maxShareOfEquity: '0.2' },
    });
    expect(await rowCounts(desk.sql)).toEqual(before);
  });

  it('that would be denied says by which limit, set for whom', async () => {
    await desk.limit('max-position', { maxShareOfEquity: '0.001' }, { kind: 'symbol', name: 'MSFT' });
    const { body } = await ask<RiskCheckJson>({ ...alert, ticker: 'MSFT' });
    const [one] = body.accounts;
    expect(one).toMatchObject({ outcome: 'denied', code: 'RISK_MAX_POSITION', orders: [] });
    expect(one!.sentence).toMatch(/^Not sent: /);
    expect(one!.verdicts.find(({ verdict }) => verdict === 'deny')).toMatchObject({
      ...{ rule: 'max-position', scope: 'the symbol MSFT', scopeKind: 'symbol', severity: 'deny' },
      parameters: { maxShareOfEquity: '0.001' },
    });
  });

  it('that would wait for a person says so', async () => {
    const scope = { kind: 'symbol', name: 'TSLA' } as const;
    const wish = {
      rule: 'max-position',
      scope,
      on: true,
      severity: 'ask',
      parameters: { maxShareOfEquity: '0.001' },
    } as const;
    await desk.limits.set(wish, 0, { author: 'ada', reason: 'a test' });
    await desk.settings.refresh();
    const { body } = await ask<RiskCheckJson>({ ...alert, ticker: 'TSLA' });
    expect(body.accounts[0]).toMatchObject({ outcome: 'held', orders: [{ role: 'entry', symbol: 'TSLA' }] });
    expect(body.accounts[0]!.sentence).toContain('a person');
  });

  it('of a strategy that nobody has set up is answered as its alert would be, and says so', async () => {
    const { body } = await ask<RiskCheckJson>({ ...alert, strategy: 'nobody knows it' });
    expect(body.note).toContain('Nobody has set up a strategy nobody knows it');
    expect(body.accounts[0]!.outcome).toBe('approved');
  });

  it('while the market is down says what is missing, and that nothing would be sent', async () => {
    desk.market.down = true;
    const { body } = await ask<RiskCheckJson>(alert);
    desk.market.down = false;
    expect(body.accounts[0]).toMatchObject({ outcome: 'denied', orders: [] });
    expect(body.accounts[0]!.missing.map(({ fact }) => fact)).toEqual(expect.arrayContaining(['market', 'quote']));
  });

  it.each<[string, object, number, string[]]>([
    ['no signal', { signal: undefined }, 400, ['signal']],
    ['a signal that is none', { signal: 'HOLD' }, 400, ['signal']],
    ['no ticker', { ticker: '' }, 400, ['ticker']],
    ['a mode that is none', { mode: 'Casino' }, 400, ['mode']],
    ['a risk of NaN', { risk: 'NaN' }, 400, ['risk']],
    ['a negative risk', { risk: -1 }, 400, ['risk']],
    ['no size at all', { risk: undefined }, 400, ['riskAmount']],
    ['two sizes', { quantity: 5 }, 400, ['quantity']],
    ['a price of zero', { entryPrice: 0 }, 400, ['entryPrice']],
    ['a stop that is no number', { stopLoss: 'low' }, 400, ['stopLoss']],
    ['a time that is none', { timestamp: 'yesterday' }, 400, ['timestamp']],
    ['several at once', { signal: 'HOLD', risk: 'lots' }, 400, ['signal', 'risk']],
    ['an account that is not there', { account: 'offshore' }, 422, ['account']],
  ])('with %s names the field', async (_, change, status, fields) => {
    const answer = await ask<Problem>({ ...alert, ...change });
    expect(answer.status).toBe(status);
    expect(answer.body.fields!.map((one) => one.field)).toEqual(fields);
    expect(answer.body.detail).toContain('Nothing was decided or sent');
  });

  it('is exact: a number is what was written, and a field that is there twice is refused', async () => {
    const send = (body: string, type = 'application/json') =>
      api.request('/api/v1/risk/check', {
        ...{ method: 'POST', body },
        headers: { authorization: `Bearer ${api.tokens.trader}`, 'content-type': type },
      });
    const twice = await send('{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100,"risk":900}');
    expect([twice.status, ((await twice.json()) as Problem).fields!.map((one) => one.field)]).toEqual([400, ['risk']]);
    expect((await send('{"signal":')).status).toBe(400);
    expect((await send('{}', 'text/plain')).status).toBe(415);
  });

  it('is not for viewers', async () => {
    expect((await ask(alert, 'viewer')).status).toBe(403);
    expect((await ask(alert, 'trader')).status).toBe(200);
  });

  it('is answered so often, and then again after a moment', async () => {
    const send = () => api.as('admin', '/api/v1/risk/check', { method: 'POST', body: { ...alert, signal: 'HOLD' } });
    const statuses: number[] = [];
    for (let time = 0; time < 21; time++) statuses.push((await send()).status);
    expect(new Set(statuses.slice(0, 20))).toEqual(new Set([400]));
    const refused = await send();
    expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([429, 'RATE_LIMITED']);
    // Of each caller.
    expect((await ask(alert, 'trader')).status).toBe(200);
    await desk.clock.advance(1000);
    expect((await send()).status).toBe(400);
  });
});
