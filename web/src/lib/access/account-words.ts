import type { OwnSessionJson, PersonJson } from '../api/contract.ts';
import type { NoPasskeys } from '../api/passkeys.ts';

type Role = PersonJson['role'];

export const roleName = (role: Role): string =>
  ({ admin: 'Administrator', trader: 'Trader', analyst: 'Analyst', viewer: 'Viewer' })[role];

export const roleWords = (role: Role): string =>
  ({
    admin: 'Looks after people, accounts, keys and limits of real money, and does all that a trader does.',
    trader: 'Trades: sends, changes and stops orders, approves entries, and turns the switch to production.',
    analyst:
      'Reads everything, events and comparisons included, and asks what would become of an order. Changes nothing.',
    viewer: 'Sees positions, orders and results. Changes nothing.',
  })[role];

export const roles: readonly Role[] = ['admin', 'trader', 'analyst', 'viewer'];

/** By what somebody signed in. */
export const signedInWords = (by: OwnSessionJson['signedInBy']): string =>
  ({ link: 'by a one-time link', password: 'by password', passkey: 'by passkey', invitation: 'by invitation' })[by];

/** How somebody stands: who is locked out or switched off comes before all else. */
export type Standing = 'disabled' | 'locked' | 'invited' | 'active';
export function standingOf(person: PersonJson): Standing {
  if (person.disabledAt) return 'disabled';
  if (person.lockedUntil) return 'locked';
  return person.linkUntil && !person.hasPassword ? 'invited' : 'active';
}
export const standingWords = (standing: Standing): string =>
  ({ disabled: 'Switched off', locked: 'Locked out', invited: 'Invited', active: 'Active' })[standing];

export function factorWords(person: PersonJson): string {
  const app = person.codesSince !== null;
  if (app && person.passkeys > 0) return 'Authenticator app and passkey';
  if (app) return 'Authenticator app';
  if (person.passkeys > 0) return 'Passkey';
  return person.hasPassword ? 'Password alone' : 'No password or passkey yet';
}

export const noPasskeyWords = (why: NoPasskeys): string =>
  ({
    browser: 'This browser knows no passkeys.',
    insecure: 'Passkeys need an address that begins with https, or localhost on the machine itself.',
    numbers:
      'Passkeys need a name: open the dashboard as localhost, or by the name of the machine, and not by numbers.',
  })[why];

/** "Chrome on Windows", as far as a browser says. */
export function browserWords(userAgent: string | null): string {
  if (!userAgent) return 'Unknown browser';
  const browser =
    (/Edg\//.test(userAgent) && 'Edge') ||
    (/Firefox\//.test(userAgent) && 'Firefox') ||
    (/Chrome\//.test(userAgent) && 'Chrome') ||
    (/Safari\//.test(userAgent) && 'Safari') ||
    userAgent.slice(0, 40);
  const system =
    (/Android/.test(userAgent) && 'Android') ||
    (/iPhone|iPad/.test(userAgent) && 'iOS') ||
    (/Windows/.test(userAgent) && 'Windows') ||
    (/Mac OS/.test(userAgent) && 'macOS') ||
    (/Linux/.test(userAgent) && 'Linux');
  return system ? `${browser}, ${system}` : browser;
}
