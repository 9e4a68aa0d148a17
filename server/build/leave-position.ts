import type { KillSwitch } from '../core/model/kill-switch.ts';
import type { Mode } from '../core/model/mode.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { HeldPosition } from '../core/ports/kill-switch-store.ts';
import type { Log } from '../core/ports/log.ts';
import type { OrderStore } from '../core/ports/order-store.ts';
import type { Intake } from '../pipeline/intake/intake.ts';

export interface LeaveParts {
  readonly intake: Intake;
  /** The token under which the dashboard's own alerts come in. */
  readonly token: string;
  readonly orders: Pick<OrderStore, 'open'>;
  readonly accounts: readonly { readonly accountId: string; readonly mode: Mode }[];
  readonly clock: Clock;
  readonly log: Log;
}

/** The first and the longest wait between two tries to leave a position. */
const firstWaitMs = 2000;
const longestWaitMs = 30_000;

/**
 * Has a kill switch leave what is held, by an alert with a receipt of its own. The alert's id is a function of the switch, the position and the
 * try, so that whoever asks twice, after a crash or in two processes, asks for one exit.
 */
export function createLeavePosition(
  parts: LeaveParts,
): (position: HeldPosition, killSwitch: KillSwitch) => Promise<void> {
  const { clock, log } = parts;
  const tries = new Map<string, { count: number; notBeforeMs: number }>();

  return async ({ accountId, symbol, strategy, quantity }, killSwitch) => {
    const account = parts.accounts.find((one) => one.accountId === accountId);
    if (!account) return;
    const name = `kill-${killSwitch.id}-${accountId}-${symbol}`;
    const { count, notBeforeMs } = tries.get(name) ?? { count: 0, notBeforeMs: 0 };
    if (clock.monotonicMs() < notBeforeMs) return;
    if ((await parts.orders.open(accountId, symbol)).some((order) => order.role === 'exit')) return;
    const answer = await parts.intake.receive({
      source: 'dashboard',
      token: parts.token,
      body: new TextEncoder().encode(
        JSON.stringify({
          id: `${name}-${count}`,
          timestamp: clock.now().toISOString(),
          signal: quantity.lt('0') ? 'BUY' : 'SELL',
          ticker: symbol,
          mode: account.mode === 'production' ? 'Production' : 'Paper',
          // The strategy `manual` closes whole positions; the amount is not looked at.
          risk: 1,
          strategy: strategy ?? 'manual',
        }),
      ),
      contentType: 'application/json',
      headers: { 'user-agent': 'Signalbox kill switch' },
      remoteAddress: null,
    });
    if (answer.kind === 'accepted' || answer.kind === 'repeated') {
      // What was asked for before a restart is gone through quickly.
      const waitMs = answer.kind === 'repeated' ? 0 : Math.min(firstWaitMs * 2 ** count, longestWaitMs);
      tries.set(name, { count: count + 1, notBeforeMs: clock.monotonicMs() + waitMs });
    } else
      log.warn({ symbol, answer: answer.kind }, 'the exit of a kill switch was not taken in; it will be tried again');
  };
}
