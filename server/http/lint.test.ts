// Invariants: who may is told what an alert's text is, at what size, as intake and the risk check would have it; nothing is written and no
// secret is answered; a source's dialect, reading, strategy, secret and what it was sent before count.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDecisionViews } from '../adapters/database/decision-store/decision-views.ts';
import { createReadStore } from '../adapters/database/read-store/index.ts';
import { createLintDesk } from '../build/lint-desk.ts';
import { createOrderCheckDesk } from '../build/order-check-desk.ts';
import { type LintResultJson, lintResult, type Problem, type Role } from '../contract/index.ts';
import { defaultProofs, type ProofPolicy } from '../core/model/proofs.ts';
import type { WebhookToken } from '../core/ports/webhook-tokens.ts';
import { identityOf } from '../pipeline/intake/identity.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { readAlert } from '../pipeline/intake/read-alert.ts';
import { readBody } from '../pipeline/intake/read-body.ts';
import { type Api, openApi } from '../testing/api.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';
import { rowCounts } from '../testing/row-counts.ts';

const sourceId = '018f0000-0000-7000-8000-00000000f001';
const lockedId = '018f0000-0000-7000-8000-00000000f002';
const dialects = await loadDialects();

let api: Api;
let desk: Awaited<ReturnType<typeof openDecisionDesk>>;
beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
  await desk.account('paper', 'main');
  const { sql, clock, settings } = desk;
  const orderCheck = createOrderCheckDesk({
    ...desk.parts,
    ...{ settings, dialects },
    views: createDecisionViews({ sql, clock }),
  });
  const reading = { template: '{action} {ticker} at {price}', targetUnit: null, volumeUnit: null };
  const sources: WebhookToken[] = [
    { id: sourceId, source: 'notes', name: 'Notes', dialect: 'template', strategy: 'swing', reading },
    { id: lockedId, source: 'locked', name: 'Locked', dialect: null, strategy: null },
  ];
  const locked: ProofPolicy = {
    ...defaultProofs(lockedId),
    required: ['url_secret', 'body_secret', 'address'],
    bodyField: 'pin',
    bodySecrets: [{ hash: createHash('sha256').update('correct-horse').digest(), validUntil: null }],
  };
  const lint = createLintDesk({
    ...{ dialects, settings, clock, orderCheck, trustedProxies: [] },
    tokens: { list: async () => sources },
    proofs: { policy: async (id) => (id === lockedId ? locked : defaultProofs(id)) },
    queries: createReadStore({ sql, clock, lastPrice: () => null, connected: () => true }),
  });
  api = await openApi({}, { orderCheck, lint });
});
afterAll(async () => {
  await api.close();
  await desk.close();
});

