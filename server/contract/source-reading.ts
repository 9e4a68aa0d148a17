import { z } from 'zod';
import { targetUnits, volumeUnits } from '../core/model/source-reading.ts';

/** How a source's alerts are read, where they cannot say it themselves. */
export const sourceReading = z
  .object({
    template: z.string().max(4000).nullable().meta({
      description: 'Templates such as {action} {ticker} at {price}, one a line; null: none',
    }),
    targetUnit: z.enum(targetUnits).nullable().meta({
      description: 'What sl=, tp= and price= of a PineConnector line are; null: a line with one is refused',
    }),
    volumeUnit: z.enum(volumeUnits).nullable().meta({
      description: 'What its risk= is; null: a line with one is refused',
    }),
  })
  .meta({ id: 'SourceReading' });
export type SourceReading = z.infer<typeof sourceReading>;

export const templateTrial = z
  .object({ template: z.string().max(4000), text: z.string().max(65_536) })
  .meta({ id: 'TemplateTrial' });

const trialProblem = z.object({ field: z.string(), code: z.string(), message: z.string() });

/** What a template makes of a text; nothing is stored, and nothing is sent. */
export const templateTried = z
  .object({
    fault: z
      .object({ line: z.number().int(), column: z.number().int(), message: z.string() })
      .nullable()
      .meta({ description: 'Where the template cannot be understood' }),
    signal: z.record(z.string(), z.unknown()).nullable().meta({ description: 'What the text would come to' }),
    problems: z.array(trialProblem).meta({ description: 'Or why it would be refused' }),
    mismatches: z
      .array(z.object({ template: z.string(), expected: z.string(), matched: z.string(), rest: z.string() }))
      .meta({
        description:
          'Where the text and each line of the template part: what was looked for, the text that fits, and what comes then; empty when a line fits',
      }),
  })
  .meta({ id: 'TemplateTried' });
export type TemplateTried = z.infer<typeof templateTried>;
