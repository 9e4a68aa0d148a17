import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { totpCode, totpStepAt } from '../platform/access/totp.ts';

/** An authenticator app that was set up, as a person has it on a phone. */
export interface Authenticator {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** A code that was not used yet. A code is good once, and only those around the moment are: the fourth in a row takes half a minute. */
  code(): Promise<string>;
}

/** Asks the API as somebody who is signed in. */
export type AskAs = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Codes of a secret, each once; `lastStep` is one that was used already. */
export function codesOf(secret: string, now: () => Date = () => new Date(), lastStep = 0): () => Promise<string> {
  let last = lastStep;
  return async () => {
    const step = Math.max(last + 1, totpStepAt(now()) - 1);
    while (step > totpStepAt(now()) + 1) await wait(200);
    last = step;
    return totpCode(secret, step);
  };
}

/**
 * Sets up an authenticator app for whoever asks. That proves who it is: what asks for a fresh proof is done for the five minutes after it, which
 * is all that a test needs whose own matter is another.
 */
export async function enrolSecondFactor(ask: AskAs, now?: () => Date): Promise<Authenticator> {
  const { secret } = await ask<{ secret: string }>('POST', '/me/second-factor');
  const code = codesOf(secret, now);
  const { codes } = await ask<{ codes: string[] }>('POST', '/me/second-factor/confirm', { code: await code() });
  return { secret, recoveryCodes: codes, code };
}

/** The API as the person who is signed in on a page. */
export const askOnPage =
  (page: Page): AskAs =>
  async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const { ok, status, text } = await page.evaluate(
      async ([how, where, sent]) => {
        const response = await fetch(`/api/v1${where}`, {
          method: how!,
          headers: sent === undefined ? {} : { 'content-type': 'application/json' },
          ...(sent === undefined ? {} : { body: sent }),
        });
        return { ok: response.ok, status: response.status, text: await response.text() };
      },
      [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
    );
    if (!ok) throw new Error(`${method} ${path}: ${status} ${text}`);
    return JSON.parse(text) as T;
  };
