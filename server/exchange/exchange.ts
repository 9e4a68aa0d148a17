import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Random } from '../core/ports/random.ts';
import { Listing } from './api/assets.ts';
import { type DataPlan, unlimitedPlan } from './api/data-plan.ts';
import { face } from './api/face.ts';
import type { Awkwardness } from './awkward/awkwardness.ts';
import { layAwkwardness } from './awkward/layer.ts';
import type { Liquidity } from './book/terms.ts';
import { createSessions } from './calendar/sessions.ts';
import { EquityHistory } from './history/equity-history.ts';
import { type MarketChoice, openMarket } from './market/choice.ts';
import type { Instrument } from './market/instruments.ts';
import type { Market, MarketTick } from './market/market.ts';
import { MarketMover } from './market/mover.ts';
import { MarketStream } from './stream/market-stream.ts';
import { serveTradeUpdates } from './stream/trade-updates.ts';
import { furtherSecret, newNumber, type OpenedAccount, openFurtherAccount } from './venue/further-accounts.ts';
import { wholeDollars } from './venue/money.ts';
import type { ExchangeStore } from './venue/store.ts';
import { Venue } from './venue/venue.ts';

export interface ExchangeOptions {
  readonly store: ExchangeStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Listens on this; loopback unless told. */
  readonly host?: string;
  /** Under which it is reached, where that is another name. */
  readonly name?: string;
  /** 0: any free port. */
  readonly port?: number;
  /** The account's credentials; compared in constant time. */
  readonly keyId: string;
  readonly secretKey: string;
  /** Who has it may make the exchange misbehave, under `/admin/awkward`; without it nobody may. */
  readonly adminKey?: string;
  readonly seed?: number;
  /** Quotes of each symbol per second, on average; 0: the market stands still but for what a test scripts. */
  readonly pace?: number;
  readonly instruments?: readonly Instrument[];
  /** The simulated one unless told. */
  readonly market?: MarketChoice;
  /** What the account may have of market data: `unlimitedPlan` unless told. */
  readonly dataPlan?: DataPlan;
  /** Play money of a new account, in whole dollars. */
  readonly startingCash?: number;
  /** Equities trade round the clock, which is how a first start rehearses at any hour; false: in New York's hours. */
  readonly alwaysOpen?: boolean;
  /** How orders that meet the market's quote are filled: `displayedLiquidity` unless told, or `alpacaLiquidity`. */
  readonly fills?: Liquidity;
  /** Alpaca's limit is 200; without one nothing is counted and no X-RateLimit headers are sent. */
  readonly requestsPerMinute?: number | null;
}

export interface Exchange {
  readonly url: string;
  readonly streamUrl: string;
  readonly dataUrl: string;
  readonly dataStreamUrl: string;
  readonly cryptoStreamUrl: string;
  readonly keyId: string;
  readonly secretKey: string;
  readonly adminKey: string | null;
  readonly venue: Venue;
  readonly market: Market;
  readonly awkward: Awkwardness;
  /** Opens one more account, with play money in whole dollars; as much as the first one had unless told. */
  openAccount(cash?: number): Promise<OpenedAccount>;
  /** Puts one symbol's market where the caller says, in dollars, and lets the books see it. */
  setQuote(symbol: string, bid: number, ask: number, size?: number): Promise<void>;
  stop(): Promise<void>;
}

const savePricesEveryMs = 5000;

