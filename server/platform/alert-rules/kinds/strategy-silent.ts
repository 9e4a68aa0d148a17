import { count, flag } from '../../../core/parameters.ts';
import { alertKind } from '../kind.ts';
import { tradingMsBetween } from '../trading-time.ts';

const hourMs = 3_600_000;

export const kind = alertKind({
  key: 'strategy-silent',
  name: 'Strategy silent',
  says: 'Nothing was heard of a strategy, neither an alert nor a heartbeat, for so many hours.',
  scope: { account: 'none', strategy: 'needed', symbol: 'none' },
  parameters: {
    hours: count('Hours', 8, null, { min: 1, max: 2000 }),
    marketHours: flag('Only hours of trading count', true),
  },
  ends: 'holds',
  everyQuote: false,
  async look(readings, { values, scope, since }) {
    const strategy = scope.strategy!;
    const heard = await readings.heard(strategy);
    // One that was never heard of is waited for since the rule is there.
    const from = heard ?? since;
    const now = readings.now();
    const silentMs = values.marketHours
      ? tradingMsBetween(from, now, readings.market)
      : Math.max(0, now.getTime() - from.getTime());
    const hours = Math.floor((silentMs / hourMs) * 10) / 10;
    const value = `${hours} h`;
    const ever = heard === null ? 'was never heard of' : `was last heard of at ${heard.toISOString()}`;
    const counted = values.marketHours ? 'hours of trading' : 'hours';
    const sentence = `${strategy} ${ever}: ${hours} ${counted} ago; the limit is ${values.hours}.`;
    return { kind: silentMs >= values.hours * hourMs ? 'holds' : 'over', value, sentence };
  },
});
