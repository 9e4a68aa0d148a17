import type { IncomingMessage } from 'node:http';
import { decode, encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';

/** How a client wants to be spoken to: JSON, or MessagePack when the upgrade's Content-Type says so. */
export interface Framing {
  send(socket: WebSocket, message: unknown): void;
  read(data: Buffer): unknown;
}

/** Alpaca sends JSON of trade_updates in binary frames on paper; data streams send it as text. */
export function framingOf(request: IncomingMessage, jsonFrames: 'text' | 'binary'): Framing {
  const packed = (request.headers['content-type'] ?? '').includes('msgpack');
  return {
    send(socket, message) {
      if (socket.readyState !== socket.OPEN) return;
      if (packed) socket.send(encode(message), { binary: true });
      else socket.send(JSON.stringify(message), { binary: jsonFrames === 'binary' });
    },
    // Text or binary, JSON or MessagePack: what the client is told in says nothing about what it speaks.
    read(data) {
      try {
        return JSON.parse(data.toString('utf8'));
      } catch {
        try {
          return decode(data);
        } catch {
          return null;
        }
      }
    },
  };
}
