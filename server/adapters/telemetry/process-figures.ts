import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface ProcessFigures {
  /** The longest time since the last reading that something waited for this process's attention, in milliseconds. */
  readonly eventLoopDelayMs: number;
  /** Resident memory in bytes. */
  readonly memoryBytes: number;
}

/** A reader of this process's own figures. */
export function watchProcess(): () => ProcessFigures {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  return () => {
    const eventLoopDelayMs = Math.round(delay.max / 1e4) / 100;
    delay.reset();
    return { eventLoopDelayMs, memoryBytes: process.memoryUsage.rss() };
  };
}
