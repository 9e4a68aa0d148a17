import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Clock } from '../../core/ports/clock.ts';
import type { DataPlan } from '../api/data-plan.ts';
import { barJson, orderBookJson, quoteJson, statusJson, tradeJson, type Wire } from '../api/market-wire.ts';
import { wallTime } from '../calendar/civil-day.ts';
import type { Instrument } from '../market/instruments.ts';
import type { Market, MarketQuote, MarketTick, MarketTrade } from '../market/market.ts';
import { type Framing, framingOf } from './frames.ts';
import { type Said, Subscription, symbolsOf } from './subscription.ts';

interface Client {
  readonly socket: WebSocket;
  readonly framing: Framing;
  readonly feed: string;
  readonly subscription: Subscription;
  accountId: string | null;
}

/** Of a moment of a market what nobody has been told. */
interface News {
  readonly symbol: string;
  readonly quote: MarketQuote | null;
  readonly trade: MarketTrade | null;
}

export interface MarketStreamParts {
  readonly market: Market;
  readonly clock: Clock;
  readonly accountOf: (keyId: string, secretKey: string) => string | null;
  readonly plan: DataPlan;
}

/** Who has not said who they are by then is sent away. */
const authenticateWithinMs = 10_000;
/** A client that is behind by this many bytes is sent away. */
const mostUnsentBytes = 4 * 1024 * 1024;
/** So long may a client that is sent away take what is still on its way to it. */
const farewellMs = 5000;

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
  409: 'insufficient subscription',
  410: 'invalid subscribe action for this feed',
} as const;
type ErrorCode = keyof typeof errors;

/** The feeds that the venue has. Alpaca's others are there, and nobody has a subscription to them. */
const feeds = ['iex', 'sip', 'crypto'];

/** The data streams, `/v2/iex` and `/v2/sip` for stocks and `/v1beta3/crypto/us`: connected, authenticated, subscribed, and told. */
export class MarketStream {
  readonly #clients = new Set<Client>();
  readonly #parts: MarketStreamParts;
  readonly #bySymbol: ReadonlyMap<string, Instrument>;
  /** What was told last of each symbol: a market that is shown again is no news. */
  readonly #told = new Map<string, { quote: MarketQuote | null; trade: MarketTrade | null }>();

  constructor(parts: MarketStreamParts) {
    this.#parts = parts;
    this.#bySymbol = new Map(parts.market.instruments.map((instrument) => [instrument.symbol, instrument]));
  }

  /** Clients that have said who they are. */
  get size(): number {
    return this.#clients.size;
  }

