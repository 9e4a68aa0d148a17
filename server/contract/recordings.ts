import { z } from 'zod';
import { id, moment, orNull, pageOf } from './primitives.ts';
import { sourceReading } from './source-reading.ts';

/** Whether a source is a sandbox. */
export const sandboxJson = z
  .object({
    id,
    source: z.string(),
    name: z.string(),
    on: z.boolean().meta({ description: 'What it sends is recorded, and nothing else comes of it' }),
    since: moment.nullable(),
    by: z.string().nullable(),
    kept: z.number().int().meta({ description: 'Recordings that are kept of it' }),
  })
  .meta({ id: 'Sandbox' });
export type SandboxJson = z.infer<typeof sandboxJson>;

export const sandboxesJson = z.object({ items: z.array(sandboxJson) }).meta({ id: 'Sandboxes' });
export type SandboxesJson = z.infer<typeof sandboxesJson>;

export const sandboxWish = z.object({ on: z.boolean() }).meta({ id: 'SandboxWish' });

const fieldProblem = z.object({ field: z.string(), code: z.string(), message: z.string() });

/** An alert that was sent to a sandbox, and what the reader makes of it now. */
export const recordingJson = z
  .object({
    id,
    webhookId: id,
    source: z.string(),
    sourceName: z.string(),
    receivedAt: moment,
    address: z.string().nullable(),
    headers: z.record(z.string(), z.string()).meta({ description: 'By lower-case name; signatures are masked' }),
    contentEncoding: z.string().nullable(),
    sizeBytes: z.number().int().meta({ description: 'Bytes that came' }),
    text: z.string().meta({ description: 'The body as text; secrets are masked' }),
    isText: z.boolean().meta({ description: 'False: the text shows replacement characters' }),
    dialect: z.string().meta({ description: 'What it is read as' }),
    signal: z.record(z.string(), z.unknown()).nullable().meta({ description: 'What it would come to' }),
    code: z.string().nullable().meta({ description: 'Or the code by which it would be refused' }),
    problems: z.array(fieldProblem),
  })
  .meta({ id: 'Recording' });
export type RecordingJson = z.infer<typeof recordingJson>;

export const recordingWhole = recordingJson
  .extend({
    bodyBase64: z.string().meta({ description: 'The bytes that came, but for masked secrets' }),
  })
  .meta({ id: 'RecordingWhole' });
export type RecordingWhole = z.infer<typeof recordingWhole>;

export const recordingsJson = pageOf(recordingJson).meta({ id: 'Recordings' });
export type RecordingsJson = z.infer<typeof recordingsJson>;

/** A file for the folder of its dialect in the corpus. */
export const recordingFixture = z
  .array(
    z.object({
      name: z.string(),
      text: z.string(),
      reading: orNull(sourceReading).optional(),
      signal: z.record(z.string(), z.unknown()).optional(),
      problems: z.array(z.string()).optional(),
      code: z.string().optional(),
      messageCode: z.string().optional(),
      fixed: z.boolean().optional(),
    }),
  )
  .meta({ id: 'RecordingFixture' });
