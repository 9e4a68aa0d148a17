import type { ModeReason } from '../../core/model/decision.ts';
import type { Mode } from '../../core/model/mode.ts';

/** What each of the four says. */
export interface ModeVotes {
  readonly signal: Mode;
  readonly strategy: { readonly key: string; readonly mode: Mode };
  readonly master: Mode;
  /** Whether an enabled account with live keys is there. */
  readonly productionAccount: string | null;
}

/** Production needs all four to say so; any one saying paper sends the order to paper. The reasons go on the receipt. */
export function resolveMode(votes: ModeVotes): { mode: Mode; reasons: ModeReason[] } {
  const account: Mode = votes.productionAccount === null ? 'paper' : 'production';
  const reasons: ModeReason[] = [
    { source: 'signal', says: votes.signal, sentence: `The alert asks for ${votes.signal}.` },
    {
      source: 'strategy',
      says: votes.strategy.mode,
      sentence: `The strategy ${votes.strategy.key} is set to ${votes.strategy.mode}.`,
    },
    {
      source: 'account',
      says: account,
      sentence: votes.productionAccount
        ? `The account ${votes.productionAccount} trades production.`
        : 'No enabled account trades production.',
    },
    { source: 'master', says: votes.master, sentence: `The master switch is on ${votes.master}.` },
  ];
  return { mode: reasons.every((reason) => reason.says === 'production') ? 'production' : 'paper', reasons };
}
