import { isDeepStrictEqual } from 'node:util';
import type { Bar } from '../../core/indicators/bar.ts';
import type { DecisionSummary, KeptFacts } from '../../core/model/kept-facts.ts';
import type { MarketFacts } from '../../core/model/market-facts.ts';
import type { StoredLimit } from '../../core/model/risk-limit.ts';
import { type ApprovalSettings, defaultSettings, defaultStrategySettings } from '../../core/model/settings.ts';
import { signalFromJson, signalToJson, type TradeSignal } from '../../core/model/signal.ts';
import type { StoredAlert, StoredDecision } from '../../core/ports/replay-source.ts';
import type { StrategyRecord } from '../../core/ports/settings.ts';
import { summaryOf } from '../../pipeline/decision-summary.ts';
import type { Dialect } from '../../pipeline/intake/dialect.ts';
import { datedByMail } from '../../pipeline/intake/mail/date-by-mail.ts';
import { refusalOf } from '../../pipeline/intake/problem-code.ts';
import { readAlert, withStrategy } from '../../pipeline/intake/read-alert.ts';
import { readBody } from '../../pipeline/intake/read-body.ts';
import { createJudge } from '../../pipeline/judge-for-account.ts';
import { createFactRestorer, type InForce } from '../../pipeline/restore-facts.ts';
import type { Rule } from '../../pipeline/risk/rule.ts';
import type { SizingBook } from '../../pipeline/sizing/book.ts';
import { type DifferenceKind, differenceOf, type Outcome } from './compare.ts';

export interface RejudgeParts {
  readonly dialects: readonly Dialect[];
  readonly rules: readonly Rule[];
  readonly sizing: SizingBook;
  /** Every version of every limit. */
  readonly limits: readonly StoredLimit[];
  bars(symbol: string, last: Date, count: number): readonly Bar[];
  /** The configuration to judge by, from the one that was in force. */
  configuration(inForce: InForce): InForce;
}

/** What became of a decision when it was made again. */
export interface Rejudged {
  readonly signalId: string;
  readonly decisionId: string | null;
  readonly at: Date;
  readonly strategy: string | null;
  readonly symbol: string | null;
  /** The account's name; null: there was none. */
  readonly account: string | null;
  /** Beside the alert, on paper. */
  readonly shadow: boolean;
  /** Null: it comes to the same. */
  readonly difference: DifferenceKind | null;
  /** Null: it is not known, as no facts were kept. */
  readonly was: Outcome | null;
  readonly wouldBe: Outcome | null;
  /** Fields of the alert that are read in another way today. */
  readonly readAnew: readonly string[];
  /** What is to be said of it: why it could not be made again, or what of the facts is not as it was. */
  readonly notes: readonly string[];
}

/** Makes the decisions of an alert again, by today's code: its parser, its sizing and its rules. Pure. */
export function createRejudge(parts: RejudgeParts): (alert: StoredAlert) => readonly Rejudged[] {
  const restore = createFactRestorer();
  const limitsOf = createLimitLookup(parts.limits);
  /** What the judge looks at of the decision that is at hand; it does not wait, so that there is but one. */
  let market: MarketFacts;
  let now: Date;
  let approvals: ApprovalSettings;
  let sectorOf: (symbol: string) => string;
  let industryOf: (symbol: string) => string;
  const judge = createJudge({
    rules: parts.rules,
    sizing: parts.sizing,
    facts: {
      dailyBars: (symbol) => market.dailyBars(symbol),
      session: (at) => market.session(at),
      blackouts: (symbol, at) => market.blackouts(symbol, at),
    },
    sectorOf: (symbol) => sectorOf(symbol),
    industryOf: (symbol) => industryOf(symbol),
    clock: { now: () => now } as Parameters<typeof createJudge>[0]['clock'],
    settings: { current: () => ({ ...defaultSettings, approvals }) } as Parameters<typeof createJudge>[0]['settings'],
  });

  function again(
    alert: StoredAlert,
    { accountId, activity }: StoredDecision,
    kept: KeptFacts,
    signal: TradeSignal,
  ): { readonly summary: DecisionSummary; readonly notes: readonly string[] } | string {
    const limits = limitsOf(kept);
    if (typeof limits === 'string') return limits;
    const inForce = parts.configuration({
      master: kept.master,
      strategy: strategyOf(kept),
      limits,
      approvals: kept.approvals ?? defaultSettings.approvals,
    });
    const beside = { ...alert, signal, accountId, activity, bars: parts.bars };
    const facts = restore(kept, beside, inForce);
    ({ market, now, sectorOf, industryOf } = facts);
    approvals = inForce.approvals;
    const judged = judge(facts.task, facts.gathered, facts.view);
    if (judged.kind !== 'decided') return `it could not be judged (${judged.kind})`;
    return { summary: summaryOf(judged.decision, facts.view.account), notes: facts.notes };
  }

  function decisionOf(alert: StoredAlert, stored: StoredDecision, today: Today): Rejudged {
    const { facts: kept } = stored;
    const about = {
      signalId: alert.signalId,
      decisionId: stored.decisionId,
      at: alert.receivedAt,
      strategy: alert.parsed?.strategy ?? null,
      symbol: alert.parsed?.ticker ?? null,
      account: null,
      shadow: false,
      readAnew: today.readAnew,
      notes: [],
    };
    if (kept === null || typeof kept === 'string') {
      const why = kept ?? 'what it was made on was not kept';
      return { ...about, difference: 'not_replayed', was: null, wouldBe: null, notes: [why] };
    }
    const was = kept.result;
    const known = { ...about, account: kept.account?.name ?? null, shadow: kept.shadow === true, was };
    if (today.refused) return { ...known, difference: 'decision', wouldBe: today.refused };
    const cannot = (why: string): Rejudged => ({ ...known, difference: 'not_replayed', wouldBe: null, notes: [why] });
    const { signal } = today;
    if (signal.ticker !== kept.symbols[0])
      return cannot(`it is read as one for ${signal.ticker} today, of which nothing was kept`);
    if (signal.strategy !== kept.strategy.key)
      return cannot(`it is read as one of the strategy ${signal.strategy} today, of which nothing was kept`);
    const judged = again(alert, stored, kept, signal);
    if (typeof judged === 'string') return cannot(judged);
    return {
      ...known,
      difference: differenceOf(was, judged.summary),
      wouldBe: judged.summary,
      notes: judged.notes,
    };
  }

  return (alert) => {
    const today = readToday(alert, parts.dialects);
    const about = {
      ...{ signalId: alert.signalId, decisionId: null, at: alert.receivedAt, account: null, shadow: false },
      ...{ strategy: alert.parsed?.strategy ?? null, symbol: alert.parsed?.ticker ?? null, readAnew: today.readAnew },
    };
    if (alert.status === 'refused' || alert.parsed === null) {
      const was: Outcome = { outcome: 'refused', code: alert.code ?? '', sentence: '' };
      const wouldBe: Outcome = today.refused ?? { outcome: 'understood' };
      const notes = today.refused ? [] : ['it was refused, so there is nothing that it could be decided on'];
      const named = today.signal ? { symbol: today.signal.ticker, strategy: today.signal.strategy } : {};
      return [{ ...about, ...named, difference: differenceOf(was, wouldBe), was, wouldBe, notes }];
    }
    if (alert.decisions.length === 0) {
      const notes = [`it was never decided: it is ${alert.status}`];
      return [{ ...about, difference: 'not_replayed', was: null, wouldBe: null, notes }];
    }
    return alert.decisions.map((stored) => decisionOf(alert, stored, today));
  };
}

