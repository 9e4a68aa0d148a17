import type { PlannedAlert } from './plan.ts';
import type { Outcome, Reply } from './post-alert.ts';

/** Everything that a run came to. */
export interface Summary {
  readonly planned: number;
  readonly sent: number;
  readonly stopped: boolean;
  readonly by: Readonly<Partial<Record<Outcome, number>>>;
  /** How many by code, most first. */
  readonly codes: readonly { readonly code: string; readonly count: number; readonly example: string }[];
  readonly unwanted: number;
  /** Milliseconds; null: nothing was answered. */
  readonly replyMs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
  readonly seconds: number;
}

const taken: readonly string[] = ['accepted', 'repeated', 'recorded'];

/** Whether a reply is what was wanted: an outcome, a code, `taken` or `any`. */
export function isWanted(expect: string, { outcome, code }: Reply): boolean {
  if (expect === 'any') return outcome !== 'unanswered';
  return expect === 'taken' ? taken.includes(outcome) : expect === outcome || expect === code;
}

/** Counts what comes back. */
export function createTally() {
  const by: Partial<Record<Outcome, number>> = {};
  const codes = new Map<string, { count: number; example: string }>();
  const tookMs: number[] = [];
  let unwanted = 0;
  return {
    add(alert: PlannedAlert, reply: Reply): boolean {
      by[reply.outcome] = (by[reply.outcome] ?? 0) + 1;
      if (reply.outcome !== 'unanswered') tookMs.push(reply.tookMs);
      const wanted = isWanted(alert.expect, reply);
      if (!wanted) unwanted++;
      const code = reply.code ?? (reply.outcome === 'unanswered' ? 'no answer' : null);
      if (code !== null) {
        const known = codes.get(code);
        codes.set(code, { count: (known?.count ?? 0) + 1, example: known?.example ?? reply.sentence ?? '' });
      }
      return wanted;
    },
    summary(about: { planned: number; stopped: boolean; seconds: number }): Summary {
      const sorted = tookMs.toSorted((a, b) => a - b);
      // The nearest rank: the smallest that the given part of all is not above.
      const rank = (part: number): number => rounded(sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0);
      return {
        ...about,
        sent: Object.values(by).reduce((sum, count) => sum + count, 0),
        by,
        codes: [...codes].map(([code, one]) => ({ code, ...one })).sort((a, b) => b.count - a.count),
        unwanted,
        replyMs: sorted.length === 0 ? null : { p50: rank(0.5), p99: rank(0.99), max: rank(1) },
        seconds: rounded(about.seconds),
      };
    },
  };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

const words: readonly (readonly [Outcome, string])[] = [
  ['accepted', 'accepted'],
  ['repeated', 'resends of what was there'],
  ['recorded', 'recorded by a sandbox, nothing traded'],
  ['refused', 'refused'],
  ['unauthorized', 'not let in'],
  ['limited', 'held off by the limit of the source: send slower, or raise it'],
  ['unavailable', 'not stored: to be sent again'],
  ['unanswered', 'without an answer'],
];

/** The summary as a person reads it. */
export function inWords({ planned, sent, stopped, by, codes, unwanted, replyMs, seconds }: Summary): string {
  const lines = [
    stopped ? `Stopped: ${sent} of ${planned} alerts were sent, in ${seconds} s.` : `${sent} sent in ${seconds} s.`,
    ...words.flatMap(([outcome, says]) => (by[outcome] ? [`  ${String(by[outcome]).padStart(6)}  ${says}`] : [])),
    ...codes.map(({ code, count, example }) => `          ${code} ×${count}${example ? `: ${short(example)}` : ''}`),
    ...(replyMs
      ? [`Replies took ${replyMs.p50} ms (median), ${replyMs.p99} ms (99 %), ${replyMs.max} ms (longest).`]
      : []),
    ...(unwanted > 0 ? [`${unwanted} did not come out as wanted.`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const short = (sentence: string): string => (sentence.length > 160 ? `${sentence.slice(0, 159)}…` : sentence);
