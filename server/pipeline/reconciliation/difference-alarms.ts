import type { AlarmKind } from '../../core/model/alarm.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Difference, Reconciliation } from '../../core/ports/reconciliation-store.ts';

type AlarmsUsed = Pick<Alarms, 'raise' | 'clear' | 'open'>;

const keyOf = (accountId: string, difference: Difference): string => `difference:${accountId}:${difference.id}`;
const failingKey = (accountId: string): string => `comparing:${accountId}`;

const kindOf = ({ kind }: Difference): AlarmKind =>
  kind === 'trading_blocked' || kind === 'account_status' ? 'account.unusable' : 'reconciliation.difference';

/** Has a person look at what differs without a cause, and at an account that cannot be compared; ends it when it is gone. */
export function createDifferenceAlarms({ alarms, log }: { readonly alarms: AlarmsUsed; readonly log: Log }) {
  /** Trading must not wait for alarms, and what fails is raised again by the next comparison. */
  const safely = async (accountId: string, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      log.error({ error, accountId }, 'an alarm on a comparison could not be raised or cleared');
    }
  };

  return {
    compared: ({ accountId, differences }: Reconciliation): Promise<void> =>
      safely(accountId, async () => {
        const open = differences.filter((one) => one.state === 'open');
        const keys = new Set(open.map((one) => keyOf(accountId, one)));
        for (const one of open) {
          await alarms.raise({
            key: keyOf(accountId, one),
            kind: kindOf(one),
            severity: 'page',
            accountId,
            orderId: one.orderId ?? null,
            sentence: one.sentence,
            data: { difference: one.id, symbol: one.symbol, ours: one.ours, brokers: one.brokers },
          });
        }
        for (const { key } of await alarms.open()) {
          if (key === failingKey(accountId)) await alarms.clear(key, 'The account was compared with the broker again.');
          if (!key.startsWith(`difference:${accountId}:`) || keys.has(key)) continue;
          await alarms.clear(key, 'The broker and our books agree on it again.');
        }
      }),

    failing: (accountId: string, seconds: number, problem: string): Promise<void> =>
      safely(accountId, () =>
        alarms.raise({
          key: failingKey(accountId),
          kind: 'reconciliation.failing',
          severity: 'page',
          accountId,
          sentence: `The account could not be compared with the broker for ${seconds} s, and new entries wait: ${problem}`,
          data: { problem, seconds },
        }),
      ),
  };
}
