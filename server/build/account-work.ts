import type { Log } from '../core/ports/log.ts';
import type { ReconciliationStore } from '../core/ports/reconciliation-store.ts';
import type { Execution } from '../pipeline/execution/index.ts';
import type { Reconciler } from '../pipeline/reconciliation/index.ts';
import type { Link } from './account-links.ts';

export interface AccountWorkParts {
  readonly execution: Pick<Execution, 'follow'>;
  readonly reconciliation: Pick<Reconciler, 'start' | 'end' | 'noteConnected'>;
  readonly store: Pick<ReconciliationStore, 'recordConnection'>;
  /** Which accounts' streams are up; kept here. */
  readonly connected: Set<string>;
  /** Asks for the prices of what is held. */
  followHeld(): Promise<void>;
  readonly log: Log;
}

/** The work on each account that this process has taken up: its broker's stream, and the comparison without which no entry is sent. */
export interface AccountWork {
  takeUp(link: Link): void;
  leaveOff(link: Link): Promise<void>;
  /** Closes the streams; what is worked on stays so. */
  close(): Promise<void>;
}

export function createAccountWork({
  execution,
  reconciliation,
  store,
  connected,
  followHeld,
  log,
}: AccountWorkParts): AccountWork {
  const following = new Map<string, { close(): Promise<void> }>();
  const note = (accountId: string, up: boolean, reason: string | null): void => {
    if (up) connected.add(accountId);
    else connected.delete(accountId);
    store.recordConnection(accountId, up, reason).catch((error: unknown) => {
      log.warn({ error, accountId }, 'the state of the broker’s stream could not be recorded');
    });
  };
  return {
    takeUp({ account: { accountId } }) {
      const stream = execution.follow(accountId, {
        onConnected() {
          note(accountId, true, null);
          reconciliation.noteConnected(accountId);
        },
        onDisconnected: (reason) => note(accountId, false, reason),
      });
      following.set(accountId, stream);
      reconciliation.start(accountId);
      followHeld().catch((error: unknown) => log.warn({ error, accountId }, 'prices of what is held are not followed'));
    },
    async leaveOff({ account: { accountId } }) {
      reconciliation.end(accountId);
      await following.get(accountId)?.close();
      following.delete(accountId);
      note(accountId, false, 'The account is not worked on any more.');
    },
    async close() {
      await Promise.all([...following.values()].map((one) => one.close()));
    },
  };
}
