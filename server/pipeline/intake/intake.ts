import { type Proof, proofOfFailure } from '../../core/model/proofs.ts';
import { type FieldProblem, signalToJson } from '../../core/model/signal.ts';
import type { ReadAs } from '../../core/model/source-reading.ts';
import type { Block } from '../../core/net/address.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { IntakeStore, NewAlert } from '../../core/ports/intake-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Metrics } from '../../core/ports/metrics.ts';
import type { SignsOfLife } from '../../core/ports/missing-alerts.ts';
import type { ProofStore } from '../../core/ports/proof-store.ts';
import type { Random } from '../../core/ports/random.ts';
import type { RecordingStore } from '../../core/ports/recordings.ts';
import type { SettingsStore } from '../../core/ports/settings.ts';
import type { WebhookToken, WebhookTokens } from '../../core/ports/webhook-tokens.ts';
import type { Dialect } from './dialect.ts';
import { identityOf } from './identity.ts';
import { maskSecrets } from './mask-secrets.ts';
import { refusalOf } from './problem-code.ts';
import type { FailedProofs } from './proofs/failed-proofs.ts';
import { type Proven, proveSender } from './proofs/prove-sender.ts';
import { createRateLimit } from './rate-limit.ts';
import { type AskedReading, type ReadAlert, readAlert, withStrategy } from './read-alert.ts';
import { aliveOf, type Heartbeat, readHeartbeat } from './read-heartbeat.ts';
import { recordingOf } from './recorder/recording-of.ts';

/** TradingView's messages are far below it; what is larger is no alert. */
export const maxBodyBytes = 64 * 1024;

/** After how long a sender should try again when nothing could be stored. TradingView itself waits 5 s. */
const retryWhenUnavailableMs = 1000;

/** Something that came to a webhook address. */
export interface IncomingAlert {
  /** The source of the address; its id will do as well. */
  readonly source: string;
  readonly token: string;
  /** The dialect that it is read as, where the address says so; absent: as the source has it. */
  readonly dialect?: string;
  readonly body: Uint8Array;
  readonly contentType: string | null;
  /** By lower-case name; only those that are kept as proofs are looked at. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly remoteAddress: string | null;
}

/** What to answer the sender. `accepted` and `refused` are durable; `unavailable` promises nothing, and asks to come again. */
export type IntakeAnswer =
  | { readonly kind: 'accepted'; readonly id: string }
  | { readonly kind: 'repeated'; readonly id: string }
  | { readonly kind: 'refused'; readonly id: string; readonly code: string; readonly fields: readonly FieldProblem[] }
  /** Its source is a sandbox: it was kept as it came, and nothing will come of it. */
  | { readonly kind: 'recorded'; readonly id: string }
  /** A heartbeat: it was kept when its strategy was heard of, and nothing was traded. */
  | { readonly kind: 'alive'; readonly strategy: string }
  /** It could not prove itself; which proof failed is nobody's business but ours. */
  | { readonly kind: 'unknown_token' }
  /** It holds the signing secret, and its signature is too old, or was used before. */
  | { readonly kind: 'not_fresh'; readonly code: 'HOOK_CLOCK' | 'HOOK_REPLAYED' }
  | { readonly kind: 'too_large'; readonly maxBytes: number }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number };

/** The first stage: proves the sender, understands the alert, and has it stored once. */
export interface Intake {
  /** Never throws. */
  receive(alert: IncomingAlert): Promise<IntakeAnswer>;
}

export interface IntakeParts {
  readonly store: IntakeStore;
  readonly tokens: Pick<WebhookTokens, 'find'>;
  readonly proofs: Pick<ProofStore, 'policy' | 'claim' | 'release'>;
  readonly failedProofs: Pick<FailedProofs, 'note'>;
  /** Counts what each proof that was asked for came to. */
  readonly metrics: Pick<Metrics, 'proofJudged'>;
  /** The proxies whose word on the sender's address and certificate is taken. */
  readonly trustedProxies: readonly Block[];
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly dialects: readonly Dialect[];
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly random: Pick<Random, 'id'>;
  readonly log: Log;
  /** What sandboxes have sent. */
  readonly recordings: Pick<RecordingStore, 'record'>;
  /** Keeps heartbeats. */
  readonly signs: Pick<SignsOfLife, 'beat'>;
  /** Called after an alert and its job are durable: the moment to look for jobs. */
  readonly onAccepted: () => void;
}

