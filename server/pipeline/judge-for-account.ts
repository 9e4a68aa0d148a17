import type { Price } from '../core/decimal.ts';
import type { DecisionToStore, LockedView } from '../core/ports/decision-store.ts';
import type { AccountTask } from './decide-for-account.ts';
import { decideSignal, holdingOf, pricesOf, sizeFor } from './decide-signal.ts';
import type { Gathered } from './gather-facts.ts';
import type { SignalProcessorParts } from './process-signal.ts';
import { createLimitBooks, type LimitBook } from './risk/limit-book.ts';
import { exitMode, resolveMode } from './risk/mode.ts';
import { findGap } from './sequence/find-gap.ts';
import { exitOnly } from './sizing/exit-only.ts';

/** `missing`: symbols that are held and must be quoted first. `turned`: the master switch sends the alert elsewhere now. */
export type Judgement =
  | {
      readonly kind: 'decided';
      readonly decision: DecisionToStore;
      readonly book: LimitBook;
      readonly prices: ReadonlyMap<string, Price>;
    }
  | { readonly kind: 'missing'; readonly symbols: readonly string[] }
  | { readonly kind: 'turned' };

/** Judges what was gathered in the light of the account as it is: mode, size and every limit. Stores nothing; pure but for the clock. */
export function createJudge(
  parts: Pick<SignalProcessorParts, 'settings' | 'rules' | 'sizing' | 'facts' | 'sectorOf' | 'industryOf' | 'clock'>,
): (task: Omit<AccountTask, 'account'>, gathered: Gathered, view: LockedView) => Judgement {
  const books = createLimitBooks(parts.rules);
  return (task, { found, seen, bar, orderId, asked }, view) => {
    const { strategy, destination } = task;
    const { signal } = found;
    if (task.turned(view.master)) return { kind: 'turned' };
    const votes = {
      ...{ signal: signal.requestedMode, replay: found.replay === true },
      ...{ account: task.voter, master: view.master },
    };
    const exits = destination.exitOnly === true;
    // An alert that says paper itself never reaches real money.
    const there = (exits || task.closes) && (view.account?.mode === 'paper' || votes.signal === 'production');
    const mode = there && view.account ? exitMode(view.account) : resolveMode({ ...votes, strategy: strategy });
    const { quote, asset } = seen;
    const prices = pricesOf(view.account, (symbol) => asked.get(symbol) ?? seen.market?.lastQuote(symbol));
    const { held, open } = holdingOf(view.account, signal);
    const sequence =
      view.account && view.sequence
        ? findGap({
            ...{ signal, held, open, sequence: view.sequence, weight: destination.weight },
            ...{ settings: strategy.settings.gap, shadow: destination.shadow, repeated: view.approvedInBar !== null },
          })
        : null;
    const whole = sizeFor({
      sequence,
      ...{ found, view, prices, quote, asset, market: parts.facts },
      ...{ strategy: strategy.settings, weight: destination.weight, sizing: parts.sizing },
    });
    const acting = exits ? exitOnly(signal, whole) : whole;
    // An entry is measured against what is held, at today's prices. An exit does not wait for them.
    const missing =
      acting.sized.intent !== 'entry' || seen.market === null
        ? []
        : (view.account?.positions ?? [])
            .map((held) => held.symbol)
            .filter((symbol) => !prices.has(symbol) && !asked.has(symbol));
    if (missing.length > 0) return { kind: 'missing', symbols: missing };
    const book = books(view.limits);
    const decision = decideSignal(book, acting, {
      ...{ found, strategy, mode, view, quote, asset, prices, bar, orderId },
      ...{ startedAt: task.startedAt, now: parts.clock.now(), market: parts.facts },
      ...{ approvals: parts.settings.current().approvals, answered: task.answered ?? null, shadow: destination.shadow },
      ...{ sectorOf: parts.sectorOf, industryOf: parts.industryOf, sequence },
    });
    return { kind: 'decided', decision, book, prices };
  };
}
