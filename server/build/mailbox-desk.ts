import type { MailboxAnswer, MailboxJson, MailboxWish } from '../contract/index.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Mailboxes } from '../core/ports/mailbox.ts';
import type { MailboxSettings, MailboxState, MailboxStore } from '../core/ports/mailbox-store.ts';
import type { ProofStore } from '../core/ports/proof-store.ts';
import type { WebhookTokens } from '../core/ports/webhook-tokens.ts';
import type { MailboxDesk } from '../http/mailbox-desk.ts';
import { HttpProblem } from '../http/problems.ts';
import type { MailIntake } from '../pipeline/intake/mail/mail-intake.ts';
import { settingsOf, wishProblem } from '../platform/mailboxes/mailbox-settings.ts';
import { sentenceOf, tryMailbox } from '../platform/mailboxes/try-mailbox.ts';

export interface MailboxDeskParts {
  readonly store: MailboxStore;
  readonly tokens: Pick<WebhookTokens, 'list'>;
  readonly proofs: Pick<ProofStore, 'policy'>;
  readonly mailboxes: Mailboxes;
  readonly mailIntake: Pick<MailIntake, 'tryMail'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** So many of the last mails are shown. */
const shownMails = 50;

/** Sets mailboxes, and tries them. */
export function createMailboxDesk(parts: MailboxDeskParts): MailboxDesk {
  const { store, tokens, proofs, mailboxes, mailIntake, clock } = parts;

  const exists = async (sourceId: string): Promise<boolean> =>
    (await tokens.list()).some(({ id, source }) => id === sourceId && source !== 'dashboard');

  async function answerOf(box: MailboxState | null): Promise<MailboxAnswer> {
    return { mailbox: box && (await toJson(box)) };
  }

  async function toJson(box: MailboxState): Promise<MailboxJson> {
    const { settings, progress, changedBy, changedAt, webhookId } = box;
    const state = !settings.enabled
      ? 'off'
      : progress.problem !== null
        ? 'failing'
        : progress.readAt
          ? 'reading'
          : 'waiting';
    const mails = await store.mails(webhookId, shownMails);
    return {
      sourceId: webhookId,
      settings: { ...settings, senders: [...settings.senders], recipients: [...settings.recipients] },
      state,
      readAt: progress.readAt?.toISOString() ?? null,
      problem: progress.problem,
      problemSince: progress.problemSince?.toISOString() ?? null,
      changedBy,
      changedAt: changedAt.toISOString(),
      mails: mails.map(({ at, arrivedAt, code, detail, ...mail }) => ({
        ...mail,
        at: at.toISOString(),
        arrivedAt: arrivedAt.toISOString(),
        code,
        sentence: code === null ? null : sentenceOf({ code, detail }),
      })),
    };
  }

  /** What was typed, or what is there; a password goes nowhere but where it was given for. */
  async function passwordFor(sourceId: string, settings: MailboxSettings, given: string | null): Promise<string> {
    if (given !== null) return given;
    const before = await store.find(sourceId);
    const stored = before === null ? null : await store.password(sourceId);
    if (before === null || stored === null) throw invalid('password', 'the mailbox needs its password');
    if (wayTo(before.settings) !== wayTo(settings))
      throw invalid('password', 'enter the password anew: where it is sent to, or how, is another than before');
    return stored;
  }

  function refuseUnusable(wish: MailboxWish): void {
    const problem = wishProblem(wish);
    if (problem !== null) throw invalid(problem.field, problem.message);
  }

  return {
    async find(sourceId) {
      return (await exists(sourceId)) ? answerOf(await store.find(sourceId)) : null;
    },
    async put(sourceId, wish, by) {
      if (!(await exists(sourceId))) return null;
      refuseUnusable(wish);
      const { settings, password } = settingsOf(wish);
      await passwordFor(sourceId, settings, password);
      const { required, bodyField, bodySecrets } = await proofs.policy(sourceId);
      const asks = (proof: (typeof required)[number]): boolean => required.includes(proof);
      if (asks('signature')) throw unprovable('The source asks for a signature, and a mail cannot carry one');
      if ((asks('address') || asks('certificate')) && settings.authServer === null)
        throw unprovable(
          'The source asks that TradingView itself is the sender. Of a mail only the receiving server can say so: name the server whose word is taken',
        );
      if (settings.authServer === null && (bodyField === null || bodySecrets.length === 0))
        throw unprovable(
          'Anybody can write a mail with TradingView as its sender. Name the receiving server whose word on the sender is taken, or make a secret of the body first',
        );
      const set = await store.put(sourceId, settings, password, by);
      return set && answerOf(set);
    },
    remove: (sourceId, by) => store.remove(sourceId, by),
    async try(sourceId, wish) {
      if (!(await exists(sourceId))) return null;
      refuseUnusable(wish);
      const { settings, password } = settingsOf(wish);
      const given = await passwordFor(sourceId, settings, password);
      return tryMailbox({ mailboxes, clock, tryMail: mailIntake.tryMail }, sourceId, settings, given);
    },
  };
}

/** All that says where a password goes, and who could read it on the way. */
const wayTo = ({ host, port, security, authority, user }: MailboxSettings): string =>
  JSON.stringify([host.toLowerCase(), port, security, authority, user]);

const invalid = (field: string, message: string): HttpProblem =>
  new HttpProblem(400, 'INVALID', 'The mailbox cannot be used so', `${field}: ${message}. Nothing was changed.`, [
    { field, code: 'invalid', message },
  ]);

const unprovable = (sentence: string): HttpProblem =>
  new HttpProblem(409, 'PROOF_INCOMPLETE', 'Nothing could prove a mail', `${sentence}. Nothing was changed.`);
