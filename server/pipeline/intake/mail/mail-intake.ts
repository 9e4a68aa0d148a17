import type { AlertMail, MailOutcome } from '../../../core/model/mail.ts';
import { signalToJson, type TradeSignal } from '../../../core/model/signal.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { IntakeStore, NewAlert } from '../../../core/ports/intake-store.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { SignsOfLife } from '../../../core/ports/missing-alerts.ts';
import type { ProofStore } from '../../../core/ports/proof-store.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { RecordingStore } from '../../../core/ports/recordings.ts';
import type { SettingsStore } from '../../../core/ports/settings.ts';
import type { WebhookToken, WebhookTokens } from '../../../core/ports/webhook-tokens.ts';
import type { Dialect } from '../dialect.ts';
import { identityOf } from '../identity.ts';
import { maxBodyBytes, printable, readAsOf, refused } from '../intake.ts';
import { maskSecrets } from '../mask-secrets.ts';
import { takeBodySecret } from '../proofs/body-secret.ts';
import { type ProvenMail, proveMail, senderProblem } from '../proofs/prove-mail.ts';
import { createRateLimit } from '../rate-limit.ts';
import { type AskedReading, readAlert, withStrategy } from '../read-alert.ts';
import { readBody } from '../read-body.ts';
import { aliveOf, readHeartbeat } from '../read-heartbeat.ts';
import { recordingOf } from '../recorder/recording-of.ts';
import { datedByMail } from './date-by-mail.ts';
import { extractAlert } from './extract-alert.ts';

/** Until a mail comes again that could not be stored. */
const retryMs = 1000;

/** What a mail would come to; nothing is stored. */
export interface MailTrial {
  /** The alert that was found in it, its secrets hidden; null: none. */
  readonly alert: string | null;
  readonly signal: TradeSignal | null;
  /** Why it would not be traded, as code and detail; null: it would be taken. */
  readonly problem: { readonly code: string; readonly detail: string | null } | null;
}

/** The same first stage for alerts that come by mail: the same reading, the same identity, the same store. */
export interface MailIntake {
  /** Never throws. */
  receiveMail(mail: AlertMail): Promise<MailOutcome>;
  /** What would become of it. Throws when that cannot be found out. */
  tryMail(mail: AlertMail): Promise<MailTrial>;
}

export interface MailIntakeParts {
  readonly store: Pick<IntakeStore, 'store'>;
  readonly tokens: Pick<WebhookTokens, 'list'>;
  readonly proofs: Pick<ProofStore, 'policy'>;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly recordings: Pick<RecordingStore, 'record'>;
  readonly signs: Pick<SignsOfLife, 'beat'>;
  readonly dialects: readonly Dialect[];
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly random: Pick<Random, 'id'>;
  readonly log: Log;
  /** Called after an alert and its job are durable. */
  readonly onAccepted: () => void;
}

interface Judged {
  readonly token: WebhookToken;
  readonly asked: AskedReading;
  readonly proven: ProvenMail;
}
type Refused = Extract<MailOutcome, { kind: 'refused' }>;