export function createIntake(parts: IntakeParts): Intake {
  const { store, tokens, proofs, failedProofs, metrics, trustedProxies, settings, dialects, clock, random, log } =
    parts;
  const rateLimit = createRateLimit();
  const unavailable = { kind: 'unavailable', retryAfterMs: retryWhenUnavailableMs } as const;

  async function findToken(alert: IncomingAlert): Promise<WebhookToken | null> {
    const token = await tokens.find(alert.token);
    return token !== null && (token.source === alert.source || token.id === alert.source.toLowerCase()) ? token : null;
  }

  /** The alert as it was proven: what it says without the secret that was in it. */
  function prepare(id: string, alert: IncomingAlert, token: WebhookToken, proven: Proven): NewAlert {
    const startedMs = clock.monotonicMs();
    const receivedAt = clock.now();
    const asked = { dialect: alert.dialect ?? token.dialect, reading: token.reading ?? null };
    const understood = readAlert(proven.body, dialects, asked);
    const outcome = outcomeOf(understood, proven.bytes, token, receivedAt);
    return {
      id,
      source: token.source,
      tokenId: token.id,
      receivedAt,
      rawBody: maskSecrets(proven.body.text),
      contentType: printable(alert.contentType, 200),
      proofs: proofsOf(alert, proven),
      readAs: readAsOf(asked, token),
      parseMicros: Math.round((clock.monotonicMs() - startedMs) * 1000),
      outcome,
    };
  }

  function outcomeOf(
    { alert, read, dialect }: ReadAlert,
    bytes: Uint8Array,
    token: WebhookToken,
    receivedAt: Date,
  ): NewAlert['outcome'] {
    if (!read.ok) return refused(read.error);
    const signal = withStrategy(read.value, token.strategy);
    const identity = identityOf(
      { signal, json: alert.json, body: bytes, tokenId: token.id, rule: dialect.identity },
      receivedAt,
      settings.current().intake.repeatWindowSeconds,
    );
    return { kind: 'accepted', signal: signalToJson(signal), ...identity };
  }

  async function storeOnce(alert: NewAlert): Promise<IntakeAnswer> {
    const answer = await store.store(alert);
    if (answer.kind === 'unavailable') return unavailable;
    if (answer.kind === 'repeated') return { kind: 'repeated', id: answer.id };
    if (alert.outcome.kind === 'refused') {
      return { kind: 'refused', id: alert.id, code: alert.outcome.code, fields: alert.outcome.problems };
    }
    parts.onAccepted();
    return { kind: 'accepted', id: alert.id };
  }

  /** The only way on for what came to a sandbox: there is none from here to a signal. */
  async function storeEither(
    id: string,
    alert: IncomingAlert,
    token: WebhookToken,
    proven: Proven,
  ): Promise<IntakeAnswer> {
    if (token.sandbox !== true) {
      const beat = readHeartbeat(proven.body);
      if (beat?.ok) return keepHeartbeat(beat.value, token);
      const prepared = prepare(id, alert, token, proven);
      return storeOnce(beat === null ? prepared : { ...prepared, outcome: refused(beat.error) });
    }
    try {
      await parts.recordings.record(recordingOf(id, alert, { token, proven, receivedAt: clock.now() }));
      return { kind: 'recorded', id };
    } catch (error) {
      log.error({ err: error, source: token.source }, 'an alert to a sandbox could not be recorded');
      return unavailable;
    }
  }

  async function keepHeartbeat(beat: Heartbeat, token: WebhookToken): Promise<IntakeAnswer> {
    const strategy = aliveOf(beat, token.strategy);
    try {
      await parts.signs.beat(strategy, token.source, clock.now());
      return { kind: 'alive', strategy };
    } catch (error) {
      log.error({ err: error, source: token.source, strategy }, 'a heartbeat could not be kept');
      return unavailable;
    }
  }

  /** Counts all that was asked but a signature that was right: whether it was used before is still to be found out. */
  function count(asked: readonly Proof[], outcome: ReturnType<typeof proveSender>): void {
    const failures = outcome.kind === 'unproven' ? outcome.failures : [];
    for (const proof of asked) {
      const failure = failures.find((one) => proofOfFailure[one] === proof);
      if (failure !== undefined || proof !== 'signature') metrics.proofJudged(proof, failure ?? 'held');
    }
  }

  /** Only who holds every secret is told that the clock is what is wrong. */
  function unproven(token: WebhookToken | null, outcome: ReturnType<typeof proveSender>): IntakeAnswer {
    if (outcome.kind === 'proven') return { kind: 'unknown_token' };
    const { failures, detail } = outcome;
    failedProofs.note(token?.source ?? null, failures, detail);
    return failures.every((failure) => failure === 'PROOF_CLOCK')
      ? { kind: 'not_fresh', code: 'HOOK_CLOCK' }
      : { kind: 'unknown_token' };
  }

  return {
    async receive(alert) {
      try {
        const token = await findToken(alert);
        const policy = token && (await proofs.policy(token.id));
        const proven = proveSender(alert, { token, policy, trustedProxies, now: clock.now() });
        count(policy?.required ?? ['url_secret'], proven);
        if (token === null || proven.kind === 'unproven') return unproven(token, proven);
        const waitMs = rateLimit.take(token.id, settings.current().intake, clock.monotonicMs());
        if (waitMs !== null) return { kind: 'rate_limited', retryAfterMs: waitMs };
        if (alert.body.byteLength > maxBodyBytes) return { kind: 'too_large', maxBytes: maxBodyBytes };
        const id = random.id();
        if (proven.nonce === null) return await storeEither(id, alert, token, proven);
        const spent = { webhookId: token.id, signalId: id, ...proven.nonce };
        if (!(await proofs.claim(spent))) {
          failedProofs.note(token.source, ['PROOF_REPLAYED'], null);
          metrics.proofJudged('signature', 'PROOF_REPLAYED');
          return { kind: 'not_fresh', code: 'HOOK_REPLAYED' };
        }
        metrics.proofJudged('signature', 'held');
        const answer = await storeEither(id, alert, token, proven);
        if (answer.kind === 'unavailable') proofs.release(spent);
        return answer;
      } catch (error) {
        // Nothing has been stored when anything before the store throws, and the store itself does not.
        log.error({ err: error, source: alert.source }, 'an alert could not be taken in');
        return unavailable;
      }
    },
  };
}

