/** What one round measured: latencies in milliseconds, sorted, and how many were done per second. */
export interface Round {
  readonly latenciesMs: Float64Array;
  readonly perSecond: number;
}

/** The value below which `share` of the sorted values lie. */
export const at = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** The middle one; of two, the lower. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

export const ms = (value: number): string => `${value.toFixed(value < 1 ? 3 : 2)} ms`;
export const rate = (value: number): string => `${Math.round(value).toLocaleString('en-US')}/s`;

/** Rows as columns of equal width, for a terminal. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
