import { counted } from '../../../core/counted.ts';
import { losingStreak } from '../../../core/risk-figures/streak.ts';
import { amount } from '../figures.ts';
import { count } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** A strategy that loses time after time may have met a market that it is not made for: it sits out a while. */
export const rule = entryRule({
  key: 'losing-streak',
  order: 590,
  name: 'Losses in a row',
  says: 'After so many losing trades of a strategy in a row it enters nothing for some minutes.',
  parameters: {
    losses: count('Losses in a row', 4, 'lower', { min: 1, max: 500 }),
    minutes: count('Minutes without an entry after the last of them', 240, 'higher', { min: 1, max: 525_600 }),
  },
  scopes: ['everything', 'account', 'strategy'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ activity, signal, now }, { losses, minutes }) {
    const { strategy } = signal;
    const streak = losingStreak(activity.trades.filter((trade) => trade.strategy === strategy));
    const limit = `${losses} in a row, then ${minutes} min`;
    const inputs = {
      strategy,
      losses: streak.length,
      lost: amount(streak.lost),
      lastAt: streak.lastAt?.toISOString() ?? null,
    };
    if (streak.length < losses || streak.lastAt === null)
      return pass(`${strategy} has lost ${counted(streak.length, 'time')} in a row.`, inputs, limit);
    const until = new Date(streak.lastAt.getTime() + minutes * 60_000);
    if (now < until) {
      const sentence = `${strategy} has lost ${counted(streak.length, 'time')} in a row, ${amount(streak.lost)} together; it enters nothing until ${until.toISOString()}.`;
      return breach('RISK_LOSING_STREAK', sentence, { ...inputs, until: until.toISOString() }, limit);
    }
    return pass(
      `${strategy} has cooled down after ${counted(streak.length, 'loss', 'losses')} in a row.`,
      inputs,
      limit,
    );
  },
});
