import type { Approval, Vote, VoteProblem } from '../model/approval.ts';
import type { RefusalCode } from '../model/refusals.ts';
import type { Bar, DecisionToStore, LockedView, SignalToDecide } from './decision-store.ts';

/** What became of a vote. `problem`: it was not counted; the approval is as it stands. Null: there is no such approval. */
export type Voted =
  | { readonly kind: 'counted'; readonly approval: Approval }
  | { readonly kind: 'problem'; readonly problem: VoteProblem; readonly approval: Approval };

/** How an ask ends without its entry. */
export interface ApprovalEnd {
  readonly state: 'rejected' | 'expired' | 'withdrawn';
  readonly code: RefusalCode;
  readonly sentence: string;
}

/** Entries that wait for a person. They are asked for by the decision store, in the transaction of their decision. */
export interface ApprovalStore {
  find(id: string): Promise<Approval | null>;
  /** Whether any is open or not settled yet. */
  open(): Promise<number>;
  /** Counts a vote, with its event and the job that follows it up, in one transaction. Null: there is no such approval. */
  vote(id: string, vote: Vote): Promise<Voted | null>;
  /**
   * Ends an ask without its entry: the decision is denied, in one transaction with the events. False: it had been settled, or it is not in
   * the state that this end begins from any more.
   */
  end(approval: Approval, end: ApprovalEnd): Promise<boolean>;
  /**
   * Makes the decision of an approved ask anew: locks signal and account, reads the view, has `decide` decide, and stores what it says over
   * what was held. False: it was settled or withdrawn meanwhile, or `decide` said null; nothing was stored.
   */
  decide(
    approval: Approval,
    signal: SignalToDecide,
    bar: Bar,
    decide: (view: LockedView) => DecisionToStore | null,
  ): Promise<boolean>;
}
