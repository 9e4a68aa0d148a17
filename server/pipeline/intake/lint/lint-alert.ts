import type { TradeSignal } from '../../../core/model/signal.ts';
import type { Dialect } from '../dialect.ts';
import { refusalOf } from '../problem-code.ts';
import { takeBodySecret } from '../proofs/body-secret.ts';
import type { AskedReading, ReadAlert } from '../read-alert.ts';
import { readAlert } from '../read-alert.ts';
import { readBody } from '../read-body.ts';
import { type LintCode, ruleOf, severitiesInOrder } from './codes.ts';
import { draftsOf, type Subject } from './drafts.ts';
import { applyAll, type Draft, type Finding, lineStarts, placeOf } from './finding.ts';
import { signalInWords } from './in-words.ts';
import { type Edit, PlacedText, withEdits } from './placed-text.ts';
import { placeholdersIn } from './placeholders.ts';
import { findSecrets, hiderOf } from './secrets.ts';
import { type DialectChoice, whyDialect } from './why-dialect.ts';

/** An alert whose text somebody wants to know about. */
export interface LintInput {
  /** What arrived, or the text of TradingView's box. */
  readonly body: Uint8Array;
  /** `message`: placeholders that TradingView knows are filled with examples before anything is read. */
  readonly as: 'received' | 'message';
  readonly asked: AskedReading;
  readonly how: DialectChoice;
  /** The field of the secret that the source takes out of the body; null: it asks for none. */
  readonly secretField: string | null;
  /** The strategy of alerts that name none; null: `default`. */
  readonly sourceStrategy: string | null;
  /** Null: it is not known here. */
  readonly repeatWindowSeconds: number | null;
  readonly now: Date;
}

/** What intake would make of an alert. */
export interface Verdict {
  readonly kind: 'accepted' | 'refused';
  /** The refusal's; null: it would be accepted. */
  readonly code: string | null;
}

/** What there is to say of an alert without asking the server. */
export interface LintReport {
  readonly verdict: Verdict;
  readonly dialect: { readonly key: string; readonly how: DialectChoice; readonly why: string };
  /** What would be done, in words; null: it would be refused. */
  readonly says: string | null;
  readonly signal: TradeSignal | null;
  /** Worst first, then in the order of the text. No secret is in them. */
  readonly findings: readonly Finding[];
  readonly mended: Mended | null;
  /** What was read, as intake would have it. */
  readonly read: ReadAlert;
  readonly bytes: Uint8Array;
}

/** A text that is better than the one that was given. */
export interface Mended {
  readonly text: string;
  /** What leads there from what was given. */
  readonly edits: readonly Edit[];
  readonly verdict: Verdict;
  readonly dialect: string;
  readonly says: string | null;
}

/** Reads an alert with intake's own readers and says what it is, what is wrong with it, and what to write instead. Stores nothing. */
export function lintAlert(input: LintInput, dialects: readonly Dialect[]): LintReport {
  const original = readBody(input.body).text;
  const judged = judge(input.body, original, input, dialects);
  const { read } = judged.read;
  const secrets = findSecrets(original);
  const subject: Subject = { ...input, original, secrets, judged: judged.read, placed: judged.placed };
  const { drafts, placed } = draftsOf(subject, dialects);
  const findings = told(original, placed, drafts, input.secretField, secrets);
  mendFurther(subject, placed, drafts, dialects);
  const edits = placed.edits();
  const { dialect, alert } = judged.read;
  const signal = read.ok ? read.value : null;
  return {
    verdict: verdictOf(judged.read),
    dialect: { key: dialect.key, how: input.how, why: whyDialect(dialect.key, input.how, alert) },
    says: signal && signalInWords(signal),
    signal,
    findings,
    mended: edits.length === 0 ? null : mendedBy(original, edits, input, dialects),
    read: judged.read,
    bytes: judged.bytes,
  };
}

/** Names that are put right have values of their own to be put right, and so on, a few times. */
const maxRounds = 4;