type Today =
  | { readonly refused: null; readonly signal: TradeSignal; readonly readAnew: readonly string[] }
  | {
      readonly refused: Extract<Outcome, { outcome: 'refused' }>;
      readonly signal: null;
      readonly readAnew: readonly string[];
    };

/** What today's parser makes of the alert, and which fields it reads in another way than the one of then did. */
function readToday({ body, parsed, readAs }: StoredAlert, dialects: readonly Dialect[]): Today {
  const text = readBody(body);
  // A dialect that there is no more: its alerts are read by their shape, and the difference is told.
  const dialect = dialects.some(({ key }) => key === readAs?.dialect) ? readAs!.dialect : null;
  const { read } = readAlert(text, dialects, { dialect, reading: readAs?.reading ?? null });
  if (!read.ok) {
    const sentence = read.error.map((problem) => `${problem.field}: ${problem.message}`).join('; ');
    return { refused: { outcome: 'refused', code: refusalOf(read.error), sentence }, signal: null, readAnew: [] };
  }
  const named = withStrategy(read.value, readAs?.strategy ?? null);
  const signal = readAs?.mail ? datedByMail(named, readAs.mail) : named;
  const today = signalToJson(signal);
  // Fields that came later are absent in what was stored before.
  const then = parsed && signalToJson(signalFromJson(parsed));
  const names = Object.keys(today) as (keyof typeof today)[];
  const readAnew = then ? names.filter((name) => !isDeepStrictEqual(today[name], then[name])) : [];
  return { refused: null, signal, readAnew };
}

const strategyOf = ({ strategy }: KeptFacts): StrategyRecord => ({
  ...strategy,
  settings: {
    ...defaultStrategySettings,
    ...strategy.settings,
    bounds: { ...defaultStrategySettings.bounds, ...strategy.settings.bounds },
  },
  updatedAt: new Date(0),
});

/** Limits by the versions that were in force; one list for the same versions. A text says which of them is not there any more. */
function createLimitLookup(all: readonly StoredLimit[]): (kept: KeptFacts) => readonly StoredLimit[] | string {
  const keyOf = (rule: string, kind: string, name: string, version: number) => `${rule}\n${kind}\n${name}\n${version}`;
  const known = new Map(all.map((one) => [keyOf(one.rule, one.scope.kind, one.scope.name, one.version), one]));
  const lists = new Map<string, readonly StoredLimit[] | string>();
  return ({ limits }) => {
    const keys = limits.map((one) => keyOf(...one));
    const whole = keys.join('\n\n');
    let list = lists.get(whole);
    if (list === undefined) {
      const missing = limits.find((_, i) => !known.has(keys[i]!));
      list = missing
        ? `version ${missing[3]} of the limit ${missing[0]} is not there any more`
        : keys.map((key) => known.get(key)!);
      lists.set(whole, list);
    }
    return list;
  };
}
