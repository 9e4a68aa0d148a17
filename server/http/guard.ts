import type { Context } from 'hono';
import type { TokenScope } from '../contract/tokens.ts';
import { mayDo } from '../platform/access/roles.ts';
import type { Env, HttpParts } from './parts.ts';
import type { Guarded } from './permissions.ts';
import { HttpProblem } from './problems.ts';
import { requireStepUp } from './step-up.ts';

/**
 * Before a route: 401 without a caller, 403 with the role named, for a token where only a person may, and without a fresh proof where one is
 * always asked for. A cookie changes nothing from another site.
 */
export function guard(
  parts: Pick<HttpParts, 'auth' | 'origins' | 'clock' | 'apiTokens'>,
  { least, only, stepUp, personOnly }: Guarded,
  /** What lets a token in, any one of them. */
  scopes: readonly TokenScope[],
) {
  return async (c: Context<Env>, next: () => Promise<void>) => {
    const caller = await parts.auth.callerOf(c.req.raw.headers);
    if (!caller) {
      const bearer = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
      const why = bearer === undefined ? null : await parts.apiTokens.whyNot(bearer);
      if (why !== null) throw new HttpProblem(401, 'NOT_SIGNED_IN', 'The token is no good any more', why);
      throw new HttpProblem(
        401,
        'NOT_SIGNED_IN',
        'Not signed in',
        'Sign in with your password, a passkey or the link that the server prints at its start, or send a bearer token.',
      );
    }
    // Also whoever is refused is known to what writes it down.
    c.set('caller', caller);
    if (only !== undefined && !only.includes(caller.role)) {
      throw new HttpProblem(
        403,
        'NOT_ALLOWED',
        'Not allowed',
        `This is for the roles ${only.join(' and ')}; you are ${caller.role}. Nothing was changed.`,
      );
    }
    if (!mayDo(caller.role, least)) {
      throw new HttpProblem(
        403,
        'NOT_ALLOWED',
        'Not allowed',
        `This takes the role ${least}; you are ${caller.role}. Nothing was changed.`,
      );
    }
    if (personOnly && caller.by !== 'session') {
      throw new HttpProblem(
        403,
        'NOT_A_PERSON',
        'Only for people',
        'A token cannot do this: sign in to the dashboard for it. Nothing was changed.',
      );
    }
    if (caller.scopes && !scopes.some((scope) => caller.scopes!.includes(scope))) {
      const wanted =
        scopes.length === 0
          ? 'No token that a person made may do this'
          : `This takes a token for ${scopes.join(' or ')}`;
      const sentence = `${wanted}; this one is for ${caller.scopes.join(', ')}. Nothing was changed.`;
      throw new HttpProblem(403, 'NOT_IN_SCOPE', 'Not what the token is for', sentence);
    }
    if (caller.by === 'session' && c.req.method !== 'GET') refuseOtherOrigin(c, parts.origins());
    if (stepUp === 'always') requireStepUp(caller, parts.clock);
    await next();
  };
}

export function refuseOtherOrigin(c: Context, origins: readonly string[]): void {
  if (sameOrigin(c, origins)) return;
  throw new HttpProblem(403, 'OTHER_ORIGIN', 'Not allowed', 'The request came from another site. Nothing was changed.');
}

/** Browsers say where a request comes from, and pages cannot make that up. */
export function sameOrigin(c: Context, origins: readonly string[]): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  return origin !== undefined && origins.includes(origin);
}