function mendFurther(
  subject: Subject,
  placed: PlacedText,
  first: readonly Draft[],
  dialects: readonly Dialect[],
): void {
  let drafts = first;
  for (let round = 1; round <= maxRounds; round++) {
    const edits = drafts.flatMap((draft) => draft.edits ?? []);
    if (edits.length === 0) return;
    applyAll(placed, edits);
    const judged = readAlert(readBody(new TextEncoder().encode(placed.text)), dialects, subject.asked);
    drafts = draftsOf({ ...subject, judged, placed }, dialects).drafts;
  }
}

interface Judged {
  readonly read: ReadAlert;
  /** The text that was read, which knows where its pieces stood. */
  readonly placed: PlacedText;
  /** What the alert would be known by. */
  readonly bytes: Uint8Array;
}

/** What intake would come to: of a message, once TradingView has filled it in. */
function judge(body: Uint8Array, original: string, input: LintInput, dialects: readonly Dialect[]): Judged {
  const placed = new PlacedText(original);
  if (input.as === 'message') fillKnown(placed, input.now);
  const sent = placed.text === original ? body : new TextEncoder().encode(placed.text);
  const plain = readBody(sent);
  // As it is proven: intake never sees the secret that its source asks for.
  const taken = input.secretField === null ? null : takeBodySecret(plain.text, input.secretField);
  const read = readAlert(taken === null ? plain : { ...plain, text: taken.text }, dialects, input.asked);
  return {
    read: withStrategy(read, input.sourceStrategy),
    placed,
    bytes: taken === null ? sent : new TextEncoder().encode(taken.text),
  };
}

/** As intake puts the source's strategy in. */
function withStrategy(read: ReadAlert, strategy: string | null): ReadAlert {
  if (!read.read.ok || strategy === null || read.read.value.strategy !== 'default') return read;
  return { ...read, read: { ok: true, value: { ...read.read.value, strategy } } };
}

function fillKnown(placed: PlacedText, now: Date): void {
  for (const { from, until, example } of placeholdersIn(placed.text, now).toReversed()) {
    if (example !== null) placed.fill(from, until, example);
  }
}

const verdictOf = ({ read }: ReadAlert): Verdict =>
  read.ok ? { kind: 'accepted', code: null } : { kind: 'refused', code: refusalOf(read.error) };

function mendedBy(original: string, edits: readonly Edit[], input: LintInput, dialects: readonly Dialect[]): Mended {
  const text = withEdits(original, edits);
  const { read } = judge(new TextEncoder().encode(text), text, input, dialects);
  return {
    ...{ text, edits, verdict: verdictOf(read), dialect: read.dialect.key },
    says: read.read.ok ? signalInWords(read.read.value) : null,
  };
}

/** Findings with their places in the original, and without any secret. */
function told(
  original: string,
  placed: PlacedText,
  drafts: readonly Draft[],
  secretField: string | null,
  secrets: readonly { readonly from: number; readonly until: number }[],
): readonly Finding[] {
  const starts = lineStarts(original);
  const wanted = secretField === null ? null : takeBodySecret(original, secretField).secret;
  const hide = hiderOf(original, secrets);
  const clean = (said: string): string =>
    wanted !== null && wanted !== '' ? hide(said).replaceAll(wanted, '***') : hide(said);
  const findings = drafts.map((draft): Finding => {
    const rule = ruleOf(draft.code);
    const span = draft.span && (draft.inOriginal ? draft.span : placed.originalSpan(draft.span.from, draft.span.until));
    return {
      code: draft.code,
      severity: rule.severity,
      field: draft.field,
      message: clean(draft.message),
      mend: clean(draft.mend ?? rule.mend),
      place: span && placeOf(starts, span.from, Math.max(span.until, span.from), draft.pointer ?? null),
    };
  });
  const rank = ({ severity }: Finding): number => severitiesInOrder.indexOf(severity);
  const from = ({ place }: Finding): number => place?.from ?? Number.MAX_SAFE_INTEGER;
  return unique(findings).sort((a, b) => rank(a) - rank(b) || from(a) - from(b));
}

function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, message, place }) => {
    const key = `${code} ${place?.from ?? ''} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** A finding that only the server can come to, about the whole alert. */
export function findingOf(code: LintCode, message: string, mend?: string): Finding {
  const rule = ruleOf(code);
  return { code, severity: rule.severity, field: null, message, mend: mend ?? rule.mend, place: null };
}
