/** How fast alerts are sent. */
export interface Pace {
  /** Milliseconds from one beat to the next; null: as fast as they are answered. */
  readonly beatMs: number | null;
  /** Alerts at each beat, all at once. */
  readonly burst: number;
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Reads `5/s`, `30/m`, `500/h` or `5`, which is a second; null: it is none of them. The rate is of beats. */
export function readPace(rate: string | null, burst: number): Pace | null {
  if (rate === null) return { beatMs: null, burst };
  const [, count, unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/(?:1)?(s|m|h)(?:ec|in|our)?)?$/i.exec(rate.trim()) ?? [];
  const number = Number(count);
  if (!(number > 0) || number > 10_000) return null;
  return { beatMs: unitMs[unit.toLowerCase()]! / number, burst };
}

/** When an alert is due, in milliseconds after the first: a late one does not make the next ones late. */
export const dueMs = ({ beatMs, burst }: Pace, index: number): number =>
  beatMs === null ? 0 : Math.floor(index / burst) * beatMs;
