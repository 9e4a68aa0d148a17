import { quantity, text } from '../core/decimal.ts';
import { type Approval, approversOf } from '../core/model/approval.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import type { Alarms } from '../core/ports/alarms.ts';
import type { ApprovalEnd, ApprovalStore } from '../core/ports/approval-store.ts';
import type { DecisionToStore } from '../core/ports/decision-store.ts';
import { UnprocessableJob } from '../core/ports/job-data.ts';
import type { JobOutcome } from '../core/ports/job-queue.ts';
import { spanInWords } from '../core/span-in-words.ts';
import { routeSignal } from './account-tasks.ts';
import type { AccountTask } from './decide-for-account.ts';
import { createFactGatherer } from './gather-facts.ts';
import { createJudge, type Judgement } from './judge-for-account.ts';
import type { SignalProcessorParts } from './process-signal.ts';

export interface ApprovalSettlerParts extends SignalProcessorParts {
  readonly approvals: ApprovalStore;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
}

const done: JobOutcome = { kind: 'done' };
const again = (afterMs: number): JobOutcome => ({ kind: 'again', afterMs });
/** How soon it is looked again whether a market answers, or whether the exit of a reversal has closed the position. */
const lookAgainMs = 250;
/** For so long what was approved waits for that. */
const patienceMs = 60_000;

/**
 * Handler of the job `approval.settle`: has a person called while an ask is open, ends it when its time is over, when somebody said no or when
 * its strategy took it back, and decides it anew once it is approved. Safe to run twice, and twice at once; the job of an open ask comes back
 * at its end, so that no restart forgets it.
 */
export function createApprovalSettler(
  parts: ApprovalSettlerParts,
): (data: { approvalId: string }) => Promise<JobOutcome> {
  const { approvals, alarms, decisions, settings, clock } = parts;
  const facts = createFactGatherer(parts);
  const judge = createJudge(parts);

  /** False: not yet. */
  async function decide(approval: Approval): Promise<boolean> {
    const startedAt = clock.now();
    const [found, accounts] = await Promise.all([decisions.signal(approval.signalId), decisions.tradingAccounts()]);
    const destination = found?.destinations?.find((one) => one.accountId === approval.accountId);
    if (!found || !destination) throw new UnprocessableJob('There is no such alert to decide anew.');
    const strategy = settings.strategy(found.signal.strategy);
    const master = settings.current()['mode.master'];
    const afterExit = approval.ordersBefore > 0;
    const signal = afterExit ? entryAlone(found.signal, approval) : found.signal;
    const route = routeSignal({ found: { ...found, signal }, strategy, accounts, master, startedAt });
    const answered = {
      askedAt: approval.askedAt,
      price: approval.price,
      quantity: quantity(approval.sizing.quantity),
      asks: approval.asks,
      ordersBefore: approval.ordersBefore,
      by: approversOf(approval.votes),
    };
    const task: AccountTask = { ...route.taskFor(destination), answered };
    const given = approval.votes.at(-1)!.at.getTime();
    const patient = clock.now().getTime() < given + patienceMs;
    const gathered = (await facts.gather(task, false))!;
    if (gathered.seen.market === null && task.account?.enabled && patient) return false;
    for (;;) {
      const said: { judgement: Judgement | null; early: boolean } = { judgement: null, early: false };
      const stored = await approvals.decide(approval, task.found, gathered.bar, (view) => {
        const judgement = judge(task, gathered, view);
        said.judgement = judgement;
        if (judgement.kind !== 'decided') return null;
        if (!afterExit || judgement.decision.intent === 'entry') return judgement.decision;
        said.early = patient;
        return patient ? null : stillHeld(judgement.decision, approval);
      });
      if (stored) parts.onDecided();
      if (said.early) return false;
      if (said.judgement?.kind !== 'missing') return true;
      await facts.ask(gathered, said.judgement.symbols);
    }
  }

  async function end(approval: Approval): Promise<JobOutcome> {
    const how = endOf(approval);
    if (await approvals.end(approval, how)) {
      await alarms.clear(alarmOf(approval), how.sentence);
      return done;
    }
    // Somebody was quicker; what is due now is seen by looking again.
    return again(1);
  }

  return async ({ approvalId }) => {
    const approval = await approvals.find(approvalId);
    if (!approval) throw new UnprocessableJob('There is no such approval.');
    const { state, settledAt, withdrawnBy } = approval;
    if (settledAt !== null) {
      await alarms.clear(alarmOf(approval), endInWords[state]);
      return done;
    }
    if (state === 'rejected' || withdrawnBy !== null) return end(approval);
    if (state === 'approved') {
      await alarms.clear(alarmOf(approval), `Approved by ${approversOf(approval.votes)}.`);
      return (await decide(approval)) ? done : again(lookAgainMs);
    }
    const leftMs = approval.expiresAt.getTime() - clock.now().getTime();
    if (leftMs <= 0) return end(approval);
    await alarms.raise({
      key: alarmOf(approval),
      kind: 'approval.open',
      severity: 'page',
      accountId: approval.accountId,
      sentence: `${wishInWords(approval)} waits for ${approval.votesNeeded === 2 ? 'two people' : 'a person'}. Nothing is sent without an answer within ${spanOf(approval)}.`,
      data: { approvalId, signalId: approval.signalId, expiresAt: approval.expiresAt.toISOString() },
    });
    return again(leftMs);
  };
}

