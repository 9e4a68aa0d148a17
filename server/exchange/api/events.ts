import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { eventIdOf, sequenceOf } from '../stream/event-id.ts';
import type { VenueUpdate } from '../venue/model.ts';
import { refuse } from '../venue/refusal.ts';
import type { Env, TradingApiParts } from './context.ts';
import { Query } from './query.ts';
import { updateJson } from './wire.ts';

const pageSize = 500;

interface Range {
  readonly live: boolean;
  readonly since: Date | null;
  readonly until: number;
  /** Places in the numbering: what was told after the first and not after the second. */
  readonly sinceSequence: number;
  readonly untilSequence: number;
}

/** trade_updates as Server-Sent Events: what was told before when `since` or `since_id` asks for it, then what happens. */
export function eventsApi({ venue, records }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  api.get('/v2/events/trades', (c) => {
    const range = readRange(new Query(c.req.query()));
    const accountId = c.get('accountId');
    // Whoever asks for the head alone must not leave a stream behind that nobody reads.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    return streamSSE(c, async (stream) => {
      const waiting: VenueUpdate[] = [];
      let wake = () => {};
      // Listened to before what was told is read, so that nothing falls between the two; what is in both is told once.
      const stop = venue.onUpdate((update) => {
        if (update.accountId !== accountId) return;
        waiting.push(update);
        wake();
      });
      stream.onAbort(() => {
        stop();
        wake();
      });
      try {
        await stream.write(': welcome to the alpaca events\n\n');
        let told = range.sinceSequence;
        const tell = async (update: VenueUpdate): Promise<boolean> => {
          const at = new Date(update.at).getTime();
          if (update.sequence > range.untilSequence || at >= range.until) return false;
          told = update.sequence;
          await stream.writeSSE({ data: JSON.stringify(eventJson(update)) });
          return true;
        };
        if (range.since !== null || range.sinceSequence > 0) {
          for (;;) {
            const page = await records.updates({ accountId, after: told, since: range.since, limit: pageSize });
            for (const update of page) if (!(await tell(update))) return;
            if (page.length < pageSize) break;
          }
        }
        while (range.live && !stream.aborted) {
          const update = waiting.shift();
          if (update === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (waiting.length > 0 || stream.aborted) resolve();
            });
          } else if (update.sequence > told && !(await tell(update))) return;
        }
      } finally {
        stop();
      }
    });
  });
  return api;
}

const eventJson = (update: VenueUpdate): Record<string, unknown> => ({
  account_id: update.accountId,
  at: update.at,
  event_id: eventIdOf(update.at, update.sequence),
  ...updateJson(update),
});

function readRange(query: Query): Range {
  const [since, until] = [query.moment('since'), query.moment('until')];
  const [sinceId, untilId] = [query.text('since_id'), query.text('until_id')];
  if (since && sinceId) throw refuse.malformed('only one of since or since_id is accepted');
  if (until && !since) throw refuse.malformed('since is required with until');
  if (untilId && !sinceId) throw refuse.malformed('since_id is required with until_id');
  if (since && until && since > until) throw refuse.malformed('since must be before until');
  const place = (id: string | null, name: string, absent: number): number => {
    if (id === null) return absent;
    const sequence = sequenceOf(id);
    if (sequence === null) throw refuse.malformed(`invalid ${name}`);
    return sequence;
  };
  return {
    live: until === null && untilId === null,
    since,
    until: until?.getTime() ?? Number.POSITIVE_INFINITY,
    sinceSequence: place(sinceId, 'since_id', 0),
    untilSequence: place(untilId, 'until_id', Number.POSITIVE_INFINITY),
  };
}
