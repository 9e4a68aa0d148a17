import { type Big, decimal, money } from '../../core/decimal.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import { amount, openEntryValue, orderValue, percent, percentAbove } from './figures.ts';
import { type Answer, deny, pass, type RiskContext } from './rule.ts';

/** What may be worth no more than a share of equity. */
interface Limited {
  /** The subject of the sentences: "AAPL", "the portfolio". */
  readonly what: string;
  readonly code: RefusalCode;
  /** Part of equity, as the settings have it: "0.25". */
  readonly share: string;
  /** What is held of it now, in dollars. */
  readonly held: Big;
  /** Which open entries count; all of them unless told. */
  readonly counts?: Parameters<typeof openEntryValue>[1];
}

/** Holds what is held, what open entries will add and what this order adds against a share of equity. */
export function withinShareOfEquity(context: RiskContext, { what, code, share, held, counts }: Limited): Answer {
  const { equity } = context;
  const open = openEntryValue(context, counts);
  const added = orderValue(context);
  const after = money(held.plus(open).plus(added));
  const limit = money(equity.times(share));
  const limitText = `${percent(decimal(share))} of equity`;
  const inputs = {
    held: amount(held),
    openEntries: amount(open),
    order: amount(added),
    after: amount(after),
    equity: amount(equity),
  };
  if (after.gt(limit)) {
    const reached = equity.gt('0') ? percentAbove(after.div(equity), decimal(share)) : 'more than all';
    const sentence = `${what} would be ${reached} of equity, the limit is ${percent(decimal(share))}.`;
    return deny(code, sentence, inputs, limitText);
  }
  const begun = `${what.slice(0, 1).toUpperCase()}${what.slice(1)}`;
  return pass(`${begun} would be worth ${amount(after)}, at most ${amount(limit)} is allowed.`, inputs, limitText);
}