const alarmOf = ({ id }: Approval): string => `approval:${id}`;

const wishInWords = ({ side, symbol, strategy, sizing, price }: Approval): string =>
  `${side.toUpperCase()} ${sizing.quantity} ${symbol} at about ${text(price)} of ${strategy}`;

const endInWords: Readonly<Record<Approval['state'], string>> = {
  open: 'It is open.',
  approved: 'It was approved, and decided anew.',
  rejected: 'It was refused.',
  expired: 'Nobody answered in time.',
  withdrawn: 'It was withdrawn.',
};

/** How long people had to answer, in words. */
const spanOf = ({ askedAt, expiresAt }: Pick<Approval, 'askedAt' | 'expiresAt'>): string =>
  spanInWords(Math.round((expiresAt.getTime() - askedAt.getTime()) / 1000));

/** How an ask ends whose entry is not sent. */
function endOf(approval: Approval): ApprovalEnd {
  const { votes, votesNeeded } = approval;
  const no = votes.find((vote) => vote.verdict === 'reject');
  if (approval.state === 'rejected' && no) {
    const why = no.reason ? `: ${no.reason.replace(/\.$/, '')}.` : '.';
    return { state: 'rejected', code: 'RISK_APPROVAL_REFUSED', sentence: `Not sent: ${no.name} said no${why}` };
  }
  if (approval.withdrawnBy !== null) {
    const sentence = 'Not sent: a later alert of its strategy left or went the other way while it waited for a person.';
    return { state: 'withdrawn', code: 'RISK_APPROVAL_WITHDRAWN', sentence };
  }
  const had = votes.length === 0 ? 'nobody answered' : `only ${votes.length} of ${votesNeeded} said yes`;
  return { state: 'expired', code: 'RISK_APPROVAL_EXPIRED', sentence: `Not sent: ${had} within ${spanOf(approval)}.` };
}

/** The entry of a reversal by itself: its exit was sent when it was asked for. */
const entryAlone = (signal: TradeSignal, { side }: Approval): TradeSignal => ({
  ...signal,
  ...{ action: side, side, previousPosition: null, previousSize: null },
});

const stillHeld = (decision: DecisionToStore, { symbol }: Approval): DecisionToStore => ({
  ...decision,
  intent: 'entry',
  outcome: {
    kind: 'denied',
    code: 'EXECUTION_AFTER_FAILED',
    sentence: `Not sent: ${symbol} is still held on the other side, as its exit has not closed it.`,
  },
});