/** What a source is set to; null for what its shape alone tells. */
export function readAsOf({ dialect, reading }: AskedReading, { strategy }: WebhookToken): ReadAs | null {
  return dialect === null && reading === null && strategy === null ? null : { dialect, strategy, reading };
}

/** An alert that is kept for its author to see what is wrong with it. */
export function refused(problems: readonly FieldProblem[]): NewAlert['outcome'] {
  const sentence = problems.map((p) => `${p.field}: ${p.message}`).join('; ');
  return {
    kind: 'refused',
    code: refusalOf(problems),
    sentence: `${sentence.slice(0, 1000).toWellFormed()}.`,
    problems,
  };
}

/** What was proven, and what the sender said of itself. `x-forwarded-for` is kept as told: nobody has vouched for it. */
function proofsOf(alert: IncomingAlert, { body, bytes, results }: Proven): Record<string, string | null> {
  const proofs: Record<string, string | null> = {
    ...results,
    remoteAddress: printable(alert.remoteAddress, 100),
    userAgent: printable(alert.headers['user-agent'] ?? null, 300),
    forwardedForAsTold: printable(alert.headers['x-forwarded-for'] ?? null, 300),
    contentType: printable(alert.contentType, 200),
  };
  // The text shows such a body with replacement characters; here it is whole.
  // So it is when a secret was taken out: then the bytes are those of the text without it.
  // As latin1 each byte is a character, and none is lost.
  const whole = () => Buffer.from(maskSecrets(Buffer.from(bytes).toString('latin1')), 'latin1');
  if (body.problem !== null) proofs.bodyBase64 = whole().toString('base64');
  return proofs;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u001f\u007f-\u009f]/g;

/** What a sender says of itself, fit to be shown. */
export function printable(value: string | null, maxLength: number): string | null {
  return value === null ? null : value.slice(0, maxLength).toWellFormed().replace(control, '�');
}
