/** A bucket that refills at `ratePerSecond` up to `burst`; each alert takes one. One bucket a sender. */
export interface RateLimit {
  /** Takes one; answers null when there was one, else the milliseconds until there will be. */
  take(sender: string, limits: { ratePerSecond: number; burst: number }, nowMs: number): number | null;
}

interface Bucket {
  level: number;
  atMs: number;
}

/** Limits by sender. Times are monotonic milliseconds, so that a clock set back cannot freeze a bucket. */
export function createRateLimit(): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take(sender, { ratePerSecond, burst }, nowMs) {
      let bucket = buckets.get(sender);
      if (bucket === undefined) {
        bucket = { level: burst, atMs: nowMs };
        buckets.set(sender, bucket);
      }
      bucket.level = Math.min(burst, bucket.level + ((nowMs - bucket.atMs) / 1000) * ratePerSecond);
      bucket.atMs = nowMs;
      if (bucket.level >= 1) {
        bucket.level -= 1;
        return null;
      }
      return Math.ceil(((1 - bucket.level) / ratePerSecond) * 1000);
    },
  };
}
