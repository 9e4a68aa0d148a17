import type { LockTerms } from '../../core/ports/lock-outs.ts';

const day = 86_400;

/**
 * Who guesses waits, and the longer the more often: wrong passwords and codes are counted by the person they were for and by the address they
 * came from. A right one starts the person's count anew; so does an administrator, and a day without a wrong one. Five tries are enough for a
 * slip; at an hour a try, six digits would last for decades.
 */
export const personTerms: LockTerms = { failures: 5, firstSeconds: 60, mostSeconds: 3600, forgetSeconds: day };
/** An office shares an address, so that it has more tries. */
export const addressTerms: LockTerms = { failures: 20, firstSeconds: 60, mostSeconds: 3600, forgetSeconds: day };
