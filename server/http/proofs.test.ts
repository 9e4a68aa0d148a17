// Whoever cannot prove all that a source asks for is answered as if there were nothing, and leaves nothing behind; what was proven stands on
// the receipt, without the secret; a signature counts once, in whichever process and after whichever restart.
import { spawn } from 'node:child_process';
import { createServer, request as requestTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { signAlert } from '../core/alert-signature.ts';
import type { Proof } from '../core/model/proofs.ts';
import { createTestAuthority } from '../testing/certificates.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { openProofDesk, type ProofDesk } from '../testing/proof-desk.ts';

const clock = new ManualClock();
let database: TestDatabase;
let desk: ProofDesk;
let nth = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  desk = await openProofDesk(database.url, clock, ['127.0.0.1']);
});
afterAll(async () => {
  await desk?.close();
  await database?.drop();
});

/** A source of its own for each test. */
async function source() {
  const name = `source-${++nth}`;
  const token = await desk.tokens.issue(name, name);
  const { id } = (await desk.tokens.find(token))!;
  return { id, name, token };
}
const alert = (more: object = {}) =>
  JSON.stringify({ signal: 'BUY', ticker: 'AAPL', mode: 'Paper', risk: 100, id: `n${++nth}`, ...more });

const post = (
  at: { name: string; token: string },
  body: string,
  headers: Record<string, string> = {},
  port = desk.port,
) => fetch(`http://127.0.0.1:${port}/hooks/${at.name}/${at.token}`, { method: 'POST', body, headers });
const told = async (response: Response) => [response.status, await response.text()] as const;
const stored = async (name: string) =>
  database.sql`select raw_body, proofs from trading_signals where source = ${name} order by received_at, id`;
const ask = (id: string, ...required: Proof[]) => desk.proofs.change(id, { required, bodyField: 'secret' }, 'a person');

test('a secret that was made anew: the old one ends when it was said to, the receipt tells which it was, the event tells no secret', async () => {
  const at = await source();
  const made = await desk.proofs.rotate(at.id, 'url_secret', { overlapSeconds: 60 }, 'a person');
  expect(made!.previousUntil).toEqual(new Date(clock.now().getTime() + 60_000));
  expect((await post(at, alert())).status).toBe(202);
  expect((await post({ ...at, token: made!.secret }, alert())).status).toBe(202);
  const [old, fresh] = (await stored(at.name)).map((row) => row.proofs.token);
  expect([old, fresh].sort()).toEqual(['matched', `matched, the one that ends ${made!.previousUntil!.toISOString()}`]);
  await clock.advance(59_999);
  expect((await post(at, alert())).status).toBe(202);
  await clock.advance(1);
  expect((await post(at, alert())).status).toBe(404);
  expect((await post({ ...at, token: made!.secret }, alert())).status).toBe(202);
  const events =
    await database.sql`select data from events where kind = 'source.secret_rotated' and data->>'webhookId' = ${at.id}`;
  expect(events).toMatchObject([
    { data: { proof: 'url_secret', by: 'a person', previousUntil: made!.previousUntil!.toISOString() } },
  ]);
  expect(JSON.stringify([events, await database.sql`select * from webhook_tokens`])).not.toContain(made!.secret);
});

test('without an overlap the old secret ends at once', async () => {
  const at = await source();
  await desk.proofs.rotate(at.id, 'url_secret', { overlapSeconds: 0 }, 'a person');
  expect((await post(at, alert())).status).toBe(404);
});

test('the secret of the body is asked for, rotates, and is kept nowhere', async () => {
  const at = await source();
  await expect(ask(at.id, 'body_secret')).rejects.toThrow('make one first');
  const first = (await desk.proofs.rotate(at.id, 'body_secret', { overlapSeconds: 60 }, 'a person'))!;
  expect(first.previousUntil).toBeNull();
  await ask(at.id, 'body_secret');
  const second = (await desk.proofs.rotate(
    at.id,
    'body_secret',
    { overlapSeconds: 60, given: 'one of "mine"' },
    'a person',
  ))!;
  for (const { secret } of [first, second]) expect((await post(at, alert({ secret }))).status).toBe(202);
  await clock.advance(60_000);
  expect((await post(at, alert({ secret: first.secret }))).status).toBe(404);
  expect((await post(at, alert({ secret: second.secret }))).status).toBe(202);
  const everything = JSON.stringify([
    await stored(at.name),
    await database.sql`select * from events`,
    await database.sql`select * from webhook_proofs`,
  ]);
  expect(everything).not.toContain(first.secret);
  expect(everything).not.toContain('mine');
  expect((await stored(at.name))[0]!.proofs).toMatchObject({
    asked: 'secret of the address, secret in the body',
    bodySecret: expect.stringContaining('matched'),
  });
});

