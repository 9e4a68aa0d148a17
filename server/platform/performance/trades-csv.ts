import type { ListedTradeJson } from '../../contract/index.ts';

/** One trade a line; amounts in the account's currency, times in UTC. */
export const tradeColumns = [
  'closed_at',
  'opened_at',
  'account',
  'strategy',
  'symbol',
  'side',
  'quantity',
  'profit',
  'risk',
  'signal',
] as const;

/** Trades as CSV (RFC 4180, UTF-8). What begins like a formula, and is no number, has an apostrophe before it. */
export function tradesCsv(trades: readonly ListedTradeJson[], accountNames: ReadonlyMap<string, string>): string {
  const lines = trades.map((trade) => {
    const values: Readonly<Record<(typeof tradeColumns)[number], string>> = {
      closed_at: trade.closedAt,
      opened_at: trade.openedAt,
      account: accountNames.get(trade.accountId) ?? trade.accountId,
      ...{ strategy: trade.strategy, symbol: trade.symbol, side: trade.side, quantity: trade.quantity },
      profit: trade.profit,
      risk: trade.risk ?? '',
      signal: trade.signalId ?? '',
    };
    return tradeColumns.map((column) => cell(values[column])).join(',');
  });
  return `${[tradeColumns.join(','), ...lines].join('\r\n')}\r\n`;
}

function cell(value: string): string {
  const number = /^-?\d+(\.\d+)?$/.test(value);
  const safe = !number && /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
