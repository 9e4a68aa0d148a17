import type { QuoteJson } from '../contract/index.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Random } from '../core/ports/random.ts';
import type { RecordingStore } from '../core/ports/recordings.ts';
import type { WebhookTokens } from '../core/ports/webhook-tokens.ts';
import type { Dialect } from '../pipeline/intake/dialect.ts';
import type { Intake } from '../pipeline/intake/intake.ts';
import { createRecordingDesk } from './recording-desk.ts';
import { createSendDesk } from './send-desk.ts';

/** Recordings end after days. */
const forgetEveryMs = 3_600_000;

/** Alerts that people send by hand, and those that are only recorded. */
export function createRecordAndSend(parts: {
  readonly store: RecordingStore;
  readonly tokens: WebhookTokens;
  readonly intake: Intake;
  readonly dialects: readonly Dialect[];
  readonly dashboardToken: string;
  readonly quotes: (symbols: readonly string[]) => Promise<readonly QuoteJson[]>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}) {
  const { store, clock, log } = parts;
  return {
    desks: { recordings: createRecordingDesk(parts), sendDesk: createSendDesk(parts) },
    /** Lets go of old recordings from now on; what is answered stops that. */
    start(): () => Promise<void> {
      const timer = clock.every(forgetEveryMs, () => {
        store.forget().catch((error: unknown) => log.warn({ err: error }, 'old recordings stay until the next time'));
      });
      return async () => timer.cancel();
    },
  };
}
