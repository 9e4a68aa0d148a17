import { z } from 'zod';

/** A way of sizing or of placing a stop, with what it may be told. */
export const sizingChoice = z
  .object({
    key: z.string(),
    name: z.string(),
    says: z.string(),
    parameters: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        label: z.string(),
        default: z.union([z.string(), z.number(), z.boolean()]),
      }),
    ),
  })
  .meta({ id: 'SizingChoice' });
export type SizingChoice = z.infer<typeof sizingChoice>;

/** What a strategy may be sized by. */
export const sizingChoices = z
  .object({ methods: z.array(sizingChoice), stops: z.array(sizingChoice) })
  .meta({ id: 'SizingChoices' });
export type SizingChoices = z.infer<typeof sizingChoices>;
