import type { Clock } from '../../core/ports/clock.ts';
import type { EventWriter } from '../../core/ports/event-writer.ts';
import type { LockOuts } from '../../core/ports/lock-outs.ts';
import type { Actor, PeopleStore } from '../../core/ports/people.ts';
import type { Random } from '../../core/ports/random.ts';
import type { From } from '../../http/sign-in-desk.ts';

interface PasskeyQuestion {
  readonly options: Record<string, unknown>;
  readonly cookies: readonly string[];
}

/** The sessions, passwords and passkeys of adapters/auth. */
export interface Credentials {
  openSession(personId: string, by: 'password' | 'invitation', from: From): Promise<readonly string[]>;
  readonly passwords: {
    hash(password: string): Promise<string>;
    verify(password: string, hash: string | null): Promise<boolean>;
  };
  readonly passkeys: {
    registerQuestion(name: string, from: From): Promise<PasskeyQuestion | null>;
    register(name: string, response: unknown, from: From): Promise<boolean>;
    question(from: From): Promise<PasskeyQuestion | null>;
    answer(
      response: unknown,
      from: From & { readonly proofOnly?: boolean },
    ): Promise<{ readonly personId: string; readonly sessionId: string; readonly cookies: readonly string[] } | null>;
  };
}

export interface AccessParts {
  readonly people: PeopleStore;
  readonly lockOuts: LockOuts;
  readonly credentials: Credentials;
  readonly events: Pick<EventWriter, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'token'>;
  /** Where people reach the dashboard. */
  readonly dashboardUrl: string;
}

/** Somebody who is not signed in. */
export const nobody = (address: string | null): Actor => ({ id: null, name: 'nobody', by: 'nobody', address });
