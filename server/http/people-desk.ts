import type { InvitationWish, OneTimeLinkJson, PersonChangeJson, PersonJson } from '../contract/index.ts';
import type { Caller } from '../platform/access/roles.ts';

/** Who asks, and from where. */
export interface Asking {
  readonly caller: Caller;
  readonly address: string | null;
}

/** People, as an admin looks after them. Null: there is no such person. */
export interface PeopleDesk {
  list(): Promise<readonly PersonJson[]>;
  invite(
    wish: InvitationWish,
    asking: Asking,
  ): Promise<{ readonly person: PersonJson; readonly link: OneTimeLinkJson }>;
  change(id: string, change: PersonChangeJson, asking: Asking): Promise<PersonJson | null>;
  /** A link to set a password: for an invitation that was lost, or a password that was forgotten. */
  link(id: string, asking: Asking): Promise<OneTimeLinkJson | null>;
  signOutEverywhere(id: string, asking: Asking): Promise<PersonJson | null>;
  removeFactors(id: string, asking: Asking): Promise<PersonJson | null>;
  unlock(id: string, asking: Asking): Promise<PersonJson | null>;
}
