import { z } from 'zod';
import { proofs } from '../core/model/proofs.ts';
import { id, moment } from './primitives.ts';
import { checkedAccount } from './risk-check.ts';

/** As many characters as an alert may have bytes. */
export const maxLintText = 65_536;

/** A text that somebody wants to know about. */
export const lintWish = z
  .object({
    text: z
      .string()
      .max(maxLintText)
      .meta({ description: 'The alert’s text, as it is sent or as it stands in TradingView’s box' }),
    as: z.enum(['received', 'message']).default('received').meta({
      description:
        '`received`: what arrived. `message`: what stands in TradingView’s box; its placeholders are filled with examples',
    }),
    source: id.nullable().default(null).meta({
      description:
        'The id of the source it would be sent to: its dialect, its reading, its strategy and its proofs count; null: its shape tells',
    }),
    dialect: z.string().max(64).nullable().default(null).meta({
      description: 'The dialect that it is to be read as, whatever its source says; null: as the source has it',
    }),
  })
  .meta({ id: 'LintWish' });
export type LintWish = z.infer<typeof lintWish>;

const place = z
  .object({
    line: z.number().int(),
    column: z.number().int(),
    from: z.number().int().meta({ description: 'Offset in UTF-16 units' }),
    until: z.number().int(),
    pointer: z.string().nullable().meta({ description: 'RFC 6901; null: no field of JSON' }),
  })
  .meta({ id: 'LintPlace', description: 'Lines and columns count from 1' });

export const lintFinding = z
  .object({
    code: z.string().meta({ description: 'docs/linter.md has them all' }),
    severity: z.enum(['error', 'warning', 'note']).meta({ description: '`error`: it would be refused' }),
    field: z.string().nullable(),
    message: z.string(),
    mend: z.string().meta({ description: 'What to write instead' }),
    place: place.nullable().meta({ description: 'Null: it is about the whole alert' }),
  })
  .meta({ id: 'LintFinding' });
export type LintFindingJson = z.infer<typeof lintFinding>;

const verdict = z.object({
  kind: z.enum(['accepted', 'refused']),
  code: z.string().nullable().meta({ description: 'The refusal’s' }),
});

/** What there is to say of a text; nothing of it is stored. */
export const lintResult = z
  .object({
    verdict: verdict.meta({ description: 'What intake would answer' }),
    dialect: z.object({ key: z.string(), how: z.enum(['source', 'asked', 'shape']), why: z.string() }),
    says: z.string().nullable().meta({ description: 'What would be done, in words; null: it would be refused' }),
    signal: z.record(z.string(), z.unknown()).nullable(),
    findings: z.array(lintFinding).meta({ description: 'Worst first; no secret is in them' }),
    mended: z
      .object({
        text: z.string().meta({ description: 'Its secrets are masked; the edits lead to the whole text' }),
        edits: z.array(z.object({ from: z.number().int(), until: z.number().int(), insert: z.string() })),
        verdict,
        dialect: z.string(),
        says: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'A better text; null: there is nothing that could be mended surely' }),
    identity: z
      .object({
        kind: z.enum(['id', 'fields', 'bytes']),
        sentence: z.string(),
        until: moment.nullable().meta({ description: 'Until when the same would count as a resend; null: for ever' }),
        seen: z
          .object({ signalId: id, receivedAt: moment })
          .nullable()
          .meta({ description: 'The same alert, already taken in; asked of a source only' }),
      })
      .nullable()
      .meta({ description: 'What would make another alert the same one; null: it would be refused' }),
    proofs: z
      .array(z.object({ proof: z.enum(proofs), met: z.enum(['yes', 'no', 'elsewhere']), sentence: z.string() }))
      .meta({ description: 'What its source asks for; `elsewhere`: the text does not tell' }),
    size: z
      .object({ sentence: z.string().nullable(), accounts: z.array(checkedAccount) })
      .nullable()
      .meta({
        description: 'What would become of it now, as POST /api/v1/risk/check answers; null: it would be refused',
      }),
  })
  .meta({ id: 'LintResult' });
export type LintResultJson = z.infer<typeof lintResult>;
