import type { ModeReason } from '../../core/model/decision.ts';
import type { Mode } from '../../core/model/mode.ts';

/** What each of the four says. */
export interface ModeVotes {
  readonly signal: Mode;
  /** Whether the alert was taken in again, which is why it says paper. */
  readonly replay?: boolean;
  readonly strategy: { readonly key: string; readonly mode: Mode };
  readonly master: Mode;
  /** Whose word counts as the account's; null: no enabled account trades production. */
  readonly account: { readonly name: string; readonly mode: Mode } | null;
}

/** What is held is closed where it is: the account alone says whether that is real money. */
export function exitMode(account: { readonly name: string; readonly mode: Mode }): {
  mode: Mode;
  reasons: ModeReason[];
} {
  const { name, mode } = account;
  const sentence = `It only closes: what the strategy has in ${name} is ended there, which trades ${mode}.`;
  return { mode, reasons: [{ source: 'account', says: mode, sentence }] };
}

/** Production needs all four to say so; any one saying paper sends the order to paper. The reasons go on the receipt. */
export function resolveMode(votes: ModeVotes): { mode: Mode; reasons: ModeReason[] } {
  const { account } = votes;
  const reasons: ModeReason[] = [
    {
      source: 'signal',
      says: votes.signal,
      sentence: votes.replay
        ? 'It is a replay: it goes to paper, whatever the alert asks for.'
        : `The alert asks for ${votes.signal}.`,
    },
    {
      source: 'strategy',
      says: votes.strategy.mode,
      sentence: `The strategy ${votes.strategy.key} is set to ${votes.strategy.mode}.`,
    },
    {
      source: 'account',
      says: account?.mode ?? 'paper',
      sentence: account
        ? `The account ${account.name} trades ${account.mode}.`
        : 'No enabled account trades production.',
    },
    { source: 'master', says: votes.master, sentence: `The master switch is on ${votes.master}.` },
  ];
  return { mode: reasons.every((reason) => reason.says === 'production') ? 'production' : 'paper', reasons };
}
