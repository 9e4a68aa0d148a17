import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { EventWriter } from '../../core/ports/event-writer.ts';
import type { Log } from '../../core/ports/log.ts';

/** How the whole and its parts are. */
export interface HealthReading {
  readonly state: 'ok' | 'degraded' | 'down';
  readonly components: readonly { readonly name: string; readonly state: string; readonly sentence: string }[];
}

export interface HealthRecorderParts {
  health(): Promise<HealthReading>;
  /** Figures beside it, by their names in the search copy; counts are since `since`. */
  figures(since: Date): Promise<Readonly<Record<string, number>>>;
  readonly events: EventWriter;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often it is looked, and how often it is recorded while nothing changes. */
export const healthLookMs = 15_000;
export const healthEveryMs = 60_000;

const codes = { ok: 0, degraded: 1, down: 2 };

/** Records how the system is: once a minute, and when that changes. */
export function createHealthRecorder(parts: HealthRecorderParts): { start(): void; stop(): Promise<void> } {
  const { clock, log } = parts;
  let last = '';
  let recordedAt = clock.now();
  let timer: Timer | null = null;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const { state, components } = await parts.health();
    const named = (wanted: string) => components.filter((one) => one.state === wanted).map((one) => one.name);
    const degraded = named('degraded');
    const down = named('down');
    const now = clock.now();
    const mark = [state, ...degraded, '/', ...down].join(' ');
    if (mark === last && now.getTime() - recordedAt.getTime() < healthEveryMs) return;
    const sentence = components
      .filter((one) => one.state !== 'ok')
      .map((one) => `${one.name}: ${one.sentence}`)
      .join(' ');
    const figures = await parts.figures(recordedAt);
    await parts.events.append([
      {
        kind: 'health.recorded',
        data: { state, stateCode: codes[state], degraded, down, sentence: sentence || 'All is well.', ...figures },
      },
    ]);
    last = mark;
    recordedAt = now;
  }

  const next = (): void => {
    looking = looking
      .then(look)
      .catch((error: unknown) => log.warn({ err: error }, 'the state of the system could not be recorded'));
  };
  return {
    start() {
      next();
      timer = clock.every(healthLookMs, next);
    },
    async stop() {
      timer?.cancel();
      await looking;
    },
  };
}
