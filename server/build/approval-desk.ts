import type { ApprovalJson } from '../contract/index.ts';
import type { VoteProblem, VoteVerdict } from '../core/model/approval.ts';
import type { ApprovalStore } from '../core/ports/approval-store.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ApprovalDesk } from '../http/approval-desk.ts';
import { HttpProblem } from '../http/problems.ts';
import type { Queries } from '../http/queries.ts';
import { requireStepUp } from '../http/step-up.ts';
import { type Caller, mayDo } from '../platform/access/roles.ts';

export interface ApprovalDeskParts {
  readonly approvals: Pick<ApprovalStore, 'vote'>;
  readonly queries: Pick<Queries, 'findApproval'>;
  readonly clock: Clock;
  /** Called when a vote has ended an ask: there is a job to look for. */
  readonly onVoted: () => void;
}

/** Counts votes. Who may have one depends on the money: traders on paper, admins with real money. */
export function createApprovalDesk({ approvals, queries, clock, onVoted }: ApprovalDeskParts): ApprovalDesk {
  async function vote(
    id: string,
    verdict: VoteVerdict,
    reason: string | null,
    caller: Caller,
  ): Promise<ApprovalJson | null> {
    const found = await queries.findApproval(id);
    if (!found) return null;
    if (found.mode === 'production' && !mayDo(caller.role, 'admin')) {
      const sentence = `It is real money: only an admin answers for it; you are ${caller.role}. Your vote was not counted.`;
      throw new HttpProblem(403, 'FORBIDDEN', 'Only for admins', sentence);
    }
    if (found.mode === 'production' && verdict === 'approve') requireStepUp(caller, clock);
    const voted = await approvals.vote(id, { voter: caller.id, name: caller.name, verdict, reason, at: clock.now() });
    if (!voted) return null;
    if (voted.kind === 'problem') throw problemOf(voted.problem, found);
    if (voted.approval.state !== 'open') onVoted();
    return queries.findApproval(id);
  }

  return {
    approve: (id, { reason }, caller) => vote(id, 'approve', reason ?? null, caller),
    reject: (id, { reason }, caller) => vote(id, 'reject', reason, caller),
  };
}

const uncounted = 'Your vote was not counted.';

function problemOf(problem: VoteProblem, { state, votesNeeded, sentence }: ApprovalJson): HttpProblem {
  switch (problem) {
    case 'voted':
      return new HttpProblem(
        409,
        'VOTED_ALREADY',
        'You have voted already',
        `Everybody has one vote${votesNeeded === 2 ? ', and this takes two people' : ''}. ${uncounted}`,
      );
    case 'expired':
      return new HttpProblem(409, 'APPROVAL_EXPIRED', 'Too late', `Its time is over: nothing was sent. ${uncounted}`);
    case 'withdrawn':
      return new HttpProblem(
        409,
        'APPROVAL_WITHDRAWN',
        'It was withdrawn',
        `A later alert of its strategy left or went the other way: nothing was sent. ${uncounted}`,
      );
    case 'ended':
      return new HttpProblem(
        409,
        'APPROVAL_ENDED',
        'It is over',
        `It was ${state}${sentence ? `: ${sentence}` : '.'} ${uncounted}`,
      );
  }
}
