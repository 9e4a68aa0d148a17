// What clients send to the data streams, as each of them writes it.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestExchange } from '../../testing/exchange.ts';
import type { Exchange } from '../exchange.ts';

let exchange: Exchange;
let socket: WebSocket;
let said: Record<string, unknown>[];
const told = (T: string) => expect.poll(() => said.filter((one) => one.T === T));

beforeEach(async () => {
  exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
  said = [];
  socket = new WebSocket(exchange.dataStreamUrl);
  socket.on('message', (data) => said.push(...(JSON.parse(String(data)) as Record<string, unknown>[])));
  await told('success').toMatchObject([{ msg: 'connected' }]);
  socket.send(JSON.stringify({ action: 'auth', key: exchange.keyId, secret: exchange.secretKey }));
  await told('success').toMatchObject([{}, { msg: 'authenticated' }]);
});
afterEach(async () => {
  socket.terminate();
  await exchange.stop();
});

it('takes a list of every channel there is, with nothing in those of another feed, as the Go client sends it', async () => {
  const none = { trades: [], bars: [], updatedBars: [], dailyBars: [], statuses: [], imbalances: [], lulds: [] };
  const others = { orderbooks: [], news: null, cancelErrors: [], corrections: [] };
  socket.send(JSON.stringify({ action: 'subscribe', quotes: ['AAPL'], ...none, ...others }));
  await told('subscription').toMatchObject([{ quotes: ['AAPL'], trades: [], imbalances: [] }]);
  await told('q').toMatchObject([{ S: 'AAPL', bp: 149.99, ap: 150.01 }]);
});

it.each([
  [{ action: 'subscribe', orderbooks: ['BTC/USD'] }, 410],
  [{ action: 'subscribe', quotes: 'AAPL' }, 400],
  [{ action: 'subscribe', quotes: [5] }, 400],
  [{ action: 'listen' }, 400],
  [{ action: 'auth', key: 'x', secret: 'y' }, 403],
  ['{', 400],
])('answers %j with the error %i, and goes on', async (message, code) => {
  socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  await told('error').toMatchObject([{ code }]);
  socket.send(JSON.stringify({ action: 'subscribe', quotes: ['AAPL'] }));
  await told('q').toHaveLength(1);
});

it('tells of a halt and of its end', async () => {
  socket.send(JSON.stringify({ action: 'subscribe', statuses: ['*'] }));
  await told('subscription').toHaveLength(1);
  const { id } = await exchange.awkward.add({ kind: 'halt', match: { symbol: 'AAPL' } });
  await told('s').toMatchObject([{ S: 'AAPL', sc: 'H' }]);
  await exchange.awkward.remove(id);
  await told('s').toMatchObject([{}, { S: 'AAPL', sc: 'T' }]);
});
