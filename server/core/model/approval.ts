import type { Price } from '../decimal.ts';
import type { RuleVerdict, SizingRecord } from './decision.ts';
import type { Side } from './signal.ts';

/**
 * Where the question to a person stands. `approved`: everybody who was needed said yes, and the decision is made anew. `withdrawn`: its
 * strategy said otherwise meanwhile.
 */
export const approvalStates = ['open', 'approved', 'rejected', 'expired', 'withdrawn'] as const;
export type ApprovalState = (typeof approvalStates)[number];

export const voteVerdicts = ['approve', 'reject'] as const;
export type VoteVerdict = (typeof voteVerdicts)[number];

/** An entry that waits for a person: what is asked, and on which terms. */
export interface Ask {
  /** The verdicts that want a person. Never empty. */
  readonly asks: readonly RuleVerdict[];
  readonly votesNeeded: 1 | 2;
  readonly expiresAt: Date;
  /** The middle of the market at the ask; where there was no quote, what the order was expected near. */
  readonly price: Price;
  /** What would be sent. */
  readonly side: Side;
  readonly sizing: SizingRecord;
}

/** What one person said. Everybody has one vote. */
export interface Vote {
  /** The person's id. */
  readonly voter: string;
  readonly name: string;
  readonly verdict: VoteVerdict;
  readonly reason: string | null;
  readonly at: Date;
}

/** An ask as it is kept. */
export interface Approval extends Ask {
  readonly id: string;
  readonly decisionId: string;
  readonly signalId: string;
  readonly accountId: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly askedAt: Date;
  readonly state: ApprovalState;
  /** The later alert that withdrew it; null: none did. */
  readonly withdrawnBy: string | null;
  /** Orders that its decision has already: of a reversal, whose exit did not wait. */
  readonly ordersBefore: number;
  /** When its decision was made final; null: it is not yet. */
  readonly settledAt: Date | null;
  /** In their order. */
  readonly votes: readonly Vote[];
}

/** Why a vote does not count. */
export type VoteProblem = 'ended' | 'expired' | 'withdrawn' | 'voted';

/**
 * What becomes of an ask with one more vote. One no ends it; as many people as are needed must say yes. Time is enforced here as well: an
 * ask whose time is over takes no vote, though nobody has ended it yet.
 */
export function withVote(
  approval: Pick<Approval, 'state' | 'expiresAt' | 'withdrawnBy' | 'votes' | 'votesNeeded'>,
  vote: Vote,
): { readonly state: 'open' | 'approved' | 'rejected' } | { readonly problem: VoteProblem } {
  if (approval.state !== 'open') return { problem: 'ended' };
  if (approval.withdrawnBy !== null) return { problem: 'withdrawn' };
  if (vote.at.getTime() >= approval.expiresAt.getTime()) return { problem: 'expired' };
  if (approval.votes.some((one) => one.voter === vote.voter)) return { problem: 'voted' };
  if (vote.verdict === 'reject') return { state: 'rejected' };
  const given = approval.votes.filter((one) => one.verdict === 'approve').length + 1;
  return { state: given >= approval.votesNeeded ? 'approved' : 'open' };
}

/** The people who said yes, for a sentence: "Ada and Ben". */
export const approversOf = (votes: readonly Pick<Vote, 'name' | 'verdict'>[]): string =>
  votes
    .filter((vote) => vote.verdict === 'approve')
    .map((vote) => vote.name)
    .join(' and ');