/** Opens the venue: its books from the store, its market, its REST and WebSocket face. */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const { store, clock, random, log, keyId, secretKey, pace = 1 } = options;
  const sessions = createSessions({ alwaysOpen: options.alwaysOpen ?? true });
  const { market: choice = { kind: 'sim' }, seed = 1, instruments } = options;
  const market = openMarket({ choice, sessions, seed, pace, instruments });
  const venue = await Venue.open({ store, market, sessions, clock, random, log, liquidity: options.fills });
  await venue.command(({ state, now }) => {
    if ([...state.accounts.values()].some((account) => account.keyId === keyId)) return;
    state.addAccount({
      id: random.id(),
      number: newNumber(random, 'PA', 10),
      keyId,
      cash: wholeDollars(options.startingCash ?? 100_000),
      createdAt: now,
    });
  });
  const accountIds = await venue.command(
    ({ state }) => new Map([...state.accounts.values()].map((account) => [account.keyId, account.id])),
  );
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const accountOf = (id: string, secret: string): string | null => {
    const expected = id === keyId ? secretKey : furtherSecret(secretKey, id);
    return timingSafeEqual(digest(`${id}\n${secret}`), digest(`${id}\n${expected}`))
      ? (accountIds.get(id) ?? null)
      : null;
  };
  const openAccount = async (cash = options.startingCash ?? 100_000): Promise<OpenedAccount> => {
    const { accountId, ...told } = await openFurtherAccount(venue, random, { firstSecret: secretKey, cash });
    accountIds.set(told.keyId, accountId);
    return told;
  };

  const dataPlan = options.dataPlan ?? unlimitedPlan;
  const stream = new MarketStream({ market, clock, accountOf, plan: dataPlan });
  const see = (ticks: readonly MarketTick[]): Promise<void> => {
    stream.show(ticks);
    const moved = ticks.map(({ symbol }) => symbol);
    return venue.show(moved).catch((error: unknown) => log.error({ error }, 'the market could not move'));
  };
  const show = (symbols: readonly string[]): Promise<void> =>
    see(
      symbols.flatMap((symbol) => {
        const quote = market.quote(symbol);
        return quote ? [{ symbol, quote, trade: market.lastTrade(symbol) }] : [];
      }),
    );
  const mover = new MarketMover({
    market,
    clock,
    show: see,
    endMinute: (minute, now) => stream.endMinute(minute, now),
  });
  await mover.start();
  const timers = [
    clock.every(savePricesEveryMs, () => {
      store
        .savePrices(market.prices())
        .catch((error: unknown) => log.warn({ error }, 'the last prices were not saved'));
    }),
  ];

  const symbols = market.instruments.map(({ symbol }) => symbol);
  const history = await EquityHistory.open({ venue, symbols, store, sessions, clock, log });
  const now = () => clock.now();
  const listing = new Listing(market.instruments);
  const requestsPerMinute = options.requestsPerMinute ?? null;
  const app = face({
    trading: { venue, listing, history, sessions, records: store, random, now },
    market,
    monotonicMs: () => clock.monotonicMs(),
    dataPlan,
    requestsPerMinute,
    accountOf,
    log,
  });
  const layer = layAwkwardness({
    venue,
    market,
    clock,
    random,
    log,
    seed,
    adminKey: options.adminKey,
    openAccount,
    sessions,
    accountsOf: (id) => [id, accountIds.get(id) ?? ''].filter(Boolean),
    show,
    tellHalt: (symbol, halted) => stream.tellHalt(symbol, halted, clock.now()),
    facts: () => ({
      url,
      streamUrl: `ws://${host}:${port}/stream`,
      dataStreamUrl: `ws://${host}:${port}/v2/iex`,
      pace,
      alwaysOpen: sessions.alwaysOpen,
      requestsPerMinute,
    }),
  });
  const server = serve({
    fetch: (request, { incoming }) => layer.answer(request, incoming as IncomingMessage, () => app.fetch(request)),
    hostname: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  server.on('upgrade', (request, socket, head) => {
    const path = new URL(request.url ?? '/', 'http://exchange').pathname.replace(/\/$/, '');
    const feed =
      /^(?:\/v2\/(iex|sip|delayed_sip|boats|overnight|otc)|\/v1beta3\/(crypto)\/(?:us|us-1|us-2|eu-1))$/.exec(path);
    if (path !== '/stream' && !feed) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => ws.terminate());
      layer.watch(ws, path === '/stream' ? 'trade_updates' : 'market_data');
      if (!feed) serveTradeUpdates(ws, request, venue, accountOf);
      else stream.serve(ws, request, feed[1] ?? feed[2]!);
    });
  });
  const { port } = server.address() as AddressInfo;
  const host = options.name ?? options.host ?? '127.0.0.1';
  const url = `http://${host}:${port}`;

  return {
    url,
    streamUrl: `ws://${host}:${port}/stream`,
    dataUrl: url,
    dataStreamUrl: `ws://${host}:${port}/v2/iex`,
    cryptoStreamUrl: `ws://${host}:${port}/v1beta3/crypto/us`,
    keyId,
    secretKey,
    adminKey: options.adminKey ?? null,
    venue,
    market,
    awkward: layer.awkward,
    openAccount,
    async setQuote(symbol, bid, ask, size) {
      market.script(symbol, bid, ask, clock.now(), size);
      await show([symbol]);
    },
    async stop() {
      for (const timer of timers) timer.cancel();
      await mover.stop();
      history.stop();
      await layer.awkward.clear();
      for (const ws of sockets.clients) ws.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await venue.close();
      await store.savePrices(market.prices()).catch(() => {});
    },
  };
}
