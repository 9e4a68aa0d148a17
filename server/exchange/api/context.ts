import type { Context } from 'hono';
import type { Random } from '../../core/ports/random.ts';
import type { Sessions } from '../calendar/sessions.ts';
import type { EquityHistory } from '../history/equity-history.ts';
import type { VenueAccount } from '../venue/model.ts';
import { VenueRefusal } from '../venue/refusal.ts';
import type { ExchangeStore } from '../venue/store.ts';
import type { Desk, Venue } from '../venue/venue.ts';
import type { Listing } from './assets.ts';

/** Whoever calls has been authenticated: `accountId` is set. */
export type Env = { Variables: { accountId: string } };

/** What the routes of the Trading API work with. */
export interface TradingApiParts {
  readonly venue: Venue;
  readonly listing: Listing;
  readonly history: EquityHistory;
  readonly sessions: Sessions;
  readonly records: ExchangeStore;
  readonly random: Random;
  readonly now: () => Date;
}

export const accountOf = (desk: Desk, c: Context<Env>): VenueAccount => desk.state.accounts.get(c.get('accountId'))!;

/** The body as JSON; refuses what is no JSON object. */
export async function bodyOf(c: Context<Env>): Promise<Readonly<Record<string, unknown>>> {
  let json: unknown;
  try {
    json = await c.req.json();
  } catch {
    throw undecodable();
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw undecodable();
  return json as Record<string, unknown>;
}

export const undecodable = (): VenueRefusal => new VenueRefusal(400, 40_010_000, 'failed to decode request body');

/** Runs on the venue's books, and answers with what that gave. */
export async function ask(
  c: Context<Env>,
  venue: Venue,
  run: (desk: Desk) => unknown,
  status: 200 | 207 = 200,
): Promise<Response> {
  return c.json((await venue.command(run)) as object, status);
}

const uuid = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** A UUID, with or without its dashes, as this venue writes it; null when it is none. */
export function uuidIn(text: string): string | null {
  if (!uuid.test(text)) return null;
  const hex = text.replaceAll('-', '').toLowerCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
