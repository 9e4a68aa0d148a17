import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { barJson, quoteJson, tradeJson } from '../api/market-data.ts';
import type { Bar } from '../market/bars.ts';
import type { SimulatedMarket } from '../market/market.ts';
import { type Framing, framingOf } from './frames.ts';

const channels = ['trades', 'quotes', 'bars'] as const;
type Channel = (typeof channels)[number];
type Message = { readonly action?: string; readonly key?: string; readonly secret?: string } & Partial<
  Record<Channel, readonly string[]>
>;

interface Client {
  readonly socket: WebSocket;
  readonly framing: Framing;
  readonly wanted: Record<Channel, Set<string>>;
}

/** The stock data stream, `/v2/iex`: connected, authenticate, subscribe, and quotes, trades and bars as they happen. */
export class MarketStream {
  readonly #clients = new Set<Client>();
  readonly #market: SimulatedMarket;

  constructor(market: SimulatedMarket) {
    this.#market = market;
  }

  serve(
    socket: WebSocket,
    request: IncomingMessage,
    accountOf: (keyId: string, secretKey: string) => string | null,
  ): void {
    const framing = framingOf(request, 'text');
    const client: Client = { socket, framing, wanted: { trades: new Set(), quotes: new Set(), bars: new Set() } };
    const say = (...messages: object[]) => framing.send(socket, messages);
    let authenticated = false;
    socket.on('close', () => void this.#clients.delete(client));
    socket.on('message', (raw: Buffer) => {
      const message = framing.read(raw) as Message | null;
      if (message?.action === 'auth') {
        if (authenticated) return say({ T: 'error', code: 403, msg: 'already authenticated' });
        authenticated = accountOf(message.key ?? '', message.secret ?? '') !== null;
        if (!authenticated) return say({ T: 'error', code: 402, msg: 'auth failed' });
        this.#clients.add(client);
        return say({ T: 'success', msg: 'authenticated' });
      }
      if (message?.action !== 'subscribe' && message?.action !== 'unsubscribe') {
        return say({ T: 'error', code: 400, msg: 'invalid syntax' });
      }
      if (!authenticated) return say({ T: 'error', code: 401, msg: 'not authenticated' });
      for (const channel of channels) {
        for (const symbol of message[channel] ?? []) {
          if (message.action === 'subscribe') client.wanted[channel].add(symbol.toUpperCase());
          else client.wanted[channel].delete(symbol.toUpperCase());
        }
      }
      const { trades, quotes, bars } = client.wanted;
      say({
        T: 'subscription',
        trades: [...trades],
        quotes: [...quotes],
        bars: [...bars],
        updatedBars: [],
        dailyBars: [],
        statuses: [],
        lulds: [],
        corrections: [],
        cancelErrors: [],
      });
      // The price is there at once; the next quote may be seconds away.
      if (message.action === 'subscribe')
        this.#tell(
          client,
          [...(message.quotes ?? [])].map((symbol) => symbol.toUpperCase()),
        );
    });
    say({ T: 'success', msg: 'connected' });
  }

  /** Tells of the symbols' new quotes and prints, and of the bars that ended. */
  show(symbols: readonly string[], finished: ReadonlyMap<string, Bar>): void {
    for (const client of this.#clients) {
      const messages: object[] = [];
      for (const symbol of symbols) {
        const quote = this.#market.quote(symbol);
        const trade = this.#market.lastTrade(symbol);
        if (quote && wants(client.wanted.quotes, symbol)) messages.push({ T: 'q', S: symbol, ...quoteJson(quote) });
        if (trade && wants(client.wanted.trades, symbol)) messages.push({ T: 't', S: symbol, ...tradeJson(trade) });
        const bar = finished.get(symbol);
        if (bar && wants(client.wanted.bars, symbol)) messages.push({ T: 'b', S: symbol, ...barJson(bar) });
      }
      if (messages.length > 0) client.framing.send(client.socket, messages);
    }
  }

  #tell(client: Client, symbols: readonly string[]): void {
    const messages = symbols.flatMap((symbol) => {
      const quote = this.#market.quote(symbol);
      return quote ? [{ T: 'q', S: symbol, ...quoteJson(quote) }] : [];
    });
    if (messages.length > 0) client.framing.send(client.socket, messages);
  }
}

const wants = (set: ReadonlySet<string>, symbol: string): boolean => set.has(symbol) || set.has('*');