test('whatever is wrong, the answer is the same, and nothing is stored', async () => {
  const at = await source();
  const { secret } = (await desk.proofs.rotate(at.id, 'body_secret', { overlapSeconds: 0 }, 'a person'))!;
  const { secret: key } = (await desk.proofs.rotate(at.id, 'signature', { overlapSeconds: 0 }, 'a person'))!;
  await ask(at.id, 'body_secret', 'signature', 'address');
  const body = alert({ secret });
  const signed = (text: string, by = key) =>
    signAlert(by, { at: clock.now(), nonce: `nonce-of-a-test-${++nth}`, body: Buffer.from(text) });
  const from = { 'x-forwarded-for': '52.89.214.238' };
  const before = desk.judged.length;
  const wrong = [
    await post({ ...at, token: 'x' }, body, { ...from, 'x-signalbox-signature': signed(body) }),
    await post({ ...at, name: 'nowhere' }, body, { ...from, 'x-signalbox-signature': signed(body) }),
    await post(at, alert(), { ...from, 'x-signalbox-signature': signed(body) }),
    await post(at, body.replace(secret, `${secret}x`), { ...from, 'x-signalbox-signature': signed(body) }),
    await post(at, body, from),
    await post(at, body, { ...from, 'x-signalbox-signature': signed(body, 'another') }),
    await post(at, body, { ...from, 'x-signalbox-signature': signed(`${body} `) }),
    await post(at, body, { ...from, 'x-signalbox-signature': signed(body).replace('t=1', 't=2') }),
    await post(at, body, { 'x-signalbox-signature': signed(body) }),
    await post(at, body, { 'x-forwarded-for': '52.89.214.238, 203.0.113.9', 'x-signalbox-signature': signed(body) }),
  ];
  const answers = await Promise.all(wrong.map(told));
  expect(new Set(answers.map(String)).size).toBe(1);
  expect(answers[0]![0]).toBe(404);
  expect(await stored(at.name)).toHaveLength(0);
  expect((await database.sql`select count(*)::int as n from proof_nonces where webhook_id = ${at.id}`)[0]!.n).toBe(0);
  // Each proof that the source asks for is counted, by its code or as held; of the two whose address is not known, that one alone.
  const counted: Record<string, number> = {};
  for (const one of desk.judged.slice(before)) counted[one] = (counted[one] ?? 0) + 1;
  expect(counted).toEqual({
    ...{ 'url_secret PROOF_URL_SECRET': 2, 'url_secret held': 8 },
    ...{ 'body_secret PROOF_BODY_SECRET': 2, 'body_secret held': 6 },
    'signature PROOF_SIGNATURE': 6,
    ...{ 'address PROOF_ADDRESS': 2, 'address held': 6 },
  });
  expect(desk.failed.counts()).toMatchObject({
    PROOF_SIGNATURE: expect.any(Number),
    PROOF_BODY_SECRET: expect.any(Number),
    PROOF_ADDRESS: expect.any(Number),
  });
  expect((await post(at, body, { ...from, 'x-signalbox-signature': signed(body) })).status).toBe(202);
});

test('a signature counts within its window, once, and its sender is told', async () => {
  const at = await source();
  const { secret } = (await desk.proofs.rotate(at.id, 'signature', { overlapSeconds: 0 }, 'a person'))!;
  await ask(at.id, 'signature');
  const send = (agoMs: number, nonce: string, body = alert()) =>
    post(at, body, {
      'x-signalbox-signature': signAlert(secret, {
        at: new Date(clock.now().getTime() - agoMs),
        nonce,
        body: Buffer.from(body),
      }),
    });
  expect((await send(301_000, 'too-old-by-one-second')).status).toBe(401);
  expect((await send(-301_000, 'ahead-by-one-second')).status).toBe(401);
  expect((await send(300_000, 'just-within-window')).status).toBe(202);
  const body = alert();
  expect((await send(0, 'used-more-than-once', body)).status).toBe(202);
  const again = await send(0, 'used-more-than-once', body);
  expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([409, 'HOOK_REPLAYED']);
  // Another alert under the same nonce is no better.
  expect((await send(0, 'used-more-than-once')).status).toBe(409);
});

test('a nonce whose alert was not stored may come again; one whose alert was may not', async () => {
  const at = await source();
  const nonce = {
    webhookId: at.id,
    nonce: 'of-an-alert-not-stored',
    signalId: at.id,
    until: new Date(clock.now().getTime() + 1e6),
  };
  expect(await desk.proofs.claim(nonce)).toBe(true);
  expect(await desk.proofs.claim(nonce)).toBe(false);
  desk.proofs.release(nonce);
  await expect.poll(async () => desk.proofs.claim(nonce)).toBe(true);
  await post(at, alert());
  const [row] = await database.sql`select id from trading_signals where source = ${at.name}`;
  const taken = { ...nonce, nonce: 'of-an-alert-that-got-through', signalId: row!.id as string };
  expect(await desk.proofs.claim(taken)).toBe(true);
  desk.proofs.release(taken);
  await expect
    .poll(async () => (await database.sql`select released from proof_nonces where nonce = ${taken.nonce}`)[0]!.released)
    .toBe(true);
  expect(await desk.proofs.claim({ ...taken, signalId: at.id })).toBe(false);
});

