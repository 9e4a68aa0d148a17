import { z } from 'zod';
import { decimalText, id, mode, moment, orNull } from './primitives.ts';
import { signal } from './signals.ts';

/** What a strategy has done today, and what was heard of it last. */
export const strategyActivity = z
  .object({
    strategy: z.string(),
    known: z.boolean().meta({ description: 'False: alerts name it, and it is held to the settings of default' }),
    lastSignal: orNull(signal),
    today: z
      .array(
        z.object({
          mode,
          trades: z.number().int(),
          profit: decimalText.meta({ description: 'Of the trades closed since midnight in New York, after fees' }),
        }),
      )
      .meta({ description: 'By mode, never added up; none: it has closed no trade today' }),
    productionSince: moment.nullable().meta({ description: 'Of its last promotion; null: on paper, or not known' }),
  })
  .meta({ id: 'StrategyActivity' });
export type StrategyActivityJson = z.infer<typeof strategyActivity>;

/** What a person did to a strategy. */
export const strategyChangeMade = z
  .object({
    at: moment,
    by: z.string(),
    kind: z.enum(['made', 'changed', 'promoted', 'stopped', 'released', 'limit_set', 'limit_removed']),
    reason: z.string().nullable(),
    from: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'Mode, enabled and settings as they were; null: of a change of no settings' }),
    to: z.record(z.string(), z.unknown()).nullable(),
    rule: z.string().nullable().meta({ description: 'Of a limit: its rule' }),
    killSwitchId: id.nullable(),
  })
  .meta({ id: 'StrategyChangeMade' });
export type StrategyChangeMade = z.infer<typeof strategyChangeMade>;
