import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { updateJson } from '../api/wire.ts';
import type { Venue } from '../venue/venue.ts';
import { framingOf } from './frames.ts';

interface Message {
  readonly action?: string;
  readonly key?: string;
  readonly secret?: string;
  readonly data?: { readonly key_id?: string; readonly secret_key?: string; readonly streams?: readonly string[] };
}

/** One client of `/stream`: authenticate in either form, listen, and be told of the account's orders. */
export function serveTradeUpdates(
  socket: WebSocket,
  request: IncomingMessage,
  venue: Venue,
  accountOf: (keyId: string, secretKey: string) => string | null,
): void {
  const framing = framingOf(request, 'binary');
  let accountId: string | null = null;
  let listening = false;
  const stop = venue.onUpdate((update) => {
    if (listening && update.accountId === accountId) {
      framing.send(socket, { stream: 'trade_updates', data: updateJson(update) });
    }
  });
  socket.on('close', stop);
  socket.on('message', (raw: Buffer) => {
    const message = framing.read(raw) as Message | null;
    if (message?.action === 'authenticate' || message?.action === 'auth') {
      accountId = accountOf(
        message.data?.key_id ?? message.key ?? '',
        message.data?.secret_key ?? message.secret ?? '',
      );
      const status = accountId === null ? 'unauthorized' : 'authorized';
      framing.send(socket, { stream: 'authorization', data: { status, action: 'authenticate' } });
    } else if (message?.action === 'listen') {
      if (accountId === null) {
        framing.send(socket, { stream: 'authorization', data: { status: 'unauthorized', action: 'listen' } });
        return;
      }
      const streams = (message.data?.streams ?? []).filter((name) => name === 'trade_updates');
      listening = streams.length > 0;
      framing.send(socket, { stream: 'listening', data: { streams } });
    } else {
      framing.send(socket, { stream: 'error', data: { error: 'invalid message' } });
    }
  });
}