  /** Takes a client. `feed`: one of Alpaca's for stocks, or `crypto`. */
  serve(socket: WebSocket, request: IncomingMessage, feed: string): void {
    const { clock, plan } = this.#parts;
    const framing = framingOf(request, 'text');
    const subscription = new Subscription(feed === 'crypto', plan.symbols);
    const client: Client = { socket, framing, feed, subscription, accountId: null };
    const timeout = clock.after(authenticateWithinMs, () => this.#dismiss(client, 404));
    const authenticate = (key: unknown, secret: unknown): void => {
      this.#authenticate(client, String(key ?? ''), String(secret ?? ''));
      if (client.accountId !== null) timeout.cancel();
    };
    socket.on('close', () => {
      timeout.cancel();
      this.#clients.delete(client);
    });
    socket.on('message', (raw: Buffer) => {
      const message = framing.read(raw);
      if (typeof message !== 'object' || message === null) return fail(client, 400);
      const said = message as Said;
      if (said.action === 'auth') {
        if (client.accountId !== null) return fail(client, 403);
        return authenticate(said.key, said.secret);
      }
      if (said.action !== 'subscribe' && said.action !== 'unsubscribe') return fail(client, 400);
      if (client.accountId === null) return fail(client, 401);
      const fault = subscription.change(said, said.action === 'subscribe');
      if (fault !== null) return fail(client, fault);
      framing.send(socket, [{ T: 'subscription', ...subscription.shown() }]);
      // The price is there at once; the next quote may be seconds away.
      if (said.action === 'subscribe') this.#greet(client, symbolsOf(said.quotes) ?? []);
    });
    framing.send(socket, [{ T: 'success', msg: 'connected' }]);
    const { 'apca-api-key-id': key, 'apca-api-secret-key': secret } = request.headers;
    if (key && secret) authenticate(key, secret);
  }

  /** Tells of new quotes and trades. */
  show(ticks: readonly MarketTick[]): void {
    const news = ticks.map((tick) => this.#newsOf(tick));
    for (const client of this.#clients) {
      this.#send(
        client,
        news.flatMap((one) => this.#messages(client, one)),
      );
    }
  }

  /** Tells of the minute that has just ended, and of the days as they now stand. */
  endMinute(minute: number, now: Date): void {
    const bars = new Map<string, { readonly b: Wire | null; readonly d: Wire | null }>();
    const barsOf = (instrument: Instrument) => {
      const known = bars.get(instrument.symbol) ?? this.#barsOf(instrument, minute, now);
      bars.set(instrument.symbol, known);
      return known;
    };
    for (const client of this.#clients) {
      const messages: Wire[] = [];
      for (const instrument of this.#ofFeed(client.feed)) {
        const { symbol } = instrument;
        for (const [channel, T] of [['bars', 'b'] as const, ['dailyBars', 'd'] as const]) {
          const bar = client.subscription.has(channel, symbol) ? barsOf(instrument)[T] : null;
          if (bar) messages.push({ T, S: symbol, ...bar });
        }
      }
      this.#send(client, messages);
    }
  }

  /** Tells that trading in a stock was halted, or goes on. */
  tellHalt(symbol: string, halted: boolean, at: Date): void {
    const instrument = this.#bySymbol.get(symbol);
    if (instrument?.assetClass !== 'us_equity') return;
    const message = { T: 's', S: symbol, ...statusJson(halted, at, instrument) };
    for (const client of this.#clients) if (client.subscription.has('statuses', symbol)) this.#send(client, [message]);
  }

  /** Lets a client in, or says why not. */
  #authenticate(client: Client, key: string, secret: string): void {
    const accountId = this.#parts.accountOf(key, secret);
    if (accountId === null) {
      fail(client, 402);
    } else if (!this.#hasFeed(client.feed)) {
      this.#dismiss(client, 409);
    } else if (this.#countOf(accountId, client.feed) >= (this.#parts.plan.connections ?? Number.POSITIVE_INFINITY)) {
      this.#dismiss(client, 406);
    } else {
      client.accountId = accountId;
      this.#clients.add(client);
      client.framing.send(client.socket, [{ T: 'success', msg: 'authenticated' }]);
    }
  }

  #hasFeed(feed: string): boolean {
    return feeds.includes(feed) && (feed !== 'sip' || this.#parts.plan.sipDelayMs === 0);
  }

  #countOf(accountId: string, feed: string): number {
    return [...this.#clients].filter((other) => other.accountId === accountId && other.feed === feed).length;
  }

  #ofFeed(feed: string): Instrument[] {
    const wanted = feed === 'crypto' ? 'crypto' : 'us_equity';
    return [...this.#bySymbol.values()].filter((instrument) => instrument.assetClass === wanted);
  }

  /** What of a tick was not told before. */
  #newsOf({ symbol, quote, trade }: MarketTick): News {
    const told = this.#told.get(symbol);
    this.#told.set(symbol, { quote, trade: trade ?? told?.trade ?? null });
    return { symbol, quote: quote === told?.quote ? null : quote, trade: trade === told?.trade ? null : trade };
  }

  #messages(client: Client, { symbol, quote, trade }: News): Wire[] {
    const instrument = this.#bySymbol.get(symbol);
    if (!instrument || (instrument.assetClass === 'crypto') !== (client.feed === 'crypto')) return [];
    const { subscription, feed } = client;
    const messages: Wire[] = [];
    if (quote && subscription.has('quotes', symbol)) {
      messages.push({ T: 'q', S: symbol, ...quoteJson(quote, instrument, feed) });
    }
    if (trade && subscription.has('trades', symbol)) {
      messages.push({ T: 't', S: symbol, ...tradeJson(trade, instrument, feed) });
    }
    if (quote && subscription.has('orderbooks', symbol)) {
      messages.push({ T: 'o', S: symbol, r: true, ...orderBookJson(quote, instrument) });
    }
    return messages;
  }

  #barsOf(instrument: Instrument, minute: number, now: Date): { readonly b: Wire | null; readonly d: Wire | null } {
    const { history } = this.#parts.market;
    const { symbol } = instrument;
    const { day } = wallTime(minute, history.zoneOf(symbol));
    const bar = history.minuteBars(symbol, day, now).findLast(({ at }) => at.getTime() === minute);
    const daily = history.dayBar(symbol, day, now);
    return { b: bar ? barJson(bar, instrument) : null, d: daily && barJson(daily, instrument) };
  }

  #greet(client: Client, symbols: readonly string[]): void {
    const named = symbols.includes('*') ? this.#ofFeed(client.feed).map((i) => i.symbol) : symbols;
    const quotes = named.flatMap((symbol) => {
      const quote = this.#parts.market.quote(symbol);
      return quote ? this.#messages(client, { symbol, quote, trade: null }) : [];
    });
    this.#send(
      client,
      quotes.filter(({ T }) => T === 'q'),
    );
  }

  #send(client: Client, messages: readonly Wire[]): void {
    if (messages.length === 0) return;
    if (client.socket.bufferedAmount > mostUnsentBytes) this.#dismiss(client, 407);
    else client.framing.send(client.socket, messages);
  }

  /** Says why, and ends the connection, though the client should not listen any more. */
  #dismiss(client: Client, code: ErrorCode): void {
    this.#clients.delete(client);
    fail(client, code);
    client.socket.close();
    const timer = this.#parts.clock.after(farewellMs, () => client.socket.terminate());
    client.socket.once('close', () => timer.cancel());
  }
}

const fail = ({ framing, socket }: Client, code: ErrorCode): void =>
  framing.send(socket, [{ T: 'error', code, msg: errors[code] }]);
