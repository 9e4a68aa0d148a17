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
export type Channel = (typeof stockChannels)[number] | (typeof cryptoChannels)[number];
const everyChannel = [...new Set<string>([...stockChannels, ...cryptoChannels, 'news'])];

export type Said = Readonly<Record<string, unknown>>;

/** Why a list of symbols was not taken, by Alpaca's codes: invalid syntax, too many symbols, a channel that the feed has not. */
export type SubscriptionFault = 400 | 405 | 410;

/** What a client of a data stream is told of: symbols by channel, `*` for all there are. */
export class Subscription {
  readonly #wanted: ReadonlyMap<Channel, Set<string>>;
  readonly #crypto: boolean;
  readonly #most: number | null;

  /** `most`: symbols that may be on trades and quotes; null: any number. */
  constructor(crypto: boolean, most: number | null) {
    const channels: readonly Channel[] = crypto ? cryptoChannels : stockChannels;
    this.#wanted = new Map(channels.map((channel) => [channel, new Set<string>()]));
    this.#crypto = crypto;
    this.#most = most;
  }

  has(channel: Channel, symbol: string): boolean {
    const set = this.#wanted.get(channel);
    return set !== undefined && set.size > 0 && (set.has(symbol) || set.has('*'));
  }

  /** Adds what a client says to what it is told, or takes it away; why not, and nothing changed, when that cannot be. */
  change(said: Said, add: boolean): SubscriptionFault | null {
    // Alpaca's Go client names every channel there is, and nothing in those that it does not mean.
    const known = everyChannel.filter((channel) => symbolsOf(said[channel])?.length !== 0);
    if (known.some((channel) => !this.#wanted.has(channel as Channel))) return 410;
    const asked = new Map<Channel, string[]>();
    for (const channel of known) {
      const symbols = symbolsOf(said[channel]);
      if (symbols === null) return 400;
      asked.set(channel as Channel, symbols);
    }
    if (add && this.#most !== null) {
      for (const channel of ['trades', 'quotes'] as const) {
        const all = new Set([...this.#wanted.get(channel)!, ...(asked.get(channel) ?? [])]);
        if (all.size > this.#most || all.has('*')) return 405;
      }
    }
    for (const [channel, symbols] of asked) {
      const set = this.#wanted.get(channel)!;
      for (const symbol of symbols) {
        if (add) set.add(symbol);
        else set.delete(symbol);
      }
    }
    return null;
  }

  /** All of it, as a client is told of it after each change. */
  shown(): Record<string, string[]> {
    const all = Object.fromEntries([...this.#wanted].map(([channel, set]) => [channel, [...set]]));
    // Corrections and cancellations of trades come with the trades.
    return this.#crypto ? all : { ...all, corrections: all.trades!, cancelErrors: all.trades! };
  }
}

/** Upper case; null when it is no list of names. */
export function symbolsOf(value: unknown): string[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) return null;
  return (value as string[]).map((symbol) => symbol.toUpperCase());
}
