import type { QuoteJson } from '../contract/index.ts';
import type { SendWish, SentJson } from '../contract/send.ts';
import { type RefusalCode, refusals } from '../core/model/refusals.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Random } from '../core/ports/random.ts';
import type { WebhookTokens } from '../core/ports/webhook-tokens.ts';
import { HttpProblem } from '../http/problems.ts';
import type { SendDesk } from '../http/send-desk.ts';
import { corpusDialects, readCorpus, textOf } from '../pipeline/intake/corpus/read-corpus.ts';
import type { Dialect } from '../pipeline/intake/dialect.ts';
import type { Intake, IntakeAnswer } from '../pipeline/intake/intake.ts';
import { readAlert } from '../pipeline/intake/read-alert.ts';
import { readBody } from '../pipeline/intake/read-body.ts';
import { fillAlert } from '../pipeline/intake/samples/fill-alert.ts';
import { samples } from '../pipeline/intake/samples/samples.ts';
import { readWebhookAddress, type WebhookAddress } from './webhook-address.ts';

export interface SendDeskParts {
  readonly intake: Intake;
  readonly tokens: Pick<WebhookTokens, 'find'>;
  readonly dialects: readonly Dialect[];
  /** The token of the dashboard's own source. */
  readonly dashboardToken: string;
  /** What the market says now, for the price of a placeholder. */
  readonly quotes: (symbols: readonly string[]) => Promise<readonly QuoteJson[]>;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly random: Pick<Random, 'id'>;
}

/** How much the placeholders of a test are filled with: little, and the same each time; the price is the market's, where it has one. */
const filling = { quantity: '1', risk: '25', interval: '5', exchange: 'NASDAQ' } as const;
const unknownPrice = '100';

/** Sends alerts through the same intake as anybody's, by an address that the person has, or by the dashboard's own. */
export function createSendDesk(parts: SendDeskParts): SendDesk {
  const { intake, tokens, dialects, clock, random } = parts;

  function addressOf({ address, dialect }: SendWish): WebhookAddress {
    if (dialect !== null && !dialects.some(({ key }) => key === dialect))
      throw invalid('dialect', `expected one of ${dialects.map(({ key }) => key).join(', ')}`);
    if (address === null)
      return { source: 'dashboard', token: parts.dashboardToken, ...(dialect !== null && { dialect }) };
    const found = readWebhookAddress(address);
    if (found === null) throw invalid('address', 'expected the address of a webhook, such as …/hooks/tradingview/…');
    return found;
  }

  /** What will be read must be read the same here, or the confirmation would be about something else. */
  async function asksForProduction(body: Uint8Array, to: WebhookAddress): Promise<boolean> {
    const token = await tokens.find(to.token);
    if (token?.sandbox) return false;
    const asked = { dialect: to.dialect ?? token?.dialect ?? null, reading: token?.reading ?? null };
    const { read } = readAlert(readBody(body), dialects, asked);
    return read.ok && read.value.requestedMode === 'production';
  }

  return {
    async samples() {
      const recorded = await Promise.all(
        (await corpusDialects()).map(async (dialect) =>
          (await readCorpus(dialect))
            .filter(({ signal }) => signal !== undefined)
            .map((one) => ({ name: one.name, dialect, text: textOf(one), reading: one.reading ?? null })),
        ),
      );
      const own = samples.map(({ reading = null, ...one }) => ({ ...one, reading }));
      return { items: [...own, ...recorded.flat()] };
    },
    async send(wish, { caller, remoteAddress }) {
      const to = addressOf(wish);
      const { side, number, nth } = wish;
      const ticker = wish.ticker.trim().toUpperCase();
      const [quote] = wish.text.includes('{{') ? await parts.quotes([ticker]).catch(() => []) : [];
      const price = quote ? (side === 'buy' ? quote.ask : quote.bid) : unknownPrice;
      const text = fillAlert(wish.text, {
        ...{ ...filling, side, number, nth, ticker, price },
        ...{ stop: null, target: null, strategy: null, secret: null, mode: 'Paper', at: clock.now(), id: random.id() },
      });
      const body = new TextEncoder().encode(text);
      if (!wish.production && (await asksForProduction(body, to)))
        throw new HttpProblem(
          409,
          'PRODUCTION_UNCONFIRMED',
          'It asks for production',
          'The alert asks for production: it could be real money. Confirm that first. Nothing was sent.',
        );
      const startedMs = clock.monotonicMs();
      const answer = await intake.receive({
        ...to,
        body,
        contentType: /^\s*[{[]/.test(text) ? 'application/json' : 'text/plain; charset=utf-8',
        headers: { 'user-agent': `Signalbox dashboard, ${caller.name}` },
        remoteAddress,
      });
      return { ...sentOf(answer), tookMs: Math.round((clock.monotonicMs() - startedMs) * 10) / 10, text };
    },
  };
}

const invalid = (field: string, message: string): HttpProblem =>
  new HttpProblem(
    400,
    'INVALID',
    'The request has values that cannot be used',
    `${field}: ${message}. Nothing was sent.`,
    [{ field, code: 'INVALID', message }],
  );

type Told = Omit<SentJson, 'tookMs' | 'text'>;

function sentOf(answer: IntakeAnswer): Told {
  const none = { id: null, receiptUrl: null, code: null, sentence: null, retryAfterMs: null };
  switch (answer.kind) {
    case 'accepted':
    case 'repeated':
      return { ...none, outcome: answer.kind, id: answer.id, receiptUrl: `/signals/${answer.id}` };
    case 'recorded':
      return { ...none, outcome: 'recorded', id: answer.id, receiptUrl: `/recordings/${answer.id}` };
    case 'alive':
      return {
        ...none,
        outcome: 'accepted',
        sentence: `A heartbeat of ${answer.strategy}: it was kept, and nothing is traded.`,
      };
    case 'refused': {
      const told = answer.fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
      const title = Object.hasOwn(refusals, answer.code) ? refusals[answer.code as RefusalCode] : null;
      const { id, code } = answer;
      return { ...none, outcome: 'refused', id, receiptUrl: `/signals/${id}`, code, sentence: told || title };
    }
    case 'unknown_token': {
      const sentence = 'The address is not one in force, or its source asks for more than the secret of the address.';
      return { ...none, outcome: 'unauthorized', code: 'HOOK_NOT_FOUND', sentence };
    }
    case 'not_fresh':
      return { ...none, outcome: 'unauthorized', code: answer.code, sentence: 'The signature is not fresh.' };
    case 'too_large': {
      const sentence = `An alert may have at most ${answer.maxBytes} bytes.`;
      return { ...none, outcome: 'refused', code: 'HOOK_TOO_LARGE', sentence };
    }
    case 'rate_limited': {
      const sentence = 'The source sends more alerts than its limit allows.';
      return { ...none, outcome: 'limited', code: 'HOOK_RATE_LIMITED', sentence, retryAfterMs: answer.retryAfterMs };
    }
    case 'unavailable': {
      const sentence = 'It could not be stored: send it again.';
      return { ...none, outcome: 'unavailable', code: 'HOOK_UNAVAILABLE', sentence, retryAfterMs: answer.retryAfterMs };
    }
  }
}
