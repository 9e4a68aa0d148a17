import type { LintResultJson, LintWish } from '../contract/index.ts';
import type { ProofPolicy } from '../core/model/proofs.ts';
import { defaultStrategy, signalToJson, type TradeSignal } from '../core/model/signal.ts';
import type { Block } from '../core/net/address.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ProofStore } from '../core/ports/proof-store.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import type { WebhookToken, WebhookTokens } from '../core/ports/webhook-tokens.ts';
import type { LintDesk } from '../http/lint-desk.ts';
import type { OrderCheckDesk } from '../http/order-check-desk.ts';
import { HttpProblem, notFound } from '../http/problems.ts';
import type { Queries } from '../http/queries.ts';
import type { Dialect } from '../pipeline/intake/dialect.ts';
import { identityOf } from '../pipeline/intake/identity.ts';
import type { Finding } from '../pipeline/intake/lint/finding.ts';
import { findingOf, type LintReport, lintAlert } from '../pipeline/intake/lint/lint-alert.ts';
import { maskSecrets } from '../pipeline/intake/mask-secrets.ts';
import { takeBodySecret } from '../pipeline/intake/proofs/body-secret.ts';
import { createRateLimit } from '../pipeline/intake/rate-limit.ts';
import { shownProofs } from './lint-proofs.ts';

export interface LintDeskParts {
  readonly dialects: readonly Dialect[];
  readonly tokens: Pick<WebhookTokens, 'list'>;
  readonly proofs: Pick<ProofStore, 'policy'>;
  readonly trustedProxies: readonly Block[];
  readonly settings: Pick<SettingsStore, 'current' | 'strategies'>;
  readonly queries: Pick<Queries, 'sameAlert'>;
  readonly orderCheck: Pick<OrderCheckDesk, 'checkSignal'>;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
}

/** Of each caller: a page asks after each pause in what is typed, and an answer reads as much as a decision. */
const pace = { ratePerSecond: 5, burst: 30 };

