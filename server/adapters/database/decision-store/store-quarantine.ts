import { uuidOf } from '../../../core/ids.ts';
import type { TradeSignal } from '../../../core/model/signal.ts';
import type { DecisionToStore } from '../../../core/ports/decision-store.ts';
import type { Statements } from '../event-reader/append-events.ts';

/** Opens a quarantine with its event, in the decision's transaction; nothing happens where one is open: the first gap is what a person looks at. */
export function quarantine(
  tx: Statements,
  asked: {
    readonly signal: TradeSignal;
    readonly signalId: string;
    readonly accountId: string;
    readonly decision: DecisionToStore;
  },
): PromiseLike<unknown> {
  const { signal, signalId, accountId, decision } = asked;
  const { expected, found, sentence } = decision.quarantine!;
  const id = uuidOf(`quarantine of ${decision.decisionId}`);
  return tx`
    with opened as (
      insert into quarantines (id, account_id, strategy, symbol, signal_id, expected, found, sentence, opened_at)
      values (${id}, ${accountId}, ${signal.strategy}, ${signal.ticker}, ${signalId}, ${expected}, ${found}, ${sentence},
              ${decision.decidedAt})
      on conflict do nothing
      returning id, strategy, symbol, account_id, signal_id, expected, found, sentence
    )
    insert into events (kind, signal_id, account_id, data)
    select 'strategy.quarantined', signal_id, account_id, jsonb_build_object('quarantineId', id, 'key', strategy, 'symbol', symbol,
      'expected', expected, 'found', found, 'sentence', sentence)
    from opened`;
}
