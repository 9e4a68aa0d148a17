import { z } from 'zod';
import { account, equityPoint, position } from './accounts.ts';
import { alarm } from './alarms.ts';
import { approval } from './approvals.ts';
import { event } from './events.ts';
import { execution, order } from './orders.ts';
import { decimalText, moment } from './primitives.ts';
import { decision, signal } from './signals.ts';
import { status } from './status.ts';

/** A price as the positions table shows it. */
export const quote = z
  .object({ symbol: z.string(), bid: decimalText, ask: decimalText, at: moment })
  .meta({ id: 'Quote' });
export type QuoteJson = z.infer<typeof quote>;

/** A place in the course of events, to be kept as it is. */
export const place = z.string().meta({ id: 'Place' });

/** How a client has come in. */
export const joined = z
  .object({
    place,
    missed: z.number().int().nullable().meta({
      description:
        'How many events were told again since the place that the client said; null: it said none, or too many followed it: read everything anew',
    }),
  })
  .meta({ id: 'Joined' });
export type JoinedJson = z.infer<typeof joined>;

/** What the server sends over socket.io, each message whole rows: a client replaces what it has by id. */
export const socketEvents = {
  status,
  signal,
  decision,
  order,
  execution,
  positions: z.array(position),
  account,
  equity: equityPoint.extend({ accountId: z.string() }),
  quotes: z.array(quote),
  /** Every open alarm, whenever one is raised, acknowledged or cleared. */
  alarms: z.array(alarm),
  /** Everything that waits for a person, whenever that changes. */
  approvals: z.array(approval),
  event,
  /** All that happened up to this place has been told: said again by whoever comes back, as `since` beside the token. */
  place,
  /** After a client has come in, behind what it has missed. */
  joined,
} as const;
export type SocketEventName = keyof typeof socketEvents;
/** The listeners' types, for socket.io's generics. */
export type ServerToClient = { [K in SocketEventName]: (data: z.infer<(typeof socketEvents)[K]>) => void };
