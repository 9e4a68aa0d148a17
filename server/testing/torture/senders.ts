import { Agent, request } from 'node:http';
import type { Moments } from './moments.ts';

/** An alert that was acknowledged: its own id, and the signal's id that each sender was told. */
export interface Acknowledged {
  readonly alertId: string;
  readonly body: string;
  readonly signalIds: Set<string>;
}

export interface Senders {
  /** Sends the same bytes again and again until they are acknowledged, as TradingView does, only with more patience. */
  send(alertId: string, body: string): Promise<void>;
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  /** Attempts, and how they ended, by status or error. */
  readonly attempts: Record<string, number>;
  /** Alerts that the server could not understand, with its words: they are not sent again. */
  readonly refused: readonly string[];
  /** Alerts under way. */
  waiting(): number;
  close(): void;
}

const pauseMs = 150;
const patienceMs = 10_000;

/** Senders to a webhook that may be down at any time. */
export function createSenders(webhookUrl: () => string | null, moments: Moments): Senders {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const acknowledged = new Map<string, Acknowledged>();
  const attempts: Record<string, number> = {};
  const refused: string[] = [];
  let waiting = 0;
  let closed = false;

  const once = (url: string, body: string): Promise<{ status: number; text: string } | null> =>
    new Promise((resolve) => {
      const sent = request(
        url,
        { method: 'POST', agent, timeout: patienceMs, headers: { 'content-type': 'application/json' } },
        (answer) => {
          // The answer is on the wire; from the sender's side it may still be lost.
          if (moments.tell('alert answered') === 'drop') {
            answer.destroy();
            resolve(null);
            return;
          }
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
          answer.on('error', () => resolve(null));
        },
      );
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(null));
      sent.end(body, () => void moments.tell('alert sent'));
    });

  return {
    acknowledged,
    attempts,
    refused,
    waiting: () => waiting,
    async send(alertId, body) {
      waiting++;
      while (!closed) {
        const url = webhookUrl();
        const answer = url === null ? null : await once(url, body);
        const how = answer === null ? 'no answer' : String(answer.status);
        attempts[how] = (attempts[how] ?? 0) + 1;
        if (answer && answer.status >= 200 && answer.status < 300) {
          const { id } = JSON.parse(answer.text) as { id: string };
          const known = acknowledged.get(alertId) ?? { alertId, body, signalIds: new Set() };
          known.signalIds.add(id);
          acknowledged.set(alertId, known);
          break;
        }
        if (answer?.status === 400) {
          refused.push(`${body}: ${answer.text}`);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      waiting--;
    },
    close() {
      closed = true;
      agent.destroy();
    },
  };
}
