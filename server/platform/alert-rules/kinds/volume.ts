import { text } from '../../../core/decimal.ts';
import { count, multiple } from '../../../core/parameters.ts';
import { alertKind } from '../kind.ts';

export const kind = alertKind({
  key: 'volume',
  name: 'Volume',
  says: 'The shares traded today are so many times those of a whole day on average.',
  scope: { account: 'none', strategy: 'none', symbol: 'needed' },
  parameters: {
    times: multiple('Times the average day', '2', null, { min: '0.01', max: '1000' }),
    days: count('Average over days', 20, null, { min: 2, max: 250 }),
  },
  ends: 'holds',
  everyQuote: false,
  async look(readings, { values, scope }) {
    const symbol = scope.symbol!;
    const found = await readings.volume(symbol, values.days);
    if (found === null) return { kind: 'unreadable', sentence: `The volume of ${symbol} is not known.` };
    const { today, average } = found;
    if (average.eq('0')) return { kind: 'unreadable', sentence: `${symbol} was not traded in ${values.days} days.` };
    const times = text(today.div(average).round(2));
    const value = `${times} times`;
    // It only grows until the day is over, and then begins at nothing: there is no hovering.
    const holds = today.gte(average.times(values.times));
    const sentence = `${text(today.round(0))} of ${symbol} were traded today, ${times} times the average of ${values.days} days.`;
    return { kind: holds ? 'holds' : 'over', value, sentence };
  },
});