/** Answers what there is to say of alerts that nobody has sent. */
export function createLintDesk(parts: LintDeskParts): LintDesk {
  const { dialects, tokens, proofs, settings, clock } = parts;
  const asked = createRateLimit();

  async function sourceOf({ source }: LintWish): Promise<{ token: WebhookToken; policy: ProofPolicy } | null> {
    if (source === null) return null;
    const token = (await tokens.list()).find((one) => one.id === source);
    if (token === undefined) throw notFound('such source, or it was revoked');
    return { token, policy: await proofs.policy(token.id) };
  }

  function dialectOf(wish: LintWish, token: WebhookToken | null) {
    const key = wish.dialect ?? token?.dialect ?? null;
    if (key !== null && !dialects.some((one) => one.key === key)) {
      const known = dialects.map((one) => one.key).join(', ');
      const fields = [{ field: 'dialect', code: 'INVALID', message: `expected one of ${known}` }];
      throw new HttpProblem(
        400,
        'INVALID',
        'No such dialect',
        `There is no dialect ${key}; there are ${known}.`,
        fields,
      );
    }
    return { key, how: wish.dialect !== null ? 'asked' : key === null ? 'shape' : 'source' } as const;
  }

  async function sizeOf(signal: TradeSignal): Promise<{ size: LintResultJson['size']; findings: Finding[] }> {
    const findings: Finding[] = [];
    if (signal.strategy !== defaultStrategy && !settings.strategies().some((one) => one.key === signal.strategy)) {
      findings.push(findingOf('strategy_unknown', `nobody has set up a strategy ${signal.strategy}`));
    }
    try {
      const { note, accounts } = await parts.orderCheck.checkSignal(signal);
      return { size: { sentence: note, accounts }, findings };
    } catch (error) {
      if (!(error instanceof HttpProblem) || error.code !== 'NO_SUCH_ACCOUNT') throw error;
      findings.push(findingOf('account_unknown', error.message));
      return { size: { sentence: error.message, accounts: [] }, findings };
    }
  }

  async function identity(report: LintReport, token: WebhookToken | null) {
    const { signal, read } = report;
    if (signal === null) return null;
    const now = clock.now();
    const windowSeconds = settings.current().intake.repeatWindowSeconds;
    const about = {
      signal,
      json: read.alert.json,
      body: report.bytes,
      tokenId: token?.id ?? '',
      rule: read.dialect.identity,
    };
    const { dedupeKey, dedupeUntil } = identityOf(about, now, windowSeconds);
    const kind = dedupeKey.slice(0, dedupeKey.indexOf(':')) as 'id' | 'fields' | 'bytes';
    return {
      ...{ kind, sentence: identitySentence(kind, signal, windowSeconds), until: dedupeUntil?.toISOString() ?? null },
      seen: token === null ? null : await parts.queries.sameAlert(dedupeKey, now),
    };
  }

  return {
    async lint(wish, caller) {
      const waitMs = asked.take(caller.id, pace, clock.monotonicMs());
      if (waitMs !== null) {
        const sentence = `At most ${pace.ratePerSecond} texts a second are looked at, ${pace.burst} at once. Ask again in ${Math.ceil(waitMs / 1000)} s.`;
        throw new HttpProblem(429, 'RATE_LIMITED', 'Too many at once', sentence);
      }
      const source = await sourceOf(wish);
      const { key, how } = dialectOf(wish, source?.token ?? null);
      const wantsSecret = source?.policy.required.includes('body_secret') === true;
      const secretField = wantsSecret ? (source?.policy.bodyField ?? null) : null;
      const report = lintAlert(
        {
          body: new TextEncoder().encode(wish.text),
          ...{ as: wish.as, how, secretField },
          asked: { dialect: key, reading: source?.token.reading ?? null },
          sourceStrategy: source?.token.strategy ?? null,
          repeatWindowSeconds: settings.current().intake.repeatWindowSeconds,
          now: clock.now(),
        },
        dialects,
      );
      const known = await identity(report, source?.token ?? null);
      const size = report.signal && (await sizeOf(report.signal));
      const shown = source
        ? shownProofs({ ...parts, ...source, text: wish.text, now: clock.now() })
        : { proofs: [], findings: [] };
      // An example's time and prices are nobody's alert: what is like it was not sent before.
      const seen = known?.seen && wish.as === 'received' ? [seenBefore(known.seen.receivedAt)] : [];
      const findings = [...report.findings, ...seen, ...shown.findings, ...(size?.findings ?? [])];
      return {
        verdict: report.verdict,
        dialect: report.dialect,
        says: report.says,
        signal: report.signal && { ...signalToJson(report.signal) },
        findings: inOrder(findings),
        mended: report.mended && {
          ...report.mended,
          text: shownText(report.mended.text, secretField),
          edits: report.mended.edits.map((edit) => ({ ...edit })),
        },
        identity: known,
        proofs: shown.proofs,
        size: size?.size ?? null,
      };
    },
  };
}

const shownText = (text: string, secretField: string | null): string =>
  maskSecrets(secretField === null ? text : takeBodySecret(text, secretField).text);

const order = ['error', 'warning', 'note'];
const inOrder = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));

const seenBefore = (receivedAt: string): Finding =>
  findingOf(
    'seen_before',
    `the same alert was taken in at ${receivedAt}: it would be answered with that one’s id, and nothing would be done`,
  );

function identitySentence(kind: 'id' | 'fields' | 'bytes', signal: TradeSignal, windowSeconds: number): string {
  switch (kind) {
    case 'id':
      return `Another alert with the id ${JSON.stringify(signal.alertId)} from the same source is this one, for ever.`;
    case 'fields':
      return 'Another alert with the same time and the same fields from the same source is this one, for ever.';
    default:
      return `The same text from the same source within ${windowSeconds} s is a resend; later it is another alert.`;
  }
}
