import { notional, text } from '../../core/decimal.ts';
import type { Broker } from '../../core/ports/broker.ts';
import type { BrokerFacts } from '../../core/ports/broker-facts.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LedgerStore } from '../../core/ports/ledger-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { BrokersView } from './compare.ts';

export interface OpeningParts {
  readonly ledger: Pick<LedgerStore, 'open'>;
  readonly store: Pick<BrokerFacts, 'noteOpening'>;
  readonly clock: Clock;
  readonly log: Log;
}

const settleMs = 300;
/** What is in the opening figures is known for as long as it could still be told of: activities are asked for over days. */
const fillsBeforeMs = 3_600_000;
const activitiesBeforeMs = 10 * 86_400_000;

/** What a broker says an account holds, asked at once. */
export async function look(broker: Broker): Promise<BrokersView> {
  const [positions, account] = await Promise.all([broker.positions(), broker.account()]);
  return { positions, account };
}

/** The books of an account begin with what it holds when we first see it: nothing of ours was sent before that. */
export async function openBooks(
  { ledger, store, clock, log }: OpeningParts,
  broker: Broker,
  accountId: string,
  stopping: AbortSignal,
): Promise<void> {
  for (;;) {
    const before = await look(broker);
    const nowMs = clock.now().getTime();
    const fills = await broker.listFills(new Date(nowMs - fillsBeforeMs));
    const activities = await broker.listActivities(new Date(nowMs - activitiesBeforeMs));
    const after = await look(broker);
    // Somebody trades by hand this very moment: look again.
    if (fingerprint(before) !== fingerprint(after)) {
      await clock.sleep(settleMs, stopping);
      continue;
    }
    // First: were we to die between the two, the facts would be noted again with the figures that are opened then.
    await store.noteOpening(accountId, { fills, activities });
    const opened = await ledger.open(
      accountId,
      {
        cash: after.account.cash,
        holdings: after.positions.map((p) => ({
          symbol: p.symbol,
          quantity: p.quantity,
          cost: notional(p.averageEntryPrice, p.quantity),
        })),
      },
      clock.now(),
    );
    if (opened) {
      const { cash } = after.account;
      log.info(
        { accountId, cash: text(cash), positions: after.positions.length },
        'the books of an account are opened',
      );
    }
    return;
  }
}

const fingerprint = ({ account, positions }: BrokersView): string =>
  [text(account.cash), ...positions.map((held) => `${held.symbol} ${text(held.quantity)}`).sort()].join('; ');
