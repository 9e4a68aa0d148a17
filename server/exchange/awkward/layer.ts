import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { tryDecimal } from '../../core/decimal.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Random } from '../../core/ports/random.ts';
import { activityJson } from '../api/activities.ts';
import type { Sessions } from '../calendar/sessions.ts';
import { type Market, ticksPerDollar } from '../market/market.ts';
import type { TradeTerms } from '../venue/correcting.ts';
import type { OpenedAccount } from '../venue/further-accounts.ts';
import { lotsOf } from '../venue/quantity.ts';
import { refuse } from '../venue/refusal.ts';
import type { Desk, Venue } from '../venue/venue.ts';
import { adminApi, type VenueFacts } from './admin.ts';
import { Awkwardness } from './awkwardness.ts';
import type { StreamName } from './fault.ts';
import { Holders, marketFaults } from './market-faults.ts';
import { awkwardRequests } from './requests.ts';
import { makeAwkward } from './streams.ts';
import { latestTrades } from './trades.ts';

const tradesShown = 50;

export interface LayerParts {
  readonly venue: Venue;
  readonly market: Market;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly sessions: Sessions;
  readonly seed: number;
  /** Absent: there is no admin API. */
  readonly adminKey: string | undefined;
  /** Opens one more account, with this much play money, in whole dollars. */
  openAccount(cash?: number): Promise<OpenedAccount>;
  /** Every name of the account whose key id this is. */
  readonly accountsOf: (keyId: string) => readonly string[];
  /** Lets the books and the streams see the symbols' new quotes. */
  readonly show: (symbols: readonly string[]) => Promise<void>;
  /** Tells the data streams that trading in a symbol was halted, or goes on. */
  readonly tellHalt: (symbol: string, halted: boolean) => void;
  readonly facts: () => Omit<VenueFacts, 'symbols' | 'seed'>;
}

export interface Layer {
  readonly awkward: Awkwardness;
  /** Answers a request, by way of the faults that are on. */
  answer(request: Request, incoming: IncomingMessage, venue: () => Response | Promise<Response>): Promise<Response>;
  /** Puts a stream's socket under the faults of streams. */
  watch(socket: WebSocket, stream: StreamName): void;
}

/** Lays everything that can go wrong around a venue. With no fault on it does nothing. */
export function layAwkwardness(parts: LayerParts): Layer {
  const { venue, market, clock, random, log, sessions, seed, adminKey, accountsOf, show } = parts;
  const halted = new Holders();
  const awkward = new Awkwardness({
    clock,
    random,
    log,
    seed,
    hold: marketFaults(
      {
        lists: (symbol) => market.instruments.some((instrument) => instrument.symbol === symbol),
        async halt(symbol) {
          const release = await venue.halt(symbol);
          halted.take(symbol);
          parts.tellHalt(symbol, true);
          return async () => {
            await release();
            if (halted.release(symbol)) parts.tellHalt(symbol, false);
          };
        },
        suspend: (symbol) => venue.suspend(symbol),
        fillInPart: (symbol, partialPpm) => venue.fillInPart(symbol, partialPpm),
        closeEarly: (at) => sessions.closeEarly(at),
        async jump(symbol, percent) {
          const quote = market.quote(symbol);
          if (!quote) return;
          const cents = (ticks: number): number =>
            Math.max(1, Math.round((ticks / ticksPerDollar) * (100 + percent))) / 100;
          market.script(symbol, cents(quote.bid), Math.max(cents(quote.ask), cents(quote.bid) + 0.01), clock.now());
          await show([symbol]);
        },
      },
      () => clock.now(),
    ),
  });
  const requests = awkwardRequests({
    awkward,
    clock,
    accountsOf,
    symbolOfOrder: (id) => venue.command(({ state }) => state.orders.get(id.toLowerCase())?.symbol ?? null),
    newId: () => random.id().replaceAll('-', ''),
  });
  const admin =
    adminKey === undefined
      ? null
      : adminApi({
          awkward,
          adminKey,
          openAccount: parts.openAccount,
          latestTrades: () => venue.command(({ state }) => latestTrades(state, tradesShown)),
          book: (symbol, levels) => venue.command((desk) => desk.book(symbol, levels)),
          async correctTrade(executionId, terms) {
            const execution = await venue.command((desk) =>
              desk.correctTrade(executionId, termsOf(desk, executionId, terms)),
            );
            return activityJson(execution);
          },
          facts: () => ({ ...parts.facts(), symbols: market.instruments.length, seed }),
        });
  return {
    awkward,
    async answer(request, incoming, answer) {
      // Whoever looks after the exchange reaches it however badly it behaves.
      const isAdmin = admin !== null && /^\/admin\//.test(new URL(request.url).pathname);
      return isAdmin ? admin.fetch(request) : requests(request, incoming, answer);
    },
    watch: (socket, stream) => makeAwkward(socket, { awkward, clock, stream, accountsOf }),
  };
}

/** What was asked for as decimal text in the venue's units. */
function termsOf(
  { state }: Desk,
  executionId: string,
  terms: { readonly qty?: string; readonly price?: string } | null,
): TradeTerms {
  const symbol = state.executions.find(({ id }) => id === executionId)?.symbol;
  if (terms === null || symbol === undefined) return null;
  const qty = terms.qty === undefined ? null : tryDecimal(terms.qty);
  const price = terms.price === undefined ? null : tryDecimal(terms.price);
  const lots = qty && lotsOf(symbol, qty);
  if ((terms.qty !== undefined && !lots) || (terms.price !== undefined && !price)) {
    throw refuse.unprocessable('qty or price is no amount of this symbol');
  }
  return {
    ...(lots ? { qty: lots } : {}),
    ...(price ? { price: Number(price.times(String(ticksPerDollar)).toFixed(0)) } : {}),
  };
}
