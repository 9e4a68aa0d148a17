import type {
  Account,
  AlarmJson,
  ApprovalJson,
  Me,
  Order,
  Position,
  SettingsJson,
  Signal,
  Status,
} from '../api/contract.ts';

/** What was last known of the person's portfolio, for a start without the server. */
export interface LastPortfolio {
  /** When the server said so, by its clock. */
  readonly asOf: string;
  readonly me: Me;
  readonly status: Status;
  readonly settings: SettingsJson | null;
  readonly accounts: readonly Account[];
  /** At the prices of that moment. */
  readonly positions: readonly Position[];
  /** Those that are open, and the newest others. */
  readonly orders: readonly Order[];
  /** The newest. */
  readonly signals: readonly Signal[];
  readonly alarms: readonly AlarmJson[];
  readonly approvals: readonly ApprovalJson[];
}

const place = 'signalbox-portfolio';
/** The shape of what is kept: what an older version of the dashboard has kept in another one is not read. */
const entry = '/last-portfolio/1';

/** Browsers keep nothing for pages that came without TLS from another machine. */
const storage = (): CacheStorage | null => (typeof caches === 'undefined' ? null : caches);

/** Keeps it on this device in place of what was kept before; that it cannot be kept harms nothing that is shown now. */
export async function keepPortfolio(portfolio: LastPortfolio): Promise<void> {
  try {
    const kept = await storage()?.open(place);
    await kept?.put(
      entry,
      new Response(JSON.stringify(portfolio), { headers: { 'content-type': 'application/json' } }),
    );
  } catch {
    // The device has no room for it, or the person lets pages keep nothing: then a start without the server shows nothing.
  }
}

/** Null: none is kept. */
export async function keptPortfolio(): Promise<LastPortfolio | null> {
  try {
    const kept = await (await storage()?.open(place))?.match(entry);
    return kept ? ((await kept.json()) as LastPortfolio) : null;
  } catch {
    return null;
  }
}

/** At signing out: nothing of the person stays on the device. */
export async function forgetPortfolio(): Promise<void> {
  await storage()?.delete(place);
}
