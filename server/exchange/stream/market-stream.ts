import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Clock } from '../../core/ports/clock.ts';
import { barJson, orderBookJson, quoteJson, tradeJson } from '../api/market-wire.ts';
import { wallTime } from '../calendar/civil-day.ts';
import type { Instrument } from '../market/instruments.ts';
import type { Market, MarketTick } from '../market/market.ts';
import { type Framing, framingOf } from './frames.ts';

const stockChannels = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'imbalances',
] as const;
const cryptoChannels = ['trades', 'quotes', 'bars', 'updatedBars', 'dailyBars', 'orderbooks'] as const;
type Channel = (typeof stockChannels)[number] | (typeof cryptoChannels)[number];
const everyChannel = [...new Set<string>([...stockChannels, ...cryptoChannels, 'news'])];

interface Client {
  readonly socket: WebSocket;
  readonly framing: Framing;
  readonly feed: string;
  readonly wanted: ReadonlyMap<Channel, Set<string>>;
  accountId: string | null;
}

export interface MarketStreamParts {
  readonly market: Market;
  readonly clock: Clock;
  readonly accountOf: (keyId: string, secretKey: string) => string | null;
  /** Of one account on one stream at a time, as Alpaca's free plan has one; null: any number. */
  readonly connections?: number | null;
  /** Symbols a client may have on trades and quotes, as Alpaca's free plan has 30; null: any number. */
  readonly symbols?: number | null;
}

/** Who has not said who they are by then is sent away. */
const authenticateWithinMs = 10_000;
/** A client that is behind by this many bytes is sent away. */
const mostUnsentBytes = 4 * 1024 * 1024;

/** Alpaca's documented errors of its data streams. */
const errors = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
  407: 'slow client',
  410: 'invalid subscribe action for this feed',
} as const;

/** The data streams, `/v2/iex` and `/v2/sip` for stocks and `/v1beta3/crypto/us`: connected, authenticated, subscribed, and told. */
export class MarketStream {
  readonly #clients = new Set<Client>();
  readonly #parts: MarketStreamParts;
  readonly #bySymbol: ReadonlyMap<string, Instrument>;

  constructor(parts: MarketStreamParts) {
    this.#parts = parts;
    this.#bySymbol = new Map(parts.market.instruments.map((instrument) => [instrument.symbol, instrument]));
  }

