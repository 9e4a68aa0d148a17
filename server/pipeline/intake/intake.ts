import { defaultStrategy, type FieldProblem, signalToJson, type TradeSignal } from '../../core/model/signal.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { IntakeStore, NewAlert } from '../../core/ports/intake-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Random } from '../../core/ports/random.ts';
import type { SettingsStore } from '../../core/ports/settings.ts';
import type { WebhookToken, WebhookTokens } from '../../core/ports/webhook-tokens.ts';
import type { AlertText, Dialect } from './dialect.ts';
import { identityOf } from './identity.ts';
import { readJson } from './json-text.ts';
import { refusalOf } from './problem-code.ts';
import { createRateLimit } from './rate-limit.ts';
import { type BodyText, readBody } from './read-body.ts';

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
  | { readonly kind: 'unknown_token' }
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
  readonly tokens: WebhookTokens;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly dialects: readonly Dialect[];
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly random: Pick<Random, 'id'>;
  readonly log: Log;
  /** Called after an alert and its job are durable: the moment to look for jobs. */
  readonly onAccepted: () => void;
}

export function createIntake(parts: IntakeParts): Intake {
  const { store, tokens, settings, dialects, clock, random, log } = parts;
  const rateLimit = createRateLimit();
  const unavailable = { kind: 'unavailable', retryAfterMs: retryWhenUnavailableMs } as const;

  async function proveSender(alert: IncomingAlert): Promise<WebhookToken | null> {
    const token = await tokens.find(alert.token);
    return token !== null && (token.source === alert.source || token.id === alert.source.toLowerCase()) ? token : null;
  }

  function prepare(alert: IncomingAlert, token: WebhookToken): NewAlert {
    const startedMs = clock.monotonicMs();
    const receivedAt = clock.now();
    const body = readBody(alert.body);
    const text: AlertText = { text: body.text, json: readJson(body.text) };
    const outcome = readOutcome(alert, text, body, token, receivedAt);
    return {
      id: random.id(),
      source: token.source,
      tokenId: token.id,
      receivedAt,
      rawBody: body.text,
      contentType: printable(alert.contentType, 200),
      proofs: proofsOf(alert, body),
      parseMicros: Math.round((clock.monotonicMs() - startedMs) * 1000),
      outcome,
    };
  }

  function readOutcome(
    alert: IncomingAlert,
    text: AlertText,
    body: BodyText,
    token: WebhookToken,
    receivedAt: Date,
  ): NewAlert['outcome'] {
    if (body.problem !== null) return refused([body.problem]);
    const read = dialectFor(alert.dialect ?? token.dialect, text).read(text);
    if (!read.ok) return refused(read.error);
    const signal = withStrategy(read.value, token);
    const identity = identityOf(
      { signal, json: text.json, body: alert.body, tokenId: token.id },
      receivedAt,
      settings.current().intake.repeatWindowSeconds,
    );
    return { kind: 'accepted', signal: signalToJson(signal), ...identity };
  }

  function dialectFor(key: string | null, text: AlertText): Dialect {
    const dialect = dialects.find((d) => (key === null ? d.claims(text) : d.key === key));
    if (dialect) return dialect;
    throw new Error(key === null ? 'no dialect claims the alert, and there is no native one' : `no dialect "${key}"`);
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

  return {
    async receive(alert) {
      try {
        const token = await proveSender(alert);
        if (token === null) return { kind: 'unknown_token' };
        const waitMs = rateLimit.take(token.id, settings.current().intake, clock.monotonicMs());
        if (waitMs !== null) return { kind: 'rate_limited', retryAfterMs: waitMs };
        if (alert.body.byteLength > maxBodyBytes) return { kind: 'too_large', maxBytes: maxBodyBytes };
        return await storeOnce(prepare(alert, token));
      } catch (error) {
        // Nothing has been stored when anything before the store throws, and the store itself does not.
        log.error({ err: error, source: alert.source }, 'an alert could not be taken in');
        return unavailable;
      }
    },
  };
}

/** Alerts of other receivers name no strategy: there it is the webhook that they are sent to. */
const withStrategy = (signal: TradeSignal, { strategy }: WebhookToken): TradeSignal =>
  strategy !== null && signal.strategy === defaultStrategy ? { ...signal, strategy } : signal;

function refused(problems: readonly FieldProblem[]): NewAlert['outcome'] {
  const sentence = problems.map((p) => `${p.field}: ${p.message}`).join('; ');
  return {
    kind: 'refused',
    code: refusalOf(problems),
    sentence: `${sentence.slice(0, 1000).toWellFormed()}.`,
    problems,
  };
}

/** What was proven, and what the sender said of itself. `x-forwarded-for` is kept as told: nobody has vouched for it. */
function proofsOf(alert: IncomingAlert, body: BodyText): Record<string, string | null> {
  const proofs: Record<string, string | null> = {
    token: 'matched',
    remoteAddress: printable(alert.remoteAddress, 100),
    userAgent: printable(alert.headers['user-agent'] ?? null, 300),
    forwardedForAsTold: printable(alert.headers['x-forwarded-for'] ?? null, 300),
    contentType: printable(alert.contentType, 200),
  };
  // The text shows such a body with replacement characters; here it is whole.
  if (body.problem !== null) proofs.bodyBase64 = Buffer.from(alert.body).toString('base64');
  return proofs;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u001f\u007f-\u009f]/g;

function printable(value: string | null, maxLength: number): string | null {
  return value === null ? null : value.slice(0, maxLength).toWellFormed().replace(control, '�');
}
