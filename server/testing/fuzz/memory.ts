import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident memory of a process in bytes; null: it cannot be found out here. */
export function residentBytes(pid: number): number | null {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // No such file system; ask as elsewhere.
  }
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) * 1024 || null;
  } catch {
    return null;
  }
}

export interface MemorySample {
  /** Bodies answered until then. */
  readonly bodies: number;
  readonly bytes: number;
}

/** What the samples come to. Sizes are in MiB. */
export interface MemoryVerdict {
  readonly samples: number;
  /** The first floor after the warm-up, and the last. */
  readonly afterWarmUp: number;
  readonly atTheEnd: number;
  readonly most: number;
  /** By which the floor rises over 100,000 bodies. */
  readonly slope: number;
  /** By which the fitted line rises over all that was sent after the warm-up. */
  readonly growth: number;
  readonly ratio: number;
  readonly flat: boolean;
}

const mib = 1024 * 1024;
/** After which code is compiled, pools are open and caches have their size: a part of the bodies, and in a short run half of them. */
const warmUp = (total: number): number => Math.max(total * 0.3, Math.min(total * 0.5, 10_000));
const windows = 16;
/** From here on a run is long enough for the heap to have found its size. */
const longRun = 20_000;
/** In MiB: what V8 may leave lying between two of its large collections. In a short run its heap still grows to what it works with. */
export const mostGrowth = (bodies: number): number => (bodies >= longRun ? 64 : 192);
export const mostRatio = (bodies: number): number => (bodies >= longRun ? 1.25 : 1.5);

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

/**
 * Whether memory stays flat. A collector lets memory rise and takes it back, so that a single sample says little: of each window of the run the
 * least is taken, which is what was left after a collection, and a line is fitted through these floors by the median of the slopes of all pairs
 * (Theil and Sen), which a single high window does not move.
 */
export function judgeMemory(samples: readonly MemorySample[]): MemoryVerdict | null {
  const total = samples.at(-1)?.bodies ?? 0;
  const warm = samples.filter(({ bodies }) => bodies >= warmUp(total));
  if (warm.length < 4) return null;
  const from = warm[0]!.bodies;
  const width = Math.max(1, (total - from) / windows);
  const floors = new Map<number, MemorySample>();
  for (const sample of warm) {
    const window = Math.min(windows - 1, Math.floor((sample.bodies - from) / width));
    const known = floors.get(window);
    if (known === undefined || sample.bytes < known.bytes) floors.set(window, sample);
  }
  const points = [...floors.values()].sort((a, b) => a.bodies - b.bodies);
  const slopes: number[] = [];
  for (const [i, a] of points.entries())
    for (const b of points.slice(i + 1))
      if (b.bodies > a.bodies) slopes.push((b.bytes - a.bytes) / (b.bodies - a.bodies));
  const perBody = middle(slopes);
  const third = Math.max(1, Math.floor(points.length / 3));
  const afterWarmUp = middle(points.slice(0, third).map(({ bytes }) => bytes)) / mib;
  const atTheEnd = middle(points.slice(-third).map(({ bytes }) => bytes)) / mib;
  const growth = (perBody * (total - from)) / mib;
  const ratio = atTheEnd / afterWarmUp;
  return {
    samples: samples.length,
    afterWarmUp,
    atTheEnd,
    most: Math.max(...samples.map(({ bytes }) => bytes)) / mib,
    slope: (perBody * 100_000) / mib,
    growth,
    ratio,
    flat: growth <= mostGrowth(total) && ratio <= mostRatio(total),
  };
}