  /** Takes a client. `feed`: `iex` or `sip` for stocks, `crypto`. */
  serve(socket: WebSocket, request: IncomingMessage, feed: string): void {
    const { clock, accountOf } = this.#parts;
    const channels: readonly Channel[] = feed === 'crypto' ? cryptoChannels : stockChannels;
    const framing = framingOf(request, 'text');
    const wanted = new Map(channels.map((channel) => [channel, new Set<string>()]));
    const client: Client = { socket, framing, feed, wanted, accountId: null };
    const fail = (code: keyof typeof errors): void => framing.send(socket, [{ T: 'error', code, msg: errors[code] }]);
    const timeout = clock.after(authenticateWithinMs, () => {
      fail(404);
      socket.close();
    });
    const authenticate = (key: string, secret: string): void => {
      const accountId = accountOf(key, secret);
      if (accountId === null) {
        fail(402);
        return;
      }
      const others = [...this.#clients].filter((other) => other.accountId === accountId && other.feed === feed);
      if (others.length >= (this.#parts.connections ?? Number.POSITIVE_INFINITY)) {
        fail(406);
        socket.close();
        return;
      }
      timeout.cancel();
      client.accountId = accountId;
      this.#clients.add(client);
      framing.send(socket, [{ T: 'success', msg: 'authenticated' }]);
    };
    socket.on('close', () => {
      timeout.cancel();
      this.#clients.delete(client);
    });
    socket.on('message', (raw: Buffer) => {
      const message = framing.read(raw);
      if (typeof message !== 'object' || message === null) return fail(400);
      const said = message as Readonly<Record<string, unknown>>;
      if (said.action === 'auth') {
        if (client.accountId !== null) return fail(403);
        return authenticate(String(said.key ?? ''), String(said.secret ?? ''));
      }
      if (said.action !== 'subscribe' && said.action !== 'unsubscribe') return fail(400);
      if (client.accountId === null) return fail(401);
      const changed = this.#subscribe(client, said, said.action === 'subscribe');
      if (changed !== null) return fail(changed);
      framing.send(socket, [{ T: 'subscription', ...subscriptionOf(client) }]);
      // The price is there at once; the next quote may be seconds away.
      if (said.action === 'subscribe') this.#greet(client, symbolsOf(said.quotes) ?? []);
    });
    framing.send(socket, [{ T: 'success', msg: 'connected' }]);
    const { 'apca-api-key-id': key, 'apca-api-secret-key': secret } = request.headers;
    if (key && secret) authenticate(String(key), String(secret));
  }

  /** Tells of new quotes and trades. */
  show(ticks: readonly MarketTick[]): void {
    for (const client of this.#clients) {
      const messages = ticks.flatMap((tick) => this.#messages(client, tick));
      this.#send(client, messages);
    }
  }

  /** Tells of the minute that has just ended, and of the days as they now stand. */
  endMinute(minute: number, now: Date): void {
    const { history } = this.#parts.market;
    for (const client of this.#clients) {
      const messages: object[] = [];
      for (const instrument of this.#ofFeed(client.feed)) {
        const { symbol } = instrument;
        const { day } = wallTime(minute, history.zoneOf(symbol));
        if (wants(client, 'bars', symbol)) {
          const bar = history.minuteBars(symbol, day, now).findLast(({ at }) => at.getTime() === minute);
          if (bar) messages.push({ T: 'b', S: symbol, ...barJson(bar, instrument) });
        }
        if (wants(client, 'dailyBars', symbol)) {
          const bar = history.dayBar(symbol, day, now);
          if (bar) messages.push({ T: 'd', S: symbol, ...barJson(bar, instrument) });
        }
      }
      this.#send(client, messages);
    }
  }

  /** Tells that trading in a stock was halted, or goes on. */
  tellHalt(symbol: string, halted: boolean, at: Date): void {
    const status = halted ? { sc: 'H', sm: 'Trading Halt' } : { sc: 'T', sm: 'Trading Resumption' };
    const message = { T: 's', S: symbol, ...status, rc: 'T1', rm: 'Halt News Pending', t: at, z: 'C' };
    for (const client of this.#clients) if (wants(client, 'statuses', symbol)) this.#send(client, [message]);
  }

  #ofFeed(feed: string): Instrument[] {
    const wanted = feed === 'crypto' ? 'crypto' : 'us_equity';
    return [...this.#bySymbol.values()].filter((instrument) => instrument.assetClass === wanted);
  }

  #messages(client: Client, { symbol, quote, trade }: MarketTick): object[] {
    const instrument = this.#bySymbol.get(symbol);
    if (!instrument || (instrument.assetClass === 'crypto') !== (client.feed === 'crypto')) return [];
    const messages: object[] = [];
    if (wants(client, 'quotes', symbol)) {
      messages.push({ T: 'q', S: symbol, ...quoteJson(quote, instrument, client.feed) });
    }
    if (trade && wants(client, 'trades', symbol)) {
      messages.push({ T: 't', S: symbol, ...tradeJson(trade, instrument, client.feed) });
    }
    if (wants(client, 'orderbooks', symbol))
      messages.push({ T: 'o', S: symbol, r: true, ...orderBookJson(quote, instrument) });
    return messages;
  }

  /** Changes what a client is told; the code of an error, and nothing changed, when that cannot be. */
  #subscribe(client: Client, said: Readonly<Record<string, unknown>>, add: boolean): keyof typeof errors | null {
    // Alpaca's Go client names every channel there is, and nothing in those that it does not mean.
    const known = everyChannel.filter((channel) => symbolsOf(said[channel])?.length !== 0);
    if (known.some((channel) => !client.wanted.has(channel as Channel))) return 410;
    const asked = new Map<Channel, string[]>();
    for (const channel of known) {
      const symbols = symbolsOf(said[channel]);
      if (symbols === null) return 400;
      asked.set(channel as Channel, symbols);
    }
    const most = this.#parts.symbols ?? null;
    if (add && most !== null) {
      for (const channel of ['trades', 'quotes'] as const) {
        const all = new Set([...client.wanted.get(channel)!, ...(asked.get(channel) ?? [])]);
        if (all.size > most || all.has('*')) return 405;
      }
    }
    for (const [channel, symbols] of asked) {
      const set = client.wanted.get(channel)!;
      for (const symbol of symbols) {
        if (add) set.add(symbol);
        else set.delete(symbol);
      }
    }
    return null;
  }

  #greet(client: Client, symbols: readonly string[]): void {
    const named = symbols.includes('*') ? this.#ofFeed(client.feed).map((i) => i.symbol) : symbols;
    const messages = named.flatMap((symbol) => {
      const quote = this.#parts.market.quote(symbol);
      const instrument = this.#bySymbol.get(symbol);
      if (!quote || !instrument || (instrument.assetClass === 'crypto') !== (client.feed === 'crypto')) return [];
      return [{ T: 'q', S: symbol, ...quoteJson(quote, instrument, client.feed) }];
    });
    this.#send(client, messages);
  }

  #send(client: Client, messages: readonly object[]): void {
    if (messages.length === 0) return;
    if (client.socket.bufferedAmount > mostUnsentBytes) {
      client.framing.send(client.socket, [{ T: 'error', code: 407, msg: errors[407] }]);
      client.socket.close();
      return;
    }
    client.framing.send(client.socket, messages);
  }
}

function wants(client: Client, channel: Channel, symbol: string): boolean {
  const set = client.wanted.get(channel);
  return set !== undefined && set.size > 0 && (set.has(symbol) || set.has('*'));
}

/** Upper case; null when it is no list of names. */
function symbolsOf(value: unknown): string[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) return null;
  return (value as string[]).map((symbol) => symbol.toUpperCase());
}

function subscriptionOf(client: Client): Record<string, string[]> {
  const all = Object.fromEntries([...client.wanted].map(([channel, set]) => [channel, [...set]]));
  // Corrections and cancellations of trades come with the trades.
  return client.feed === 'crypto' ? all : { ...all, corrections: all.trades!, cancelErrors: all.trades! };
}
