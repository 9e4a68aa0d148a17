import type { Clock } from '../core/ports/clock.ts';
import type { Caller } from '../platform/access/roles.ts';
import { isProved, proofLastsMs } from '../platform/access/step-up.ts';
import { HttpProblem } from './problems.ts';

/**
 * Throws STEP_UP_REQUIRED unless it was proved within the last minutes that it is this person who asks: the dashboard then asks for the proof
 * and sends the request again.
 */
export function requireStepUp(caller: Caller, clock: Pick<Clock, 'now'>): void {
  if (isProved(caller, clock.now())) return;
  throw new HttpProblem(
    403,
    'STEP_UP_REQUIRED',
    'Prove that it is you',
    caller.by === 'token'
      ? 'This takes a person’s fresh proof, or a token that was given leave to go without; this one was not. Nothing was changed.'
      : `This takes a proof of the last ${proofLastsMs / 60_000} minutes that it is you who asks: a code of your second factor, a passkey, or your password where you have neither. Nothing was changed.`,
  );
}
