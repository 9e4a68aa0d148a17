import { type Big, money } from '../../core/decimal.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { Exposure } from './exposure.ts';
import { amount, orderValue, percent, percentAbove, sharesWorth, valueNotKnown } from './figures.ts';
import { breach, type EntryContext, type Finding, pass } from './rule.ts';

/** What may be worth no more than a share of equity. */
interface Limited {
  /** The subject of the sentences: "AAPL", "the portfolio". */
  readonly what: string;
  readonly code: RefusalCode;
  /** Part of equity: 0.25 is a quarter. */
  readonly share: Big;
  /** What there is of it now. */
  readonly exposure: Exposure;
}

/** Holds what is held, what open entries will add and what this order adds against a share of equity. */
export function withinShareOfEquity(context: EntryContext, { what, code, share, exposure }: Limited): Finding {
  const { equity } = context;
  const { held, openEntries } = exposure;
  const added = orderValue(context);
  const before = held.plus(openEntries);
  const after = money(before.plus(added));
  const limit = money(equity.times(share));
  const limitText = `${percent(share)} of equity`;
  const inputs = {
    held: amount(held),
    openEntries: amount(openEntries),
    order: amount(added),
    after: amount(after),
    equity: amount(equity),
  };
  if (context.sized.referencePrice === null) return breach(code, valueNotKnown, { ...inputs, order: null }, limitText);
  if (after.gt(limit)) {
    const reached = equity.gt('0') ? percentAbove(after.div(equity), share) : 'more than all';
    const sentence = `${what} would be ${reached} of equity, the limit is ${percent(share)}.`;
    return breach(code, sentence, inputs, limitText, sharesWorth(context, limit.minus(before)));
  }
  const begun = `${what.slice(0, 1).toUpperCase()}${what.slice(1)}`;
  return pass(`${begun} would be worth ${amount(after)}, at most ${amount(limit)} is allowed.`, inputs, limitText);
}
