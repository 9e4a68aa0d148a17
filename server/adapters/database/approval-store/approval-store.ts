import type postgres from 'postgres';
import { text } from '../../../core/decimal.ts';
import { type Approval, withVote } from '../../../core/model/approval.ts';
import type { RuleVerdict } from '../../../core/model/decision.ts';
import type { Destination } from '../../../core/model/destination.ts';
import type { EventKind } from '../../../core/model/event.ts';
import type { MarketFacts } from '../../../core/model/market-facts.ts';
import type { ApprovalEnd, ApprovalStore, Voted } from '../../../core/ports/approval-store.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { JobStatements, JobWriter } from '../../../core/ports/job-queue.ts';
import { createActivityReader } from '../decision-store/activity.ts';
import { type DecidedRow, readLockedView } from '../decision-store/locked-view.ts';
import { outcomeOf, storeDecision } from '../decision-store/store-decision.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { type ApprovalRow, approvalColumns, toApproval } from './rows.ts';

export interface ApprovalStoreOptions {
  /** A plain postgres.js client, never one that drizzle was given. */
  readonly sql: postgres.Sql;
  readonly jobs: JobWriter & JobStatements;
  readonly clock: Clock;
  /** The venue's calendar, by which sessions are counted; without it weekdays are. */
  readonly market?: Pick<MarketFacts, 'session'>;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/**
 * Entries that wait for a person, in PostgreSQL. Locks are taken in the order of all decisions: the signal, the account, then the approval,
 * so that whoever withdraws one with the account locked waits for nobody who waits for it.
 */
export function createApprovalStore(options: ApprovalStoreOptions): ApprovalStore {
  const { sql, jobs, clock, committed } = options;
  const activity = createActivityReader(options.market ?? { session: () => null });

  const read = async (on: Statements, id: string): Promise<Approval | null> => {
    const [row] = await on<ApprovalRow[]>`select ${approvalColumns(on)} from approvals p where p.id = ${id}`;
    return row ? toApproval(row) : null;
  };
  /** As it is with its row locked. */
  const lock = async (tx: Statements, id: string): Promise<Approval | null> => {
    await tx`select from approvals where id = ${id} for update`;
    return read(tx, id);
  };

  return {
    find: (id) => read(sql, id),

    async open() {
      const [row] = await sql<{ count: number }[]>`
        select count(*)::int as count from approvals where settled_at is null and state = 'open'`;
      return row!.count;
    },

    async vote(id, vote) {
      const voted = await sql.begin(async (tx): Promise<Voted | null> => {
        const approval = await lock(tx, id);
        if (!approval) return null;
        const after = withVote(approval, vote);
        if ('problem' in after) return { kind: 'problem', problem: after.problem, approval };
        const { verdict, name, reason, at } = vote;
        const votes = [...approval.votes, vote];
        const statements: PromiseLike<unknown>[] = [
          tx`
            insert into approval_votes (approval_id, voter, name, verdict, reason, at)
            values (${id}, ${vote.voter}, ${name}, ${verdict}, ${reason}, ${at})`,
          appendEvents(tx, [
            {
              kind: verdict === 'approve' ? 'approval.given' : 'approval.refused',
              signalId: approval.signalId,
              accountId: approval.accountId,
              data: {
                ...said(approval),
                by: name,
                reason,
                votes: votes.filter((one) => one.verdict === 'approve').length,
                votesNeeded: approval.votesNeeded,
              },
            },
          ]),
        ];
        if (after.state !== 'open') {
          statements.push(tx`update approvals set state = ${after.state} where id = ${id}`);
          const job = jobs.insert('approval.settle', [{ data: { approvalId: id } }]);
          statements.push(tx.unsafe(job.text, job.values as never[], { prepare: true }));
        }
        await Promise.all(statements);
        return { kind: 'counted', approval: { ...approval, state: after.state, votes } };
      });
      if (voted?.kind === 'counted') committed?.();
      return voted;
    },

    async end({ id, signalId }, end) {
      const ended = await sql.begin(async (tx) => {
        const [marked] = await tx<{ destinations: Destination[] | null }[]>`
          select destinations from trading_signals where id = ${signalId} for no key update`;
        const approval = await lock(tx, id);
        if (!marked || !approval || !mayEnd(approval, end.state)) return false;
        const now = clock.now();
        const { accountId, decisionId } = approval;
        const { code, sentence } = end;
        const rows = await tx<(DecidedRow & { id: string; mode: string; intent: string; weight: string })[]>`
          select id, account_id as "accountId", outcome, shadow, code, sentence, mode, intent, weight::text
          from decisions where signal_id = ${signalId}`;
        const own = rows.find((one) => one.id === decisionId)!;
        // Of a reversal, whose exit was sent: it is approved, and says what was not sent and why.
        const outcome = own.outcome === 'held' ? 'denied' : own.outcome;
        const told = outcomeOf(
          marked.destinations ?? [],
          rows.map((one) => (one === own ? { ...one, outcome, code, sentence } : one)),
        );
        const verdict: RuleVerdict = {
          ...{ rule: 'approval', verdict: 'deny', code, sentence, limit: null },
          ...(own.outcome === 'held' ? {} : { part: 'entry' as const }),
          inputs: { votes: approval.votes.length, votesNeeded: approval.votesNeeded },
        };
        const about = { signalId, accountId };
        await Promise.all([
          tx`update approvals set state = ${end.state}, settled_at = ${now} where id = ${id}`,
          tx`
            update decisions set outcome = ${outcome}, code = ${code}, sentence = ${sentence},
              verdicts = verdicts || ${tx.json([verdict] as unknown as postgres.JSONValue)}::jsonb, decided_at = ${now}
            where id = ${decisionId}`,
          tx`
            update trading_signals set status = ${told.status}, code = ${told.code}, sentence = ${told.sentence}, decided_at = ${now}
            where id = ${signalId}`,
          appendEvents(tx, [
            // A refusal was told with its vote.
            ...(end.state === 'rejected'
              ? []
              : [
                  {
                    kind: `approval.${end.state}` satisfies EventKind,
                    ...about,
                    data: { ...said(approval), code, sentence, withdrawnBy: approval.withdrawnBy },
                  } as const,
                ]),
            {
              kind: 'decision.denied',
              ...about,
              data: {
                ...said(approval),
                ...{ intent: 'entry', mode: own.mode, weight: own.weight, code, sentence },
              },
            },
          ]),
        ]);
        return true;
      });
      if (ended) committed?.();
      return ended;
    },

    async decide({ id, accountId, ordersBefore }, signal, bar, decide) {
      const decided = await sql.begin(async (tx) => {
        const locked = await readLockedView(tx, signal, accountId, bar, clock.now(), activity, true);
        const approval = await lock(tx, id);
        const open = approval?.state === 'approved' && approval.settledAt === null && approval.withdrawnBy === null;
        const decision = locked && open ? decide(locked.view) : null;
        if (!locked || decision === null) return false;
        await storeDecision(tx, jobs, signal, accountId, decision, {
          destinations: locked.destinations ?? [],
          before: locked.before,
          again: ordersBefore > 0 ? 'entry' : 'whole',
        });
        await tx`update approvals set settled_at = ${decision.decidedAt} where id = ${id}`;
        return true;
      });
      if (decided) committed?.();
      return decided;
    },
  };
}

/** Each end has what it begins from, and only once. */
function mayEnd({ state, settledAt, withdrawnBy }: Approval, end: ApprovalEnd['state']): boolean {
  if (settledAt !== null) return false;
  if (end === 'rejected') return state === 'rejected';
  if (end === 'withdrawn') return withdrawnBy !== null && (state === 'open' || state === 'approved');
  return state === 'open' && withdrawnBy === null;
}

/** What every event of an approval says. */
const said = (approval: Approval) => ({
  approvalId: approval.id,
  decisionId: approval.decisionId,
  ticker: approval.symbol,
  strategy: approval.strategy,
  side: approval.side,
  quantity: approval.sizing.quantity,
  price: text(approval.price),
});
