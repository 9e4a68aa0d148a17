import { z } from 'zod';

/** An amount, price or quantity: decimal text, canonical, never a JSON number. */
export const decimalText = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, { error: 'expected a decimal, such as 150.25', abort: true })
  .meta({ description: 'Decimal as text', example: '150.25' });
/** A moment: ISO 8601 in UTC. */
export const moment = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
export const id = z.uuid();
export const mode = z.enum(['paper', 'production']);
export const side = z.enum(['buy', 'sell']);
export const role = z.enum(['admin', 'trader', 'analyst', 'viewer']);
export type Role = z.infer<typeof role>;

/** Text without control characters: PostgreSQL cannot hold a NUL, and people cannot see the others. */
export const plainText = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^\P{Cc}*$/u, 'expected text without control characters');

/**
 * One of the named schemas, or null. `.nullable()` on a schema with a name would make the schema itself nullable, everywhere, in the
 * OpenAPI document.
 */
export const orNull = <T extends z.ZodType>(item: T) => z.union([item, z.null()]);

/** A page of a list, newest first. `next` is the cursor of the page after it; null on the last. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).meta({ description: 'Items a page' }),
  cursor: z.string().optional().meta({ description: 'The `next` of the page before' }),
});

/** RFC 9457. `fields` names each field that was wrong and what was expected. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    instance: z.string().optional(),
    fields: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })).optional(),
    id: id.optional().meta({ description: 'The refused alert as it was kept' }),
    receiptUrl: z.string().optional(),
    until: moment.optional().meta({ description: 'From when on it may be tried again' }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