test('what one process has taken, another and one that starts later refuse', async () => {
  const at = await source();
  const { secret } = (await desk.proofs.rotate(at.id, 'signature', { overlapSeconds: 0 }, 'a person'))!;
  await ask(at.id, 'signature');
  const script = fileURLToPath(new URL('../testing/proof-process.ts', import.meta.url));
  async function withProcess<T>(work: (port: number) => Promise<T>): Promise<T> {
    const child = spawn(process.execPath, [script, database.url], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const port = await new Promise<number>((resolve, reject) => {
        child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
        child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
      });
      return await work(port);
    } finally {
      child.stdin.end();
    }
  }
  const body = alert();
  // The processes go by the machine's clock.
  const headers = {
    'x-signalbox-signature': signAlert(secret, {
      at: systemClock.now(),
      nonce: 'seen-by-two-processes',
      body: Buffer.from(body),
    }),
  };
  const both = await withProcess(async (one) =>
    withProcess(async (other) =>
      Promise.all([one, other, one, other].map(async (port) => (await post(at, body, headers, port)).status)),
    ),
  );
  expect(both.sort()).toEqual([202, 409, 409, 409]);
  expect(await withProcess(async (later) => (await post(at, body, headers, later)).status)).toBe(409);
  expect(await stored(at.name)).toHaveLength(1);
}, 60_000);

test('a certificate is believed as a proxy reports it that really did the handshake, and from nobody else', async () => {
  const at = await source();
  const authority = createTestAuthority();
  const tradingView = {
    commonName: 'TradingView Webhooks',
    organization: 'TradingView, Inc.',
    alternativeName: 'email:webhook-server@tradingview.com',
  };
  const certificate = {
    commonName: tradingView.commonName,
    organization: tradingView.organization,
    alternativeName: tradingView.alternativeName,
    authority: null,
  };
  await desk.proofs.change(at.id, { required: ['certificate'], certificate }, 'a person');
  const own = authority.issue({ commonName: 'localhost', alternativeName: 'IP:127.0.0.1' });
  // What deploy/nginx/nginx.conf states: any certificate is let in, its chain is reported, and what a sender wrote is overwritten.
  const proxy = createServer(
    { key: own.key, cert: own.certificate, ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
    async (incoming, outgoing) => {
      const socket = incoming.socket as import('node:tls').TLSSocket;
      const peer = socket.getPeerX509Certificate();
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const answer = await fetch(`http://127.0.0.1:${desk.port}${incoming.url}`, {
        method: 'POST',
        body: Buffer.concat(chunks),
        headers: {
          'x-client-verify': peer
            ? socket.authorized
              ? 'SUCCESS'
              : 'FAILED:unable to verify the first certificate'
            : 'NONE',
          'x-client-certificate': peer ? encodeURIComponent(peer.toString()) : '',
        },
      });
      outgoing.writeHead(answer.status).end(await answer.text());
    },
  );
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const send = (shown: { certificate: string; key: string } | null, headers: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      const sent = requestTls(
        {
          host: '127.0.0.1',
          port: (proxy.address() as AddressInfo).port,
          path: `/hooks/${at.name}/${at.token}`,
          method: 'POST',
          headers,
          ca: authority.certificate,
          agent: false,
          ...(shown ? { cert: shown.certificate, key: shown.key } : {}),
        },
        (response) => resolve(response.resume().statusCode!),
      );
      sent.once('error', reject).end(alert());
    });
  try {
    const real = authority.issue(tradingView);
    const forged = createTestAuthority().issue(tradingView);
    const reported = { 'x-client-verify': 'SUCCESS', 'x-client-certificate': encodeURIComponent(real.certificate) };
    expect(await send(real)).toBe(202);
    expect(await send(null)).toBe(404);
    expect(await send(null, reported)).toBe(404);
    expect(await send(forged)).toBe(404);
    expect(await send(forged, reported)).toBe(404);
    expect(await send(authority.issue({ ...tradingView, commonName: 'Somebody else' }))).toBe(404);
    // The same headers from an address that is no trusted proxy.
    const apart = await openProofDesk(database.url, clock, ['10.0.0.0/8']);
    expect((await post(at, alert(), reported, apart.port)).status).toBe(404);
    expect((await post(at, alert(), reported)).status).toBe(202);
    await apart.close();
    // With an authority of the source’s own, the word of the proxy is not needed.
    await desk.proofs.change(at.id, { certificate: { ...certificate, authority: authority.certificate } }, 'a person');
    expect(await send(real)).toBe(202);
    expect(await send(forged)).toBe(404);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}, 30_000);

test('many failures raise one alarm', async () => {
  const at = await source();
  await desk.proofs.rotate(at.id, 'signature', { overlapSeconds: 0 }, 'a person');
  await ask(at.id, 'signature');
  for (let i = 0; i < 25; i++) await post(at, alert());
  expect(desk.raised.filter((key) => key === `proof.failing:${at.name}`)).toHaveLength(1);
});
