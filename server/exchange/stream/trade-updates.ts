import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { updateJson } from '../api/wire.ts';
import type { Venue } from '../venue/venue.ts';
import { framingOf } from './frames.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * One client of `/stream`: it authenticates in either form, says what it listens to, and is told of the account's orders. Each `listen`
 * replaces the one before. What it missed while it was away it has to ask for by REST, as at Alpaca.
 */
export function serveTradeUpdates(
  socket: WebSocket,
  request: IncomingMessage,
  venue: Venue,
  accountOf: (keyId: string, secretKey: string) => string | null,
): void {
  const framing = framingOf(request, 'binary');
  const say = (stream: string, data: Fields) => framing.send(socket, { stream, data });
  let accountId: string | null = null;
  let listening = false;
  const stop = venue.onUpdate((update) => {
    if (listening && update.accountId === accountId) say('trade_updates', updateJson(update));
  });
  socket.on('close', stop);
  socket.on('message', (raw: Buffer) => {
    const message = fieldsOf(framing.read(raw));
    const data = fieldsOf(message.data);
    if (message.action === 'authenticate' || message.action === 'auth') {
      // The older form has the keys inside `data`, the newer one beside the action; both are answered alike.
      const [keyId, secret] = [data.key_id ?? message.key, data.secret_key ?? message.secret];
      accountId = accountOf(typeof keyId === 'string' ? keyId : '', typeof secret === 'string' ? secret : '');
      if (accountId === null) listening = false;
      say('authorization', { status: accountId === null ? 'unauthorized' : 'authorized', action: 'authenticate' });
    } else if (message.action === 'listen') {
      if (accountId === null) return say('authorization', { status: 'unauthorized', action: 'listen' });
      const wanted = Array.isArray(data.streams) ? data.streams : [];
      // Streams that there are not are left out of the answer.
      listening = wanted.includes('trade_updates');
      say('listening', { streams: listening ? ['trade_updates'] : [] });
    } else {
      say('error', { error: 'invalid message' });
    }
  });
}

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
