import { type Big, decimal, text } from '../../core/decimal.ts';
import type { PromotionCriteria } from '../../core/model/settings.ts';

/** What it has shown. */
export interface PaperRecord {
  readonly days: number;
  readonly trades: number;
  /** Of its fills against the market at the decision; null: no fill had a quote to be compared with. */
  readonly medianSlippageBps: Big | null;
}

/** One thing that is asked, and how it stands. */
export interface EvidenceLine {
  readonly key: 'days' | 'trades' | 'slippage';
  readonly required: string;
  readonly found: string;
  readonly met: boolean;
  readonly sentence: string;
}

/** Holds what a strategy has shown on paper against what is asked; a line for each thing, in a fixed order. */
export function evidenceOf(criteria: PromotionCriteria, record: PaperRecord): EvidenceLine[] {
  const { days, trades, medianSlippageBps } = record;
  const most = decimal(criteria.maxSlippageBps);
  return [
    {
      key: 'days',
      required: String(criteria.minDays),
      found: String(days),
      met: days >= criteria.minDays,
      sentence: `It has traded on paper on ${days} of the ${criteria.minDays} days that are asked for.`,
    },
    {
      key: 'trades',
      required: String(criteria.minTrades),
      found: String(trades),
      met: trades >= criteria.minTrades,
      sentence: `It has opened and closed ${trades} of the ${criteria.minTrades} trades that are asked for.`,
    },
    {
      key: 'slippage',
      required: text(most),
      found: medianSlippageBps ? text(medianSlippageBps) : 'none measured',
      met: medianSlippageBps?.lte(most) ?? false,
      sentence: medianSlippageBps
        ? `Half of its fills were worse than the market at the decision by ${text(medianSlippageBps)} basis points or more; ${text(most)} are allowed.`
        : 'No fill could be compared with the market at its decision yet.',
    },
  ];
}