async function ask<T = LintResultJson>(body: object, role: Role = 'analyst'): Promise<{ status: number; body: T }> {
  // Nobody's questions are so many that they run into the limit, which has a test of its own.
  await desk.clock.advance(1000);
  const response = await api.as(role, '/api/v1/lint', { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as T };
}
const codes = ({ findings }: LintResultJson): string[] => findings.map(({ code }) => code);
const alert = '{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100,"stopLoss":148,"id":"one"}';

describe('an alert’s text', () => {
  it('is told with its size by every rule, and leaves nothing behind', async () => {
    const before = await rowCounts(desk.sql);
    const { status, body } = await ask({ text: alert });
    expect(status).toBe(200);
    expect(lintResult.parse(body)).toEqual(body);
    expect(body.verdict).toEqual({ kind: 'accepted', code: null });
    expect(body.says).toMatch(/^Buy AAPL, sized so that its stop costs 100/);
    expect(body.size!.accounts).toHaveLength(1);
    expect(body.size!.accounts[0]).toMatchObject({
      account: 'main',
      outcome: 'approved',
      sizing: { riskAmount: '100' },
    });
    expect(body.size!.accounts[0]!.verdicts.length).toBeGreaterThan(5);
    expect(body.identity).toMatchObject({ kind: 'id', until: null, seen: null });
    expect(await rowCounts(desk.sql)).toEqual(before);
  });

  it('that would be refused has its mistakes, and no size', async () => {
    const { body } = await ask({ text: '{"signal":"BUY","ticker":"AAPL","risk":100,}' });
    expect(body.verdict).toEqual({ kind: 'refused', code: 'INTAKE_MALFORMED' });
    expect(body).toMatchObject({ size: null, identity: null, says: null });
    expect(body.findings[0]).toMatchObject({
      code: 'trailing_comma',
      severity: 'error',
      place: { line: 1, column: 43 },
    });
    expect(body.mended).toMatchObject({ verdict: { kind: 'accepted' }, edits: [{ from: 42, until: 43, insert: '' }] });
  });

  it('of a message has its placeholders filled in first', async () => {
    const text = '{"signal":"BUY","ticker":"{{ticker}}","risk":100,"stopLoss":{{low}},"id":"{{ticker}}-{{timenow}}"}';
    expect((await ask({ text })).body.verdict.kind).toBe('refused');
    expect((await ask({ text, as: 'message' })).body).toMatchObject({
      verdict: { kind: 'accepted' },
      signal: { ticker: 'AAPL' },
    });
  });

  it('names a strategy and an account that are not there', async () => {
    const { body } = await ask({
      text: '{"signal":"BUY","ticker":"AAPL","risk":100,"strategy":"nobodys","account":"none"}',
    });
    expect(codes(body)).toEqual(expect.arrayContaining(['strategy_unknown', 'account_unknown']));
    expect(body.size).toMatchObject({ accounts: [] });
  });

  it('never comes back with its secrets', async () => {
    const { body } = await ask({ text: '{"signal":"BUY","ticker":"AAPL","risk":100,"secret":"hunter2hunter2",}' });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(body.mended!.text).toBe('{"signal":"BUY","ticker":"AAPL","risk":100,"secret":"***"}');
  });
});

describe('a source', () => {
  it('has its dialect, its template and its strategy count', async () => {
    const { body } = await ask({ text: 'buy AAPL at 150', source: sourceId });
    expect(body.dialect).toMatchObject({ key: 'template', how: 'source' });
    expect(body.signal).toMatchObject({ action: 'buy', ticker: 'AAPL', entryPrice: '150', strategy: 'swing' });
    expect(body.proofs).toEqual([{ proof: 'url_secret', met: 'elsewhere', sentence: expect.any(String) }]);
  });

  it('can be overruled by a dialect, which must be one', async () => {
    expect((await ask({ text: alert, source: sourceId, dialect: 'native' })).body.dialect).toMatchObject({
      key: 'native',
      how: 'asked',
    });
    expect((await ask<Problem>({ text: alert, dialect: 'klingon' })).status).toBe(400);
    expect((await ask<Problem>({ text: alert, source: '018f0000-0000-7000-8000-00000000f009' })).status).toBe(404);
  });

  it('tells whether the secret that it asks for is in the text', async () => {
    const right = (await ask({ text: alert.replace('{', '{"pin":"correct-horse",'), source: lockedId })).body;
    expect(right.proofs).toMatchObject([
      { proof: 'url_secret' },
      { proof: 'body_secret', met: 'yes' },
      { proof: 'address', met: 'elsewhere' },
    ]);
    expect(codes(right)).not.toContain('proof_missing');
    expect(codes(right)).not.toContain('ignored_field');
    expect(JSON.stringify(right)).not.toContain('correct-horse');
    const wrong = (await ask({ text: alert, source: lockedId })).body;
    expect(wrong.proofs[1]).toMatchObject({ met: 'no' });
    expect(codes(wrong)).toContain('proof_missing');
  });

  it('knows an alert that it has sent before', async () => {
    const read = readAlert(readBody(new TextEncoder().encode(alert)), dialects);
    if (!read.read.ok) throw new Error('the alert of this test is refused');
    const about = {
      signal: read.read.value,
      json: read.alert.json,
      body: new TextEncoder().encode(alert),
      tokenId: lockedId,
    };
    const { dedupeKey } = identityOf(about, desk.clock.now(), 60);
    const id = '018f0000-0000-7000-8000-00000000f0aa';
    await desk.sql`INSERT INTO trading_signals (id, source, received_at, status, dedupe_key, raw_body, proofs)
      VALUES (${id}, 'locked', ${desk.clock.now()}, 'accepted', ${dedupeKey}, ${alert}, '{}')`;
    const { body } = await ask({ text: alert, source: lockedId });
    expect(body.identity!.seen).toMatchObject({ signalId: id });
    expect(codes(body)).toContain('seen_before');
    expect((await ask({ text: alert.replace('one', 'two'), source: lockedId })).body.identity!.seen).toBeNull();
    expect((await ask({ text: alert })).body.identity!.seen).toBeNull();
    await desk.sql`DELETE FROM trading_signals WHERE id = ${id}`;
  });
});

describe('who asks', () => {
  it('is an analyst at least', async () => {
    expect((await ask<Problem>({ text: alert }, 'viewer')).status).toBe(403);
  });

  it('asks of texts as large as an alert may be', async () => {
    expect((await ask<Problem>({ text: 'x'.repeat(65_537) })).status).toBe(400);
    expect((await ask<Problem>({ text: 'x'.repeat(300_000) })).status).toBe(413);
    expect((await ask({ text: '' })).body.findings[0]).toMatchObject({ code: 'empty' });
  });

  it('too often is told when to come again', async () => {
    const statuses = await Promise.all(
      Array.from(
        { length: 40 },
        async () => (await api.as('trader', '/api/v1/lint', { method: 'POST', body: { text: 'x' } })).status,
      ),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(30);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    expect((await ask({ text: 'x' }, 'trader')).status).toBe(200);
  });
});
