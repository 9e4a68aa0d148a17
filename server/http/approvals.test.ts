// Invariants: a vote counts once, in time, from a signed-in person who may answer for the money; every other vote is refused in words, and
// changes nothing.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { type ApprovalJson, approval, receipt, status } from '../contract/index.ts';
import { type Api, openApi } from '../testing/api.ts';
import { sizedEntry } from '../testing/risk-context.ts';

let api: Api;
let cookie: string;
beforeAll(async () => {
  api = await openApi();
  cookie = await api.signIn();
});
afterAll(() => api.close());

let accountId: string;
let signalId: string;
let id: string;
/** An entry that waits, for so long. */
async function ask(mode: 'paper' | 'production' = 'paper', seconds = 300, votes = 1): Promise<void> {
  [accountId, signalId, id] = [systemRandom.id(), systemRandom.id(), systemRandom.id()];
  const decisionId = systemRandom.id();
  const quantity = sizedEntry().quantity.toFixed();
  const sizing = {
    ...{
      method: 'risk_per_share',
      riskAmount: '100',
      entryPrice: '150',
      entryFrom: 'alert',
      stopLoss: '148',
      stopFrom: 'alert',
    },
    ...{ takeProfit: null, takeProfitFrom: null, riskPerShare: '2', quantity, sentence: '100 / 2 = 50 shares.' },
  };
  const asks = [
    {
      ...{ rule: 'approval', verdict: 'ask', code: 'RISK_NEEDS_APPROVAL', inputs: {}, limit: null },
      sentence: 'Waits for a person: every entry of momentum does.',
    },
  ];
  const { sql } = api;
  await sql`
    insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
    values (${accountId}, ${accountId}, 'alpaca', 'embedded', ${mode}, ${accountId}, 'sealed')`;
  await sql`
    insert into trading_signals (id, source, received_at, status, raw_body, proofs, ticker, side, strategy, destinations)
    values (${signalId}, 'tradingview', now(), 'waiting', '{}', '{}', 'AAPL', 'buy', 'momentum',
      ${sql.json([{ accountId, weight: '1', shadow: false }])})`;
  await sql`
    insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, code, sentence, quantity, sizing, verdicts,
                           started_at, decided_at)
    values (${decisionId}, ${signalId}, ${accountId}, ${mode}, '[]', 'entry', 'held', 'RISK_NEEDS_APPROVAL', 'Waits.', ${quantity},
            ${sql.json(sizing)}, ${sql.json(asks)}, now(), now())`;
  await sql`
    insert into approvals (id, decision_id, signal_id, account_id, strategy, symbol, side, quantity, price, sizing, asks, votes_needed,
                           state, asked_at, expires_at)
    values (${id}, ${decisionId}, ${signalId}, ${accountId}, 'momentum', 'AAPL', 'buy', ${quantity}, '150', ${sql.json(sizing)},
            ${sql.json(asks)}, ${votes}, 'open', now() - interval '1 hour', now() + ${`${seconds} seconds`}::interval)`;
}
beforeEach(() => ask());

const post = (what: 'approve' | 'reject', body: object, headers: Record<string, string> = signedIn()) =>
  api.request(`/api/v1/approvals/${id}/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const signedIn = () => ({ cookie, origin: api.url });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const get = async (path: string) =>
  (await api.request(`/api/v1${path}`, { headers: bearer(api.tokens.viewer) })).json();
const state = async () => (approval.parse(await get(`/approvals/${id}`)) as ApprovalJson).state;

describe('what waits', () => {
  it('is listed, counted in the status, and on the receipt, with what would be sent and why it is asked', async () => {
    const { items } = (await get('/approvals?state=open')) as { items: unknown[] };
    const found = items.map((one) => approval.parse(one)).find((one) => one.id === id);
    expect(found).toMatchObject({
      ...{
        state: 'open',
        outcome: 'held',
        side: 'buy',
        quantity: '50',
        price: '150',
        symbol: 'AAPL',
        votesNeeded: 1,
        votes: [],
      },
      ...{ asks: [{ rule: 'approval', verdict: 'ask' }], sizing: { stopLoss: '148' } },
    });
    expect(status.parse(await get('/status')).approvalsWaiting).toBe(items.length);
    expect(receipt.parse(await get(`/signals/${signalId}/receipt`)).approvals).toMatchObject([{ id }]);
    expect(((await get('/signals?status=waiting')) as { items: unknown[] }).items).toContainEqual(
      expect.objectContaining({ id: signalId }),
    );
  });
});

describe('a yes', () => {
  it('counts, of a person who is signed in', async () => {
    const answer = await post('approve', {});
    expect(answer.status).toBe(200);
    expect(approval.parse(await answer.json())).toMatchObject({
      ...{ state: 'approved', outcome: 'held', votes: [{ name: 'Administrator', verdict: 'approve' }] },
    });
    const [event] =
      await api.sql`select kind, data from events where signal_id = ${signalId} order by seq desc limit 1`;
    expect(event).toMatchObject({ kind: 'approval.given', data: { by: 'Administrator', votes: 1, votesNeeded: 1 } });
  });

  it('counts once, and is not enough where two are needed', async () => {
    await ask('paper', 300, 2);
    expect(approval.parse(await (await post('approve', {})).json()).state).toBe('open');
    const again = await post('approve', {});
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({
      ...{
        code: 'VOTED_ALREADY',
        detail: 'Everybody has one vote, and this takes two people. Your vote was not counted.',
      },
    });
    expect(await state()).toBe('open');
  });

  it('does not count from a token, nor too late, nor once it is over', async () => {
    const token = await post('approve', {}, bearer(api.tokens.admin));
    expect([token.status, await token.json()]).toMatchObject([403, { code: 'NOT_A_PERSON' }]);
    await ask('paper', -1);
    const late = await post('approve', {});
    expect([late.status, await late.json()]).toMatchObject([409, { code: 'APPROVAL_EXPIRED' }]);
    await ask();
    await api.sql`update approvals set state = 'rejected' where id = ${id}`;
    const over = await post('approve', {});
    expect([over.status, await over.json()]).toMatchObject([409, { code: 'APPROVAL_ENDED' }]);
  });
});

describe('a no', () => {
  it('says why, and ends it', async () => {
    expect((await post('reject', {})).status).toBe(400);
    expect((await post('reject', { reason: '' })).status).toBe(400);
    const answer = await post('reject', { reason: 'Earnings tonight' }, bearer(api.tokens.trader));
    expect(approval.parse(await answer.json())).toMatchObject({
      ...{ state: 'rejected', votes: [{ verdict: 'reject', reason: 'Earnings tonight' }] },
    });
  });
});

describe('who may answer', () => {
  it('is a trader on paper, and an admin for real money', async () => {
    expect((await post('reject', { reason: 'no' }, bearer(api.tokens.analyst))).status).toBe(403);
    await ask('production');
    const trader = await post('reject', { reason: 'no' }, bearer(api.tokens.trader));
    expect([trader.status, await trader.json()]).toMatchObject([
      403,
      { detail: 'It is real money: only an admin answers for it; you are trader. Your vote was not counted.' },
    ]);
    expect(await state()).toBe('open');
    expect((await post('reject', { reason: 'no' }, bearer(api.tokens.admin))).status).toBe(200);
  });

  it('is nobody where there is no such approval', async () => {
    id = systemRandom.id();
    expect((await post('approve', {})).status).toBe(404);
  });
});
