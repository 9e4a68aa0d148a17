import type { Page } from 'playwright-core';

/** What the browser says of one opening of a page; milliseconds from the start of the navigation, and bytes as they are compressed. */
export interface Opening {
  readonly firstPaintMs: number;
  readonly largestPaintMs: number;
  /** Until what was waited for could be seen. */
  readonly shownMs: number;
  readonly scriptBytes: number;
  /** Tasks of more than 50 ms, and how long they took together. */
  readonly longTasks: number;
  readonly longTaskMs: number;
}

/** What the figures are taken from is listened to before the page's first script. */
interface Seen {
  largestMs: number;
  long: number[];
}
declare global {
  interface Window {
    benchSeen: Seen;
  }
}

/** Opens a page and waits until `shown`, a selector, is there, and everything that the page asked for. */
export async function measureOpening(page: Page, address: string, shown: string): Promise<Opening> {
  await page.addInitScript((selector) => {
    const seen: Seen = { largestMs: 0, long: [] };
    window.benchSeen = seen;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.largestMs = entry.startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.long.push(entry.duration);
    }).observe({ type: 'longtask', buffered: true });
    const look = (): void => {
      if (document.querySelector(selector)) requestAnimationFrame(() => performance.mark('bench shown'));
      else requestAnimationFrame(look);
    };
    look();
  }, shown);
  await page.goto(address);
  await page.waitForFunction(() => performance.getEntriesByName('bench shown').length > 0, undefined, {
    timeout: 120_000,
  });
  await page.waitForLoadState('networkidle');
  return page.evaluate(() => {
    const scripts = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter((one) =>
      new URL(one.name).pathname.endsWith('.js'),
    );
    const { largestMs, long } = window.benchSeen;
    return {
      firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      largestPaintMs: largestMs,
      shownMs: performance.getEntriesByName('bench shown')[0]!.startTime,
      scriptBytes: scripts.reduce((sum, one) => sum + one.encodedBodySize, 0),
      longTasks: long.length,
      longTaskMs: long.reduce((sum, one) => sum + one, 0),
    };
  });
}

/** How far the frames of a page were apart, in milliseconds, sorted, and its tasks of more than 50 ms. */
export interface Frames {
  readonly gapsMs: Float64Array;
  readonly longTasks: readonly number[];
}

/** Watches the frames of a page for a while. */
export async function measureFrames(page: Page, seconds: number): Promise<Frames> {
  const { gaps, long } = await page.evaluate(
    (forMs) =>
      new Promise<{ gaps: number[]; long: number[] }>((resolve) => {
        const gaps: number[] = [];
        const long: number[] = [];
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) long.push(entry.duration);
        });
        observer.observe({ type: 'longtask' });
        const startedMs = performance.now();
        let before = startedMs;
        const frame = (): void => {
          const now = performance.now();
          gaps.push(now - before);
          before = now;
          if (now - startedMs < forMs) requestAnimationFrame(frame);
          else {
            observer.disconnect();
            resolve({ gaps, long });
          }
        };
        requestAnimationFrame(frame);
      }),
    seconds * 1000,
  );
  return { gapsMs: Float64Array.from(gaps).sort(), longTasks: long };
}

/** What a page holds after its rubbish was collected: bytes of its heap, and nodes of its document. */
export async function measureHeap(page: Page): Promise<{ bytes: number; nodes: number }> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.enable');
    for (let round = 0; round < 3; round++) await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { nodes } = await session.send('Memory.getDOMCounters');
    return { bytes: usedSize, nodes };
  } finally {
    await session.detach();
  }
}

/** Resolves with the moment, by this process' clock, at which a page shows a text that it did not show before, as soon as it does. */
export async function shownAt(page: Page, within: string, text: string): Promise<() => Promise<number>> {
  const handle = await page.evaluateHandle(
    ([selector, wanted]) => {
      const shows = (): boolean => document.querySelector(selector!)?.textContent?.includes(wanted!) ?? false;
      // After the frame that holds it.
      const seen = new Promise<void>((resolve) => {
        const look = (): void => {
          if (shows()) requestAnimationFrame(() => setTimeout(resolve, 0));
          else requestAnimationFrame(look);
        };
        look();
      });
      return { seen };
    },
    [within, text] as const,
  );
  return async () => {
    await handle.evaluate(({ seen }) => seen);
    const atMs = performance.now();
    await handle.dispose();
    return atMs;
  };
}
