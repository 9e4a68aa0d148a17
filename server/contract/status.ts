import { z } from 'zod';
import { killSwitch } from './kill-switch.ts';
import { decimalText, id, mode, moment, orNull } from './primitives.ts';
import { signal } from './signals.ts';

/** One part of the system and how it is. */
export const component = z.object({
  name: z.string(),
  state: z.enum(['ok', 'degraded', 'down']),
  sentence: z.string(),
});

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
    killSwitches: z.array(killSwitch).meta({ description: 'Those that are engaged; none: entries are taken' }),
    venue: z.string().meta({ description: 'What the orders reach, in words' }),
    alwaysOpen: z.boolean().meta({ description: 'Whether the embedded exchange trades equities round the clock' }),
    zone: z.string().meta({ description: 'IANA zone for displayed times' }),
    webhookUrl: z.string().meta({ description: 'With the token masked' }),
    serverTime: moment,
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof status>;
