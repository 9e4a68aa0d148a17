import { notional, type Price } from '../../core/decimal.ts';
import { midpoint } from '../../core/model/market.ts';
import { equity, unrealizedPnl } from '../../core/model/valuation.ts';
import type { AccountStore } from '../../core/ports/account-store.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { LedgerStore, LedgerSummary } from '../../core/ports/ledger-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { MarketData } from '../../core/ports/market-data.ts';

/** How often each account's worth is recorded: 5,760 points a day and account, fine enough for a curve of one day. */
export const equityEveryMs = 15_000;
/** After a fill the curve follows within this; fills that come meanwhile share the point. */
export const equityAfterFillMs = 250;

export interface EquityRecorderOptions {
  readonly ledger: Pick<LedgerStore, 'summary' | 'recordEquity'>;
  readonly marketData: Pick<MarketData, 'quote' | 'lastQuote'>;
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Records what each account is worth: on a timer, and shortly after each fill. */
export interface EquityRecorder {
  /** Begins, with a first point for every account whose books are open. */
  start(): void;
  /** A fill was posted to the account. */
  filled(accountId: string): void;
  /** Ends it, after the points being written. */
  stop(): Promise<void>;
}

/**
 * Values positions at the middle of bid and ask. An account with a position that has no price gets no point: one at cost would be
 * a step in the curve that never happened. Accounts without open books are left out.
 */
export function createEquityRecorder(options: EquityRecorderOptions): EquityRecorder {
  const { ledger, accounts, clock, log } = options;
  const afterFill = new Map<string, Timer>();
  const writing = new Map<string, Promise<void>>();
  let ticking: Timer | null = null;
  let stopped = false;

  const record = async (accountId: string) => {
    const summary = await ledger.summary(accountId);
    if (summary.openedAt === null) return;
    const prices = await pricesOf(options.marketData, summary);
    const worth = equity(summary.cash, summary.positions, prices);
    if (worth.unpriced.length > 0) {
      log.warn({ accountId, symbols: worth.unpriced }, 'no equity recorded: positions without a price');
      return;
    }
    await ledger.recordEquity({
      accountId,
      at: clock.now(),
      cash: summary.cash,
      positionValue: worth.positionValue,
      equity: worth.equity,
      realizedPnl: summary.realizedPnl,
      unrealizedPnl: worth.unrealizedPnl,
      positions: summary.positions
        .filter((held) => !held.quantity.eq('0'))
        .map((held) => {
          const price = prices.get(held.symbol)!;
          return {
            symbol: held.symbol,
            quantity: held.quantity,
            marketValue: notional(price, held.quantity),
            unrealizedPnl: unrealizedPnl(held, price),
          };
        }),
    });
  };

  /** One at a time for each account, so that points are in the order of their figures. */
  const enqueue = (accountId: string) => {
    const previous = writing.get(accountId) ?? Promise.resolve();
    const mine = previous
      .then(() => record(accountId))
      .catch((error: unknown) => log.error({ err: error, accountId }, 'equity could not be recorded'));
    writing.set(accountId, mine);
    return mine;
  };

  const tick = async () => {
    try {
      for (const { accountId } of await accounts.list()) if (!stopped) await enqueue(accountId);
    } catch (error) {
      log.error({ err: error }, 'accounts could not be listed for their equity');
    }
  };
  let lastTick: Promise<void> = Promise.resolve();

  return {
    start: () => {
      lastTick = tick();
      ticking = clock.every(equityEveryMs, () => {
        // A slow round is not overtaken by the next.
        lastTick = lastTick.then(tick);
      });
    },
    filled: (accountId) => {
      if (stopped || afterFill.has(accountId)) return;
      const timer = clock.after(equityAfterFillMs, () => {
        afterFill.delete(accountId);
        void enqueue(accountId);
      });
      afterFill.set(accountId, timer);
    },
    stop: async () => {
      stopped = true;
      ticking?.cancel();
      for (const timer of afterFill.values()) timer.cancel();
      await lastTick;
      await Promise.all(writing.values());
    },
  };
}

async function pricesOf(
  marketData: Pick<MarketData, 'quote' | 'lastQuote'>,
  summary: LedgerSummary,
): Promise<Map<string, Price>> {
  const prices = new Map<string, Price>();
  for (const { symbol, quantity } of summary.positions) {
    if (quantity.eq('0')) continue;
    const quote = marketData.lastQuote(symbol) ?? (await marketData.quote(symbol));
    if (quote) prices.set(symbol, midpoint(quote));
  }
  return prices;
}
