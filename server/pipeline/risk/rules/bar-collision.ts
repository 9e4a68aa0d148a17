import { marketZone, startOfDay } from '../../../core/zoned-day.ts';
import { barOf, barSecondsOf } from '../bar.ts';
import { seconds } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** A script that buys and sells within a bar was made to act on closes, and fired on every tick. */
export const rule = entryRule({
  key: 'bar-collision',
  order: 205,
  name: 'One entry a bar',
  says: 'A strategy enters a symbol once a bar, whichever side; once a day where bars are longer than that.',
  parameters: {
    // Neither way is stricter: bars of different lengths begin at different moments.
    barSeconds: seconds('Length of a bar when the alert names none', 60, null, { min: 1, max: 604_800 }),
  },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ activity, signal, now }, { barSeconds }) {
    const { strategy, ticker, timeframe } = signal;
    const length = barSecondsOf(timeframe) ?? barSeconds;
    const limit = `1 in ${length} s`;
    const inputs = { strategy, ticker, timeframe, barSeconds: length };
    const last = activity.entries.find((entry) => entry.strategy === strategy && entry.symbol === ticker);
    if (last === undefined) return pass(`There is no entry of ${strategy} in ${ticker} today.`, inputs, limit);
    // What is kept of entries reaches back to the start of the day.
    const start = length > 86_400 ? startOfDay(now, marketZone) : barOf(now, length).start;
    const seen = { ...inputs, barStart: start.toISOString(), lastEntry: last.at.toISOString() };
    if (last.at.getTime() >= start.getTime()) {
      const sentence = `${strategy} entered ${ticker} at ${last.at.toISOString()}, in the bar that began at ${start.toISOString()}.`;
      return breach('RISK_BAR_COLLISION', sentence, seen, limit);
    }
    return pass(`There is no entry of ${strategy} in ${ticker} in this bar.`, seen, limit);
  },
});
