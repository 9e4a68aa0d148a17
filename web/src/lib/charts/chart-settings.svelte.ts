import { browser } from '$app/env';
import type { BarsJson } from '../api/contract.ts';

export type Timeframe = BarsJson['timeframe'];
export const timeframes: readonly Timeframe[] = ['1m', '5m', '15m', '1h', '1d'];
export const isTimeframe = (text: string | null): text is Timeframe =>
  text !== null && (timeframes as readonly string[]).includes(text);

/** What is marked at the bars. */
export type MarkKind = 'signal' | 'order' | 'fill';

interface Kept {
  timeframe: Timeframe;
  /** Each with its parameters, as `ema:20`, in the order in which they were chosen. */
  indicators: readonly string[];
  marks: readonly MarkKind[];
}

const key = 'signalbox.chart';
const usual: Kept = { timeframe: '5m', indicators: ['ema:20'], marks: ['signal', 'order', 'fill'] };

function read(): Kept {
  if (!browser) return usual;
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Kept>;
    const texts = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((one) => typeof one === 'string');
    return {
      timeframe: isTimeframe(kept.timeframe ?? null) ? kept.timeframe! : usual.timeframe,
      indicators: texts(kept.indicators) ? kept.indicators.slice(0, 12) : usual.indicators,
      marks: texts(kept.marks) ? usual.marks.filter((one) => kept.marks!.includes(one)) : usual.marks,
    };
  } catch {
    return usual;
  }
}

/** How this browser shows charts: kept here, not on the server. */
class ChartSettings {
  #kept = $state.raw(read());

  get timeframe(): Timeframe {
    return this.#kept.timeframe;
  }
  get indicators(): readonly string[] {
    return this.#kept.indicators;
  }
  get marks(): readonly MarkKind[] {
    return this.#kept.marks;
  }

  set(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    localStorage.setItem(key, JSON.stringify(this.#kept));
  }

  toggle(kind: MarkKind): void {
    const marks = usual.marks.filter((one) => (one === kind) !== this.marks.includes(one));
    this.set({ marks });
  }
}

export const chartSettings = new ChartSettings();
