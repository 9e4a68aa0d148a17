import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A request as the stub got it. */
export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (request: StubRequest, response: ServerResponse, raw: IncomingMessage) => void;

/**
 * For tests of the adapters: a server on loopback that answers what the test says, however wrong, and keeps what it was asked.
 * WebSocket clients are handed over as they come.
 */
export async function startStubVenue(answer: Answer) {
  const requests: StubRequest[] = [];
  const sockets: WebSocket[] = [];
  const server = createServer((raw, response) => {
    let body = '';
    raw.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    raw.on('end', () => {
      const url = new URL(raw.url ?? '/', 'http://stub');
      const request = {
        method: raw.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: raw.headers,
        body,
      };
      requests.push(request);
      answer(request, response, raw);
    });
  });
  const ws = new WebSocketServer({ server });
  let onSocket: (socket: WebSocket) => void = () => undefined;
  ws.on('connection', (socket) => {
    sockets.push(socket);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    streamUrl: `ws://127.0.0.1:${port}/stream`,
    requests,
    sockets,
    onSocket(listener: (socket: WebSocket) => void) {
      onSocket = listener;
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      ws.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Answers JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** An order as Alpaca writes it. */
export const wireOrder = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: '61e69015-8549-4bfd-b9c3-01e75843f47d',
  client_order_id: 'sbx-1',
  created_at: '2026-11-20T15:00:00.123456789Z',
  updated_at: '2026-11-20T15:00:00.223456789Z',
  submitted_at: '2026-11-20T15:00:00.123456789Z',
  symbol: 'AAPL',
  asset_class: 'us_equity',
  notional: null,
  qty: '10',
  filled_qty: '0',
  filled_avg_price: null,
  order_class: '',
  order_type: 'market',
  type: 'market',
  side: 'buy',
  time_in_force: 'day',
  limit_price: null,
  stop_price: null,
  status: 'pending_new',
  extended_hours: false,
  legs: null,
  ...change,
});
