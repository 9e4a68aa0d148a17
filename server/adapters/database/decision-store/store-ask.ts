import type postgres from 'postgres';
import { text } from '../../../core/decimal.ts';
import { uuidOf } from '../../../core/ids.ts';
import type { Ask } from '../../../core/model/approval.ts';
import { opposite, type Side, type TradeSignal } from '../../../core/model/signal.ts';
import type { DecisionToStore } from '../../../core/ports/decision-store.ts';
import type { JobStatements } from '../../../core/ports/job-queue.ts';
import type { Statements } from '../event-reader/append-events.ts';

interface Asking {
  readonly signal: TradeSignal;
  readonly signalId: string;
  readonly accountId: string;
}

/** The approval of a decision: there can be only one, so its id is a function of it. */
export const approvalIdOf = (decisionId: string): string => uuidOf(`approval of ${decisionId}`);

/** What a person is asked by a decision; null: nobody is. */
export const askOf = (outcome: DecisionToStore['outcome']): Ask | null =>
  outcome.kind === 'held' ? outcome.ask : outcome.kind === 'approved' ? (outcome.withheld?.ask ?? null) : null;

/** What the event of a decision says of its ask. */
export const askInEvent = (decisionId: string, ask: Ask) => ({
  approvalId: approvalIdOf(decisionId),
  votesNeeded: ask.votesNeeded,
  expiresAt: ask.expiresAt.toISOString(),
  price: text(ask.price),
});

/** Keeps what a person is asked. */
export function insertAsk(
  tx: Statements,
  ask: Ask,
  { signal, signalId, accountId, decision }: Asking & { readonly decision: DecisionToStore },
): PromiseLike<unknown> {
  const json = (value: unknown) => tx.json(value as postgres.JSONValue);
  const { decisionId } = decision;
  return tx`
    insert into approvals (id, decision_id, signal_id, account_id, strategy, symbol, side, quantity, price, sizing, asks, votes_needed,
                           state, asked_at, expires_at)
    values (${approvalIdOf(decisionId)}, ${decisionId}, ${signalId}, ${accountId}, ${signal.strategy}, ${signal.ticker}, ${ask.side},
            ${ask.sizing.quantity}, ${text(ask.price)}, ${json(ask.sizing)}, ${json(ask.asks)}, ${ask.votesNeeded}, 'open',
            ${decision.decidedAt}, ${ask.expiresAt})`;
}

const leaving: ReadonlySet<string> = new Set(['exit', 'flatten', 'cancel', 'reverse']);

/** The side of the waiting entries that an alert takes back: what it leaves, or what it goes against; null: none. */
function takenBack({ action, side }: TradeSignal): Side | 'both' | null {
  if (leaving.has(action)) return 'both';
  return (action === 'buy' || action === 'sell') && side !== null ? opposite(side) : null;
}

/**
 * Marks what its strategy has waiting for a person in the same ticker and account as withdrawn, if the alert says otherwise, and has it
 * ended by a job: whoever ends it locks its signal, which must not be waited for with the account locked.
 */
export function withdrawAsks(
  tx: Statements,
  jobs: JobStatements,
  { signal, signalId, accountId }: Asking,
): PromiseLike<unknown> | null {
  const side = takenBack(signal);
  if (side === null) return null;
  const queued = jobs.insertFrom(
    'approval.settle',
    `(select coalesce(json_agg(json_build_object('data', json_build_object('approvalId', id), 'singletonKey', id || ' withdrawn')), '[]')
      from withdrawn)`,
  );
  return tx.unsafe(
    `with withdrawn as (
      update approvals set withdrawn_by = $1
      where settled_at is null and state in ('open', 'approved') and withdrawn_by is null and signal_id <> $1
        and account_id = $2 and strategy = $3 and symbol = $4 and ($5::text = 'both' or side = $5)
      returning id
    ), queued as (${queued}) select count(*) from queued`,
    [signalId, accountId, signal.strategy, signal.ticker, side],
    { prepare: true },
  );
}
