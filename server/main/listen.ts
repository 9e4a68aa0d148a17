import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

/** A server that listens already while the app is still being put together: until then it answers 503. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
  serve(fetch: (request: Request, env: object) => Response | Promise<Response>): void;
  close(): Promise<void>;
}

/**
 * Only socket.io speaks another protocol here. A sender that offers one with its alert, as Java's own client offers HTTP/2, is answered as if
 * it had not (RFC 9110, 7.8).
 */
const isForSockets = ({ url }: { readonly url?: string | undefined }): boolean =>
  url?.startsWith('/socket.io/') ?? false;

export async function listen(host: string, port: number): Promise<Listening> {
  let fetch: ((request: Request, env: object) => Response | Promise<Response>) | null = null;
  const listener = getRequestListener(
    (request, env) =>
      fetch?.(request, env) ?? new Response('Starting.', { status: 503, headers: { 'retry-after': '1' } }),
  );
  const timeouts = { keepAliveTimeout: 65_000, headersTimeout: 20_000, requestTimeout: 30_000 };
  const server = createServer({ ...timeouts, shouldUpgradeCallback: isForSockets }, listener);
  // A Node that does not know the callback yet would leave such a connection open and unanswered for ever.
  server.on('upgrade', (request, socket) => {
    if (!isForSockets(request))
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} on ${host} is taken by another program. Set PORT to another one. Nothing was started.`,
            )
          : new Error(`Cannot listen on ${host}:${port}: ${error.message}. Nothing was started.`),
      ),
    );
    server.listen(port, host, resolve);
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    serve(next) {
      fetch = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // Requests that are being answered get a moment; sockets were told before.
        setTimeout(() => server.closeAllConnections(), 500).unref();
      }),
  };
}
