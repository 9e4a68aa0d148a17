import { termsOf } from './asset-terms.ts';
import type { VenueFee, VenueSide } from './model.ts';
import { type Money, shareOf } from './money.ts';
import type { Lots } from './quantity.ts';

/**
 * What the venue keeps of a fill: the taker's fee, of the coins that a buy brings or of the money that a sell brings; null where nothing is
 * charged. Alpaca's paper venue charges every fill as a taker's. Rounded half away from zero, to a lot or a ten-trillionth of a dollar.
 */
export function feeOf(
  fill: { readonly symbol: string; readonly side: VenueSide; readonly lots: Lots; readonly cost: Money },
  newId: () => string,
): VenueFee | null {
  const rate = BigInt(termsOf(fill.symbol).takerFeePpm);
  if (rate === 0n) return null;
  const of = (amount: bigint): bigint => shareOf(amount, rate, 1_000_000n);
  const [lots, money] = fill.side === 'buy' ? [Number(of(BigInt(fill.lots))), 0n] : [0, of(fill.cost)];
  return lots === 0 && money === 0n ? null : { id: newId(), lots, money };
}
