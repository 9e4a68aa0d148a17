import { ApiProblem, api } from '../api/client.ts';
import type { SendWish, SentJson } from '../api/contract.ts';

/** One alert of a run, and what came of it. */
export interface SentAlert {
  readonly number: number;
  readonly ticker: string;
  readonly side: 'buy' | 'sell';
  readonly answer: SentJson;
}

export interface RunWish {
  readonly text: string;
  readonly dialect: string | null;
  readonly address: string | null;
  readonly tickers: readonly string[];
  readonly side: 'buy' | 'sell' | 'mix';
  readonly count: number;
  /** Alerts a second. */
  readonly pace: number;
  readonly production: boolean;
}

/** Of how many the answers are shown. */
const shownAtMost = 200;

/** Sends alerts one after the other at a pace, from this page. */
export class SendRun {
  planned = $state(0);
  done = $state(0);
  running = $state(false);
  /** Newest first. */
  shown = $state.raw<readonly SentAlert[]>([]);
  counts = $state.raw<Readonly<Record<string, number>>>({});
  times = $state.raw<readonly number[]>([]);
  problem = $state<unknown>(null);
  /** The alert asks for production, and nobody has confirmed that. */
  unconfirmed = $state(false);
  #stop = new AbortController();

  async start(wish: RunWish): Promise<void> {
    this.#stop = new AbortController();
    const stop = this.#stop.signal;
    Object.assign(this, { planned: wish.count, done: 0, running: true, shown: [], counts: {}, times: [] });
    Object.assign(this, { problem: null, unconfirmed: false });
    const seen = new Map<string, number>();
    const startedAt = performance.now();
    try {
      for (let number = 1; number <= wish.count && !stop.aborted; number++) {
        await this.#wait(startedAt + ((number - 1) * 1000) / wish.pace - performance.now(), stop);
        if (stop.aborted) break;
        const ticker = wish.tickers[(number - 1) % wish.tickers.length]!;
        const side = wish.side === 'mix' ? (number % 2 === 1 ? 'buy' : 'sell') : wish.side;
        const nth = (seen.get(side + ticker) ?? 0) + 1;
        seen.set(side + ticker, nth);
        const { text, dialect, address, production } = wish;
        const asked: SendWish = { text, dialect, address, ticker, side, number, nth, production };
        this.#add({ number, ticker, side, answer: await api.post<SentJson>('/signals/send', asked) });
      }
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'PRODUCTION_UNCONFIRMED') this.unconfirmed = true;
      else this.problem = error;
    } finally {
      this.running = false;
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  #add(sent: SentAlert): void {
    const { outcome, tookMs } = sent.answer;
    this.done++;
    this.shown = [sent, ...this.shown].slice(0, shownAtMost);
    this.counts = { ...this.counts, [outcome]: (this.counts[outcome] ?? 0) + 1 };
    this.times = [...this.times, tookMs];
  }

  #wait(ms: number, stop: AbortSignal): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      stop.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
