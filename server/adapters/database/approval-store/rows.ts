import { price } from '../../../core/decimal.ts';
import type { Approval, ApprovalState, VoteVerdict } from '../../../core/model/approval.ts';
import type { RuleVerdict, SizingRecord } from '../../../core/model/decision.ts';
import type { Side } from '../../../core/model/signal.ts';
import type { Statements } from '../event-reader/append-events.ts';

interface VoteRow {
  readonly voter: string;
  readonly name: string;
  readonly verdict: VoteVerdict;
  readonly reason: string | null;
  readonly at: string;
}

export interface ApprovalRow {
  readonly id: string;
  readonly decisionId: string;
  readonly signalId: string;
  readonly accountId: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly price: string;
  readonly sizing: SizingRecord;
  readonly asks: RuleVerdict[];
  readonly votesNeeded: 1 | 2;
  readonly state: ApprovalState;
  readonly askedAt: Date;
  readonly expiresAt: Date;
  readonly withdrawnBy: string | null;
  readonly settledAt: Date | null;
  readonly ordersBefore: number;
  readonly votes: VoteRow[];
}

/** The columns an approval `p` is read from, its votes with it. */
export const approvalColumns = (sql: Statements) => sql`
  p.id, p.decision_id as "decisionId", p.signal_id as "signalId", p.account_id as "accountId", p.strategy, p.symbol, p.side, p.price,
  p.sizing, p.asks, p.votes_needed as "votesNeeded", p.state, p.asked_at as "askedAt", p.expires_at as "expiresAt",
  p.withdrawn_by as "withdrawnBy", p.settled_at as "settledAt",
  (select count(*)::int from orders o where o.decision_id = p.decision_id and o.created_at <= p.asked_at) as "ordersBefore",
  (select coalesce(json_agg(json_build_object('voter', v.voter, 'name', v.name, 'verdict', v.verdict, 'reason', v.reason, 'at', v.at)
     order by v.at, v.voter), '[]') from approval_votes v where v.approval_id = p.id) as votes`;

export const toApproval = (row: ApprovalRow): Approval => ({
  ...row,
  price: price(row.price),
  votes: row.votes.map((vote) => ({ ...vote, at: new Date(vote.at) })),
});
