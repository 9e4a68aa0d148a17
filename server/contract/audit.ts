import { z } from 'zod';
import { moment, pageQuery, plainText } from './primitives.ts';

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
  .meta({ description: 'SHA-256, hexadecimal' });

/** One entry of the hash-chained record of who did what. */
export const auditEntry = z
  .object({
    number: z.number().int().meta({ description: 'Its place in the chain, without gaps' }),
    at: moment,
    kind: z.string(),
    who: z.string().nullable(),
    from: z.string().nullable().meta({ description: 'The address it came from, where that is known' }),
    data: z.record(z.string(), z.unknown()),
    previousHash: hash,
    hash,
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryJson = z.infer<typeof auditEntry>;

export const auditQuery = pageQuery.extend({
  who: plainText(100).optional().meta({ description: 'A part of the name' }),
  kind: plainText(100).optional().meta({ description: 'A part of the kind, `action.` for one' }),
  text: plainText(200).optional().meta({ description: 'Anything that stands in the entry' }),
  from: moment.optional(),
  until: moment.optional(),
});

export const auditHead = z
  .object({
    number: z.number().int().meta({ description: '0: there is no entry yet' }),
    hash,
    at: moment.nullable(),
  })
  .meta({ id: 'AuditHead' });
export type AuditHeadJson = z.infer<typeof auditHead>;

/** Where a verification goes on: behind this entry, whose hash was this. */
export const auditVerifyQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  hash: hash.optional().meta({ description: 'The hash of that entry, as it was verified' }),
});

export const auditVerified = z
  .object({
    through: z.number().int().meta({ description: 'The last entry that was verified' }),
    hash,
    done: z.boolean().meta({ description: 'Whether that was the end of the chain' }),
    fault: z.object({ number: z.number().int(), code: z.string(), sentence: z.string() }).nullable(),
  })
  .meta({ id: 'AuditVerified' });
export type AuditVerifiedJson = z.infer<typeof auditVerified>;
