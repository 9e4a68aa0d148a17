import { marketZone, type Weekday, wallClock, weekdays } from '../../../core/zoned-day.ts';
import { names, times } from '../parameters.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';
import { clockText } from '../venue-hours.ts';

const days = names('Days', ['Mon', 'Tue', 'Wed', 'Thu', 'Fri']);
const known: readonly string[] = weekdays;

/** The hours a person wants entries in, whether or not the market is open: the calendar has its own rules. */
export const rule = entryRule({
  key: 'trading-windows',
  order: 210,
  name: 'Hours of entries',
  says: 'Entries are sent within these hours of New York, on these days of the week. Coins are held to them too.',
  parameters: {
    windows: times('Hours', ['09:30-16:00']),
    weekdays: {
      ...days,
      schema: days.schema.refine((list) => (list as readonly string[]).every((day) => known.includes(day)), {
        error: `Days: of ${weekdays.join(', ')}`,
      }),
    },
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ now, ignoresTradingWindows }, { windows, weekdays: allowed }) {
    const { weekday, minutes } = wallClock(now, marketZone);
    const clock = `${weekday} ${clockText(minutes)}`;
    const hours = windows.map(({ from, to }) => `${clockText(from)}-${clockText(to)}`).join(', ') || 'at no time';
    const limit = `${allowed.join(', ') || 'no day'} ${hours}`;
    const inputs = { clock };
    if (ignoresTradingWindows)
      return notApplicable(
        'The alert asks not to be held to the hours of entries, and its strategy allows that.',
        inputs,
      );
    const within =
      allowed.includes(weekday satisfies Weekday) && windows.some(({ from, to }) => from <= minutes && minutes < to);
    if (within) return pass(`It is ${clock} in New York, within the hours of entries.`, inputs, limit);
    return breach('RISK_TRADING_WINDOW', `it is ${clock} in New York; entries are sent ${limit}.`, inputs, limit);
  },
});
