import type { MarketData } from '../core/ports/market-data.ts';
import type { AccountLinks } from './account-links.ts';

/** Equity is valued at whichever account's market has the price. */
export function anyMarket(links: AccountLinks): Pick<MarketData, 'quote' | 'lastQuote'> {
  return {
    async quote(symbol) {
      for (const { marketData } of links.all()) {
        const quote = await marketData.quote(symbol);
        if (quote) return quote;
      }
      return null;
    },
    lastQuote: (symbol) =>
      links
        .all()
        .map(({ marketData }) => marketData.lastQuote(symbol))
        .find((quote) => quote !== null) ?? null,
  };
}
