import { signalToJson, type TradeSignal, type TradeSignalJson } from '../core/model/signal.ts';
import type { AccountStore } from '../core/ports/account-store.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { IntakeStore, NewAlert } from '../core/ports/intake-store.ts';
import type { Random } from '../core/ports/random.ts';
import type { RawAlert, RawAlerts } from '../core/ports/raw-alerts.ts';
import type { WebhookTokens } from '../core/ports/webhook-tokens.ts';
import type { AlertReplays } from '../http/alert-replays.ts';
import { HttpProblem, notFound } from '../http/problems.ts';
import type { Dialect } from '../pipeline/intake/dialect.ts';
import { readAlert, withStrategy } from '../pipeline/intake/read-alert.ts';
import { readBody } from '../pipeline/intake/read-body.ts';

export interface ReplayAlertParts {
  readonly raw: RawAlerts;
  readonly intake: Pick<IntakeStore, 'store'>;
  readonly tokens: Pick<WebhookTokens, 'find'>;
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly dialects: readonly Dialect[];
  /** The token of the dashboard's own source, which is the sender. */
  readonly dashboardToken: string;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly random: Pick<Random, 'id'>;
  /** Called after the replay and its job are durable. */
  readonly onAccepted: () => void;
}

/**
 * Takes an alert in again from its stored bytes, read as its source was set when it came. The replay is an alert of its own, received now: it is
 * sized by the quotes of now and asked the rules of now, and what was true of the moment it was fired (its time, its end, what its script held)
 * is left out, or each replay would be refused as old or taken for a sign that alerts are missing. It asks for paper whatever the bytes say, and
 * an account that it names is only kept where that trades paper.
 */
export function createAlertReplays(parts: ReplayAlertParts): AlertReplays {
  const { raw, intake, dialects, clock, random } = parts;

  function understood({ body, readAs }: RawAlert): TradeSignal {
    const asked = { dialect: readAs?.dialect ?? null, reading: readAs?.reading ?? null };
    const { read } = readAlert(readBody(body), dialects, asked);
    if (read.ok) return withStrategy(read.value, readAs?.strategy ?? null);
    const said = read.error.map(({ field, message }) => `${field}: ${message}`).join('; ');
    throw new HttpProblem(
      409,
      'REPLAY_UNREADABLE',
      'It cannot be replayed',
      `The alert cannot be read, so there is nothing to replay: ${said}. Nothing was sent; the checker says what to write instead.`,
    );
  }

  async function onPaper(signal: TradeSignal): Promise<TradeSignalJson> {
    const named =
      signal.account === null ? null : (await parts.accounts.list()).find(({ name }) => name === signal.account);
    return signalToJson({
      ...signal,
      requestedMode: 'paper',
      account: named?.mode === 'paper' ? named.name : null,
      ...{ firedAt: null, expiresAt: null, alertId: null, previousPosition: null, previousSize: null },
    });
  }

  return {
    async replay(signalId, caller) {
      const [first, token] = await Promise.all([raw.find(signalId), parts.tokens.find(parts.dashboardToken)]);
      if (!first) throw notFound('such signal');
      const startedMs = clock.monotonicMs();
      const signal = await onPaper(understood(first));
      const id = random.id();
      const alert: NewAlert = {
        id,
        source: 'dashboard',
        tokenId: token?.id ?? '',
        receivedAt: clock.now(),
        rawBody: Buffer.from(first.body).toString('utf8').replaceAll('\0', '\uFFFD'),
        contentType: first.contentType,
        proofs: { replayOf: signalId, replayedBy: caller.name },
        readAs: first.readAs,
        replayOf: signalId,
        parseMicros: Math.round((clock.monotonicMs() - startedMs) * 1000),
        // Each is an alert of its own, however often the same one is replayed.
        outcome: { kind: 'accepted', signal, dedupeKey: `replay:${id}`, dedupeUntil: null },
      };
      const answer = token ? await intake.store(alert) : ({ kind: 'unavailable' } as const);
      if (answer.kind !== 'stored')
        throw new HttpProblem(
          503,
          'UNAVAILABLE',
          'Not stored',
          'The replay could not be stored. Nothing was sent; try again.',
        );
      parts.onAccepted();
      return { id, status: 'accepted', receiptUrl: `/signals/${id}` };
    },
  };
}
