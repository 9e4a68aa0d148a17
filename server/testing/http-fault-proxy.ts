import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What to answer instead of the target, or null to pass the request on. */
export type Fault = (asked: { method: string; path: string; body: string }) => { status: number; body: string } | null;

/** An HTTP proxy in front of a server on loopback that can answer in its stead, or hold requests up. */
export interface HttpFaultProxy {
  readonly url: string;
  /** From now on; null passes everything on. */
  fault(next: Fault | null): void;
  /** Holds every request up for so long before it is passed on. */
  delay(ms: number): void;
  close(): Promise<void>;
}

export async function startHttpFaultProxy(target: string): Promise<HttpFaultProxy> {
  let fault: Fault | null = null;
  let delayMs = 0;
  const { hostname, port } = new URL(target);
  const answer = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { method = 'GET', url: path = '/' } = asked;
    const instead = fault?.({ method, path, body: body.toString() });
    if (instead) {
      response.writeHead(instead.status, { 'content-type': 'application/json' }).end(instead.body);
      return;
    }
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const passed = request({ hostname, port, method, path, headers: asked.headers }, (from) => {
      response.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(response);
    });
    passed.on('error', () => response.destroy());
    passed.end(body);
  };
  const server = createServer((asked, response) => void answer(asked, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault(next) {
      fault = next;
    },
    delay(ms) {
      delayMs = ms;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
