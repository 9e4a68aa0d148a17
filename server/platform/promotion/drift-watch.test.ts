// Invariants: an alarm stands exactly while the median over enough pairs is worse than the limit, and a day's figures are told once.
import { describe, expect, it } from 'vitest';
import type { DriftJson } from '../../contract/promotion.ts';
import type { NewEvent } from '../../core/model/event.ts';
import { defaultSettings, defaultStrategySettings } from '../../core/model/settings.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { quietLog } from '../../testing/quiet-log.ts';
import { createDriftWatch, fewestPairs } from './drift-watch.ts';

function watching(initial: { pairs: number; medianBps: string | null }, mode: 'paper' | 'production' = 'production') {
  const figures = { ...initial };
  const open = new Map<string, string>();
  const events: NewEvent[] = [];
  const clock = new ManualClock(new Date('2026-11-20T15:00:00Z'));
  const watch = createDriftWatch({
    settings: {
      current: () => defaultSettings,
      strategies: () => [
        { key: 'breakout', mode, enabled: true, settings: defaultStrategySettings, updatedAt: clock.now() },
      ],
    },
    drift: async (strategy) => ({ strategy, points: [], ...figures }) as unknown as DriftJson,
    alarms: {
      raise: async ({ key, sentence }) => void open.set(key, sentence),
      clear: async (key) => void open.delete(key),
    },
    events: {
      async appendOnce(told) {
        const known = events.some(({ data }) => data.key === told.data.key && data.day === told.data.day);
        if (!known) events.push(told);
        return !known;
      },
    },
    clock,
    log: quietLog,
  });
  return { figures, open, events, clock, watch };
}

describe('the watch over production and its shadow', () => {
  it('raises an alarm while the median is over the limit, and clears it', async () => {
    const { figures, open, watch } = watching({ pairs: fewestPairs, medianBps: '25.01' });
    await watch.look();
    expect(open.get('drift:breakout')).toContain('25.01 basis points');
    figures.medianBps = '25';
    await watch.look();
    expect(open.size).toBe(0);
  });

  it('says nothing of a median over too few pairs, nor of a strategy on paper', async () => {
    const few = watching({ pairs: fewestPairs - 1, medianBps: '400' });
    await few.watch.look();
    expect(few.open.size).toBe(0);
    const paper = watching({ pairs: 100, medianBps: '400' }, 'paper');
    await paper.watch.look();
    expect([paper.open.size, paper.events]).toEqual([0, []]);
  });

  it('tells the figures once a day of New York', async () => {
    const { events, clock, watch } = watching({ pairs: 1, medianBps: '1' });
    await watch.look();
    await watch.look();
    expect(events.map(({ kind }) => kind)).toEqual(['shadow.measured']);
    // A second before and after midnight in New York.
    clock.advance(14 * 3_600_000 - 1000);
    await watch.look();
    expect(events).toHaveLength(1);
    clock.advance(1000);
    await watch.look();
    expect(events.map(({ data }) => data.day)).toEqual(['2026-11-20', '2026-11-21']);
  });
});