export function createMailIntake(parts: MailIntakeParts): MailIntake {
  const { store, tokens, proofs, settings, dialects, clock, random, log } = parts;
  const rateLimit = createRateLimit();

  async function judge({ webhookId, mail, rules }: AlertMail): Promise<Judged | (Refused & { alert: string | null })> {
    const no = (code: Refused['code'], detail: string | null, alert: string | null = null) =>
      ({ kind: 'refused', code, detail, alert }) as const;
    const token = (await tokens.list()).find(({ id }) => id === webhookId);
    if (token === undefined) return no('MAIL_SOURCE_GONE', null);
    // The cheap question first: what a stranger wrote is not searched.
    const stranger = senderProblem(mail, rules);
    if (stranger !== null) return no('PROOF_MAIL_SENDER', stranger);
    const policy = await proofs.policy(webhookId);
    const asked = { dialect: token.dialect, reading: token.reading ?? null };
    const reads = (text: string): boolean => {
      const hidden = policy.bodyField === null ? text : takeBodySecret(text, policy.bodyField).text;
      const body = readBody(Buffer.from(hidden));
      return readHeartbeat(body)?.ok === true || readAlert(body, dialects, asked).read.ok;
    };
    const found = extractAlert(mail, rules, reads);
    if (!found.ok) return no(found.error, null);
    if (Buffer.byteLength(found.value) > maxBodyBytes) return no('MAIL_TOO_LARGE', null);
    const proven = proveMail(mail, found.value, { policy, rules, now: clock.now() });
    if (proven.kind === 'unproven') {
      const hidden = policy.bodyField === null ? found.value : takeBodySecret(found.value, policy.bodyField).text;
      return no(proven.code, proven.detail, maskSecrets(hidden));
    }
    return { token, asked, proven };
  }

  async function take(letter: AlertMail, { token, asked, proven }: Judged): Promise<MailOutcome> {
    const id = random.id();
    const receivedAt = clock.now();
    if (token.sandbox === true) {
      const shown = {
        source: token.source,
        token: '',
        body: proven.bytes,
        contentType: 'text/plain',
        headers: {},
        remoteAddress: null,
      };
      await parts.recordings.record(recordingOf(id, shown, { token, proven: { ...proven, nonce: null }, receivedAt }));
      return { kind: 'recorded' };
    }
    const startedMs = clock.monotonicMs();
    const sentAt = sentAtOf(letter, receivedAt);
    const mail = { sentAt: sentAt.toISOString(), maxAgeSeconds: letter.rules.maxAgeSeconds };
    const beat = readHeartbeat(proven.body);
    if (beat?.ok) {
      await parts.signs.beat(aliveOf(beat.value, token.strategy), token.source, sentAt);
      return { kind: 'alive' };
    }
    const { alert, read, dialect } = readAlert(proven.body, dialects, asked);
    const repeatWindowSeconds = settings.current().intake.repeatWindowSeconds;
    let outcome: NewAlert['outcome'];
    if (beat?.ok === false) outcome = refused(beat.error);
    else if (read.ok) {
      const signal = withStrategy(read.value, token.strategy);
      const identity = identityOf(
        { signal, json: alert.json, body: proven.bytes, tokenId: token.id, rule: dialect.identity },
        sentAt,
        repeatWindowSeconds,
      );
      outcome = { kind: 'accepted', signal: signalToJson(datedByMail(signal, mail)), ...identity };
    } else outcome = refused(read.error);
    const answer = await store.store({
      id,
      source: token.source,
      tokenId: token.id,
      receivedAt,
      rawBody: maskSecrets(proven.body.text),
      contentType: 'text/plain',
      proofs: {
        channel: 'mail',
        ...proven.results,
        mailId: letter.mailId,
        mailSentAt: mail.sentAt,
        mailSubject: printable(letter.mail.subject === null ? null : maskSecrets(letter.mail.subject), 200),
        messageId: printable(letter.mail.messageId, 200),
      },
      readAs: { dialect: null, strategy: null, reading: null, ...readAsOf(asked, token), mail },
      parseMicros: Math.round((clock.monotonicMs() - startedMs) * 1000),
      byMail: { mailId: letter.mailId, sentAt },
      outcome,
    });
    if (answer.kind === 'unavailable') return { kind: 'later', retryAfterMs: retryMs };
    if (answer.kind === 'repeated') return { kind: 'repeated', signalId: answer.id };
    if (outcome.kind === 'refused')
      return { kind: 'unusable', signalId: id, code: outcome.code, detail: outcome.sentence };
    parts.onAccepted();
    return { kind: 'accepted', signalId: id };
  }

  return {
    async receiveMail(letter) {
      try {
        const judged = await judge(letter);
        if ('kind' in judged) return { kind: 'refused', code: judged.code, detail: judged.detail };
        const waitMs = rateLimit.take(judged.token.id, settings.current().intake, clock.monotonicMs());
        if (waitMs !== null) return { kind: 'later', retryAfterMs: waitMs };
        return await take(letter, judged);
      } catch (error) {
        log.error({ err: error, webhookId: letter.webhookId }, 'an alert by mail could not be taken in');
        return { kind: 'later', retryAfterMs: retryMs };
      }
    },
    async tryMail(letter) {
      const judged = await judge(letter);
      if ('kind' in judged)
        return { alert: judged.alert, signal: null, problem: { code: judged.code, detail: judged.detail } };
      const { token, asked, proven } = judged;
      const alert = maskSecrets(proven.body.text);
      if (readHeartbeat(proven.body)?.ok) return { alert, signal: null, problem: null };
      const { read } = readAlert(proven.body, dialects, asked);
      if (read.ok) return { alert, signal: withStrategy(read.value, token.strategy), problem: null };
      const outcome = refused(read.error);
      return {
        alert,
        signal: null,
        problem: outcome.kind === 'refused' ? { code: outcome.code, detail: outcome.sentence } : null,
      };
    },
  };
}

/** By its own account, as long as that is not later than when it arrived: a mail's delay is age, a clock that is ahead is not youth. */
function sentAtOf({ mail, arrivedAt }: AlertMail, now: Date): Date {
  const known = [mail.sentAt, arrivedAt, now].filter((at) => at !== null && !Number.isNaN(at.getTime())) as Date[];
  return new Date(Math.min(...known.map((at) => at.getTime())));
}
