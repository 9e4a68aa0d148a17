import type { Destination } from '../core/model/destination.ts';
import type { Mode } from '../core/model/mode.ts';
import type { SignalToDecide, TradingAccount } from '../core/ports/decision-store.ts';
import type { StrategyRecord } from '../core/ports/settings.ts';
import { createFactGatherer } from './gather-facts.ts';
import { createJudge, type Judgement } from './judge-for-account.ts';
import { createFactKeeper } from './keep-facts.ts';
import type { SignalProcessorParts } from './process-signal.ts';
import type { Answered } from './risk/ask-person.ts';

/** One account's part of a signal. */
export interface AccountTask {
  readonly found: SignalToDecide;
  readonly strategy: StrategyRecord;
  readonly destination: Destination;
  readonly destinations: readonly Destination[];
  /** Whether it closes what is held in the account that it names, and does nothing else. */
  readonly closes: boolean;
  /** Null: none was found. */
  readonly account: TradingAccount | null;
  /** Whose word counts for the account in the vote on the mode; null: there is none that trades production. */
  readonly voter: TradingAccount | null;
  readonly startedAt: Date;
  /** Of a decision that is made anew, as people said yes to it; absent: it is made for the first time. */
  readonly answered?: Answered;
  /** Whether the master switch, as it is in the decision's own view, would send the signal elsewhere. */
  turned(master: Mode): boolean;
}

/** `waits`: the account or its market cannot be asked, and the alert is young enough to wait. `turned`: nothing was stored. */
export type AccountOutcome = 'decided' | 'known' | 'waits' | 'turned';

/** Decides a signal for one account: facts are gathered, judged with the account locked, and the decision stored once. */
export function createAccountDecider(parts: SignalProcessorParts): (task: AccountTask) => Promise<AccountOutcome> {
  const facts = createFactGatherer(parts);
  const judge = createJudge(parts);
  const keep = createFactKeeper(parts);
  return async (task) => {
    const gathered = await facts.gather(task);
    if (gathered === null) return 'waits';
    for (;;) {
      // An object, as the compiler does not see that the callback sets it.
      const said: { judgement: Judgement | null } = { judgement: null };
      const stored = await parts.decisions.decide(
        task.found,
        task.destination.accountId,
        gathered.bar,
        (view) => {
          const judgement = judge(task, gathered, view);
          said.judgement = judgement;
          if (judgement.kind !== 'decided') return null;
          return { ...judgement.decision, facts: keep(task, gathered, view, judgement) };
        },
        task.destinations,
      );
      if (said.judgement?.kind === 'turned') return 'turned';
      if (said.judgement?.kind !== 'missing') return stored ? 'decided' : 'known';
      await facts.ask(gathered, said.judgement.symbols);
    }
  };
}
