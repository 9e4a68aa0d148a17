// Invariant: whatever fails between the commit of an alert and its reply, the reply is 2xx, or TradingView's resend of the same bytes is known again: one
// signal, and never a second order. On both addresses, with alerts that have neither an id nor a time, which are the hardest to know again.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../testing/fault-proxy.ts';
import { openSource } from '../testing/fuzz/open-sources.ts';
import type { FuzzSource } from '../testing/fuzz/source.ts';
import { startUnderTest, type UnderTest } from '../testing/fuzz/under-test.ts';
import { setWideLimits } from '../testing/wide-limits.ts';

let server: UnderTest;
let wire: FaultProxy;
let source: FuzzSource;
let alerts = 0;

beforeAll(async () => {
  server = await startUnderTest(null, async (url) => {
    wire = await startFaultProxy(Number(new URL(url).port));
    const led = new URL(url);
    led.port = String(wire.port);
    return led.href;
  });
  await setWideLimits(server.ask);
  source = await openSource(server.ask, { source: 'resends', dialect: null, reading: null, required: ['url_secret'] });
}, 180_000);
afterAll(async () => {
  await server?.close(false);
  await wire?.[Symbol.asyncDispose]();
});

/** TradingView hangs up after it, and sends again after 5 s what was answered with 500 to 599 other than 504; nothing else. */
const patienceMs = 3000;
const resends = (status: number): boolean => status >= 500 && status !== 504;

interface Address {
  readonly path: () => string;
  readonly body: (nth: number) => string;
}
const addresses: Readonly<Record<string, Address>> = {
  'the webhook': {
    path: () => `/hooks/${source.source}/${source.token}`,
    body: (nth) => `{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":${100 + nth},"strategy":"resend-${nth}"}`,
  },
  'TradersPost’s address': {
    path: () => `/trading/webhook/${source.id}/${source.token}`,
    body: (nth) => `{"ticker":"KO","action":"buy","quantity":${nth},"stopLoss":{"type":"stop","percent":5}}`,
  },
};

interface Reply {
  readonly status: number;
  readonly id: string | null;
}

/** The reply, or null when the connection ended before there was one. */
async function send(address: Address, body: string): Promise<Reply | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${server.port}${address.path()}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', connection: 'close' },
      signal: AbortSignal.timeout(10_000),
    });
    const { id } = (await response.json()) as { id?: string };
    return { status: response.status, id: id ?? null };
  } catch {
    return null;
  }
}

/**
 * What is sent to the database arrives from now on, and what it answers does not. An alert before it has the statement prepared, which takes an
 * answer.
 */
async function deafen(address: Address): Promise<void> {
  expect((await untilTaken(address, address.body(++alerts))).id).not.toBeNull();
  wire.deaf();
}

const signalsOf = (body: string) =>
  server.database.sql()<
    { id: string; status: string }[]
  >`select id, status from trading_signals where raw_body = ${body}`;

/** Resolves once the alert is committed, while nobody on the server's side of the wire can know it. */
async function stored(body: string): Promise<string> {
  for (;;) {
    const [row] = await signalsOf(body).catch(() => []);
    if (row) return row.id;
  }
}

/** What happens after the commit; the alert is stored, and its reply is under way. */
const faults: Readonly<Record<string, () => Promise<void>>> = {
  async 'the connection to the database is reset'() {
    await wire.up();
    wire.cut();
  },
  async 'the database is killed'() {
    await server.database.killAndStart();
    await wire.up();
    wire.cut();
  },
  async 'the server is killed'() {
    await wire.up();
    await server.killAndStart();
  },
  async 'the database says nothing for longer than a reply may take'() {
    await new Promise((resolve) => setTimeout(resolve, patienceMs));
    await wire.up();
    wire.cut();
  },
};

const cases = Object.keys(addresses).flatMap((address) =>
  Object.keys(faults).map((fault) => [address, fault] as const),
);

test.each(cases)(
  '%s: %s',
  async (where, what) => {
    const address = addresses[where]!;
    const body = address.body(++alerts);
    await deafen(address);
    const first = send(address, body);
    const id = await stored(body);
    await faults[what]!();
    const reply = await first;
    expect([200, 202, 503, undefined]).toContain(reply?.status);
    if (reply && !resends(reply.status)) expect(reply.id).toBe(id);
    // TradingView sends only after the status; a proxy or another sender after a lost connection as well.
    const again = await untilTaken(address, body);
    expect(again).toEqual({ status: 200, id });
    await expectOneOrder(id, body);
  },
  120_000,
);

test.each(Object.keys(addresses))(
  '%s: the sender’s connection is reset before the reply',
  async (where) => {
    const address = addresses[where]!;
    const body = address.body(++alerts);
    wire.deaf();
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `POST ${address.path()} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    const id = await stored(body);
    socket.resetAndDestroy();
    await wire.up();
    wire.cut();
    expect(await untilTaken(address, body)).toEqual({ status: 200, id });
    await expectOneOrder(id, body);
  },
  120_000,
);

/** Sends it again as long as it is told to, as whoever must not lose it does. */
async function untilTaken(address: Address, body: string): Promise<Reply> {
  for (;;) {
    const reply = await send(address, body);
    if (reply && !resends(reply.status)) return reply;
  }
}

/** One signal, decided once, and at most one order of it: what the rules say of it is not what is tried here. */
async function expectOneOrder(id: string, body: string): Promise<void> {
  const read = async () => {
    const rows = await signalsOf(body);
    const orders = await server.database.sql()<
      { role: string }[]
    >`select role from orders where signal_id = ${id} and parent_id is null`;
    const decided = rows[0]?.status !== 'accepted';
    return { signals: rows.map((row) => row.id), decided, ordersAtMostOne: orders.length <= 1 };
  };
  await expect.poll(read, { timeout: 60_000 }).toEqual({ signals: [id], decided: true, ordersAtMostOne: true });
}
