import { type Big, type Money, money, type Quantity, quantity, rounding, text, zeroMoney } from '../../core/decimal.ts';
import type { BrokerActivity } from '../../core/model/broker-order.ts';
import { type Book, externalStrategy, type LedgerLine, type OpenPosition } from '../../core/model/posting.ts';
import { closedCostDecimals } from './post-fill.ts';

/** What is open in the activity's symbol: the account's, and whose it is. */
export interface HeldInSymbol extends OpenPosition {
  readonly lots: readonly { readonly strategy: string; readonly quantity: Quantity }[];
}

/** How an activity is booked. */
export interface ActivityPosting {
  readonly lines: readonly LedgerLine[];
  readonly sentence: string;
}

/** What money stands against, by the broker's word. https://docs.alpaca.markets/docs/account-activities */
const books: Readonly<Record<string, Book>> = {
  FEE: 'fees',
  CFEE: 'fees',
  PTC: 'fees',
  DIVFEE: 'fees',
  DIV: 'income',
  DIVCGL: 'income',
  DIVCGS: 'income',
  DIVFT: 'income',
  DIVNRA: 'income',
  DIVROC: 'income',
  DIVTW: 'income',
  DIVTXEX: 'income',
  CGD: 'income',
  INT: 'income',
  INTNRA: 'income',
  INTTW: 'income',
  CSD: 'capital',
  CSW: 'capital',
  TRANS: 'capital',
  JNL: 'capital',
  JNLC: 'capital',
  ACATC: 'capital',
};
/** Shares that came or went without a price of ours: at the price that is told. */
const movesShares = new Set(['JNLS', 'ACATS']);

/**
 * Double entry of what the broker states and was no trade. Null: what it does to the books is not sure from what is told, and a person must
 * say; the difference it makes stays one.
 *
 * @param owner the strategy whose trade a fee was taken of
 */
export function postActivity(
  activity: BrokerActivity,
  held: HeldInSymbol,
  owner: string = externalStrategy,
): ActivityPosting | null {
  const { type, symbol, netAmount, quantity: moved } = activity;
  const about = `${type}${symbol === null ? '' : ` ${symbol}`}${activity.description === null ? '' : ` (${activity.description})`}`;
  const cash = line('cash', null, netAmount);
  const against = books[type];

  if (type === 'CFEE' && symbol !== null && moved !== null && !moved.eq('0')) {
    // The fee of a coin is kept in coins: they leave at what they cost.
    const cost = costOfMoved(held, moved);
    const sentence = `The broker kept ${text(moved.abs())} of ${symbol} as a fee.`;
    return {
      lines: [securities(symbol, owner, cost, moved), line('fees', symbol, cost.neg())],
      sentence,
    };
  }
  if (type === 'SPLIT' && symbol !== null && moved !== null && !moved.eq('0')) {
    // The same worth in more or fewer shares. Money for what could not be split is a result.
    const lines = inProportion(moved, held).map(([strategy, part]) => securities(symbol, strategy, zeroMoney, part));
    if (!netAmount.eq('0')) lines.push(cash, line('realized_pnl', symbol, netAmount.neg()));
    return { lines, sentence: `A split moved ${text(moved)} ${symbol}.` };
  }
  if (movesShares.has(type) && symbol !== null && moved !== null && !moved.eq('0') && activity.price !== null) {
    const worth = moved.gt('0') ? money(activity.price.times(moved)) : costOfMoved(held, moved);
    return {
      lines: [securities(symbol, externalStrategy, worth, moved), line('capital', null, worth.neg())],
      sentence: `${text(moved)} ${symbol} were moved: ${about}.`,
    };
  }
  if (against === undefined || netAmount.eq('0')) return null;
  return {
    lines: [cash, line(against, against === 'capital' ? null : symbol, netAmount.neg())],
    sentence: `The broker booked ${text(netAmount)}: ${about}.`,
  };
}

/** The same facts the other way round, for what the broker takes back. */
export const reversed = (lines: readonly LedgerLine[]): LedgerLine[] =>
  lines.map((one) => ({
    ...one,
    amount: money(one.amount.neg()),
    quantity: one.quantity && quantity(one.quantity.neg()),
  }));

/** What leaves `securities` with shares at their average cost, signed like the shares; all of it when all leave. */
function costOfMoved(held: OpenPosition, moved: Quantity): Money {
  if (held.quantity.eq('0')) return money('0');
  if (moved.abs().eq(held.quantity.abs())) return money(held.cost.neg());
  return money(held.cost.times(moved).div(held.quantity).round(closedCostDecimals, rounding.halfAwayFromZero));
}

/** What each strategy's shares become more, or fewer; the last takes what division leaves. */
function inProportion(moved: Quantity, held: HeldInSymbol): [strategy: string, part: Quantity][] {
  const lots = held.lots.filter((lot) => !lot.quantity.eq('0'));
  if (held.quantity.eq('0') || lots.length === 0) return [[externalStrategy, moved]];
  let left: Big = moved;
  return lots.map(({ strategy, quantity: own }, index) => {
    const part = index === lots.length - 1 ? left : moved.times(own).div(held.quantity).round(9, rounding.towardZero);
    left = left.minus(part);
    return [strategy, quantity(part)];
  });
}

const line = (book: Book, symbol: string | null, amount: Big): LedgerLine => ({
  book,
  symbol,
  amount: money(amount),
  quantity: null,
});

const securities = (symbol: string, strategy: string, amount: Money, moved: Quantity): LedgerLine => ({
  book: 'securities',
  symbol,
  strategy,
  amount,
  quantity: moved,
});
