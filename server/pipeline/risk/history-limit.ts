import { type Big, type Quantity, zeroQuantity } from '../../core/decimal.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import { toAmount } from '../../core/risk-figures/amounts.ts';
import { amount, amountOf, percent, percentAbove } from './figures.ts';
import { count, share } from './parameters.ts';
import { mostWithin, type PortfolioHistory, portfolioHistory, shareOf } from './portfolio-figures.ts';
import { breach, type EntryContext, type Finding, pass } from './rule.ts';

/** How much of the past a figure is made from. */
export const historyParameters = {
  days: count('Days of history', 250, null, { min: 20, max: 1000 }),
  atLeast: count('Fewest days of history; with fewer the figure is not known', 60, 'higher', { min: 20, max: 1000 }),
};

/** How sure a loss is not exceeded: of a hundred days, so many are better. */
export const confidenceParameter = (fallback: string) =>
  share('Confidence', fallback, 'higher', { min: '0.5', max: '0.999' });

/** A figure of the portfolio's history, with the order in it, that may be at most a share of equity. */
export interface HistoryLimit {
  /** The subject of the sentences: "the value at risk of a day, as it was at 99 %". */
  readonly what: string;
  readonly code: RefusalCode;
  readonly share: Big;
  readonly days: number;
  readonly atLeast: number;
  /** In money, with so many shares of the order; null: the history is too short to say. */
  figure(history: PortfolioHistory, shares: Quantity): number | null;
}

/** Holds a figure of daily returns against a share of equity. What cannot be said for want of bars or equity is a breach. */
export function withinShareByHistory(context: EntryContext, limit: HistoryLimit): Finding {
  const { equity, sized } = context;
  const { what, code, share: part } = limit;
  const limitText = `${percent(part)} of equity`;
  const unknown = (why: string, days: number | null): Finding =>
    breach(code, `${what} is not known: ${why}.`, { days, after: null, equity: amount(equity) }, limitText);
  if (equity.lte('0')) return unknown('there is no equity to compare it with', null);
  const history = portfolioHistory(context, limit);
  if (!history.known) return unknown(`${history.what} cannot be had`, null);
  const [before, after] = [limit.figure(history, zeroQuantity), limit.figure(history, sized.quantity)];
  if (before === null || after === null) return unknown(`${history.rows} days are too few to say`, history.rows);
  const [wasAt, comesTo] = [amountOf(before), amountOf(after)];
  const inputs = {
    days: history.rows,
    before: wasAt,
    after: comesTo,
    equity: amount(equity),
  };
  const most = shareOf(equity, part);
  if (after > most) {
    const allowed = mostWithin(context, most, (shares) => limit.figure(history, shares));
    const sentence = `${what} would be ${percentAbove(toAmount(after).div(equity), part)} of equity, the limit is ${percent(part)}.`;
    return breach(code, sentence, inputs, limitText, allowed);
  }
  const begun = `${what.slice(0, 1).toUpperCase()}${what.slice(1)}`;
  return pass(`${begun} would be ${comesTo}, from ${wasAt}.`, inputs, limitText);
}
