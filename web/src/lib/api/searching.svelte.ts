import { api, query } from './client.ts';
import type { SearchAnswer } from './contract.ts';

/** Long enough that a word is not searched for letter by letter, short enough to feel at once. */
const pauseMs = 180;

/** A search as it is typed: the newest question counts, and those it has overtaken are called off. What was found stays until then. */
export class Searching {
  answer = $state.raw<SearchAnswer | null>(null);
  /** What the answer is to. */
  answered = $state('');
  problem = $state.raw<unknown>(null);
  busy = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | null = null;

  /** Asks after a pause in the typing, or `now`. Nothing is asked without a letter or a digit: there is nothing to find. */
  ask(typed: string, where: string, now = false): void {
    this.stop();
    if (!/[\p{L}\p{N}]/u.test(typed)) {
      this.answer = null;
      this.answered = '';
      this.problem = null;
      this.busy = false;
      return;
    }
    this.busy = true;
    this.#timer = setTimeout(() => void this.#run(typed, where), now ? 0 : pauseMs);
  }

  /** Calls off what is on its way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = null;
  }

  async #run(typed: string, where: string): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      const answer = await api.get<SearchAnswer>(`/search${query({ q: typed, in: where })}`, running.signal);
      if (running.signal.aborted) return;
      this.answer = answer;
      this.answered = typed;
      this.problem = null;
    } catch (error) {
      if (running.signal.aborted) return;
      this.answer = null;
      this.answered = typed;
      this.problem = error;
    }
    this.busy = false;
  }
}
