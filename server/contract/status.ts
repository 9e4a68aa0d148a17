import { z } from 'zod';
import { decimalText, id, mode, moment, orNull } from './primitives.ts';
import { signal } from './signals.ts';

/** One part of the system and how it is. */
export const component = z.object({
  name: z.string(),
  state: z.enum(['ok', 'degraded', 'down']),
  sentence: z.string(),
});

export const killSwitch = z
  .object({
    engaged: z.boolean(),
    reason: z.string().nullable(),
    by: z.string().nullable(),
    at: moment.nullable(),
  })
  .meta({ id: 'KillSwitch' });

/** The bar with the five answers: mode, health, equity and day's P&L, last signal, approvals; and the kill switch. */
export const status = z
  .object({
    mode,
    health: z.object({ state: z.enum(['ok', 'degraded', 'down']), components: z.array(component) }),
    equity: decimalText,
    dayPnl: decimalText.nullable(),
    accountId: id.nullable().meta({ description: 'The account the figures are of: the one the mode trades' }),
    lastSignal: orNull(signal),
    approvalsWaiting: z.number().int(),
    killSwitch,
    venue: z.string().meta({ description: 'What the orders reach, in words' }),
    alwaysOpen: z.boolean().meta({ description: 'Whether the embedded exchange trades equities round the clock' }),
    zone: z.string().meta({ description: 'IANA zone for displayed times' }),
    webhookUrl: z.string().meta({ description: 'With the token masked' }),
    serverTime: moment,
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof status>;
