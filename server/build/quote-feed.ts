import type { QuoteJson } from '../contract/index.ts';
import { text } from '../core/decimal.ts';
import type { Quote } from '../core/model/market.ts';
import type { LedgerStore } from '../core/ports/ledger-store.ts';
import type { AccountLinks, Link } from './account-links.ts';

/** Which prices are wanted, and who is told of them. */
export interface QuoteFeed {
  /** Has prices come of what is held and of what else is wanted, and of nothing else unless it is asked for. */
  followHeld(): Promise<void>;
  /** Calls back on every quote; answers a function that stops it. */
  onQuote(listener: (quote: QuoteJson) => void): () => void;
}

export function createQuoteFeed(parts: {
  readonly links: AccountLinks;
  readonly ledger: Pick<LedgerStore, 'summary'>;
  /** Symbols that are wanted although nothing of them may be held. */
  wanted(): readonly string[];
  /** Comes before the listeners. */
  quoted(accountId: string, quote: Quote): void;
}): QuoteFeed {
  const { links, ledger } = parts;
  const listeners = new Set<(quote: QuoteJson) => void>();
  const pass = ({ account, marketData }: Link): void => {
    marketData.onQuote((quote) => {
      parts.quoted(account.accountId, quote);
      const told = { symbol: quote.symbol, bid: text(quote.bid), ask: text(quote.ask), at: quote.at.toISOString() };
      for (const listener of listeners) listener(told);
    });
  };
  for (const link of links.all()) pass(link);
  links.follow({ opened: pass, closed: async () => {} });
  return {
    async followHeld() {
      for (const { account, marketData } of links.all()) {
        const { positions } = await ledger.summary(account.accountId);
        const held = positions.filter(({ quantity }) => !quantity.eq('0')).map(({ symbol }) => symbol);
        marketData.follow([...new Set([...held, ...parts.wanted()])]);
      }
    },
    onQuote(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
