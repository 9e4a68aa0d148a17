import type { OwnAccountDesk } from '../../http/own-account-desk.ts';
import type { PeopleDesk } from '../../http/people-desk.ts';
import type { SignInDesk } from '../../http/sign-in-desk.ts';
import { createOwnAccountDesk } from './own-account-desk.ts';
import type { AccessParts } from './parts.ts';
import { createPeopleDesk } from './people-desk.ts';
import { createSignInDesk } from './sign-in-desk.ts';
import { createTries } from './tries.ts';

/** People and how they prove who they are: the ways in, one's own account, and an admin's list. */
export function createAccessDesks(parts: AccessParts): {
  readonly signInDesk: SignInDesk;
  readonly people: PeopleDesk;
  readonly ownAccount: OwnAccountDesk;
} {
  const tries = createTries(parts);
  return {
    signInDesk: createSignInDesk({ ...parts, tries }),
    people: createPeopleDesk(parts),
    ownAccount: createOwnAccountDesk({ ...parts, tries }),
  };
}
