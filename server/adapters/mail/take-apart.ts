import PostalMime, { type Address } from 'postal-mime';
import type { Mail } from '../../core/model/mail.ts';
import { UnreadableMail } from '../../core/ports/mailbox.ts';

/** No mailer nests deeper; a bomb does. */
const maxNestingDepth = 32;
const maxHeadersSize = 256 * 1024;

/** Takes a mail apart; throws an `UnreadableMail`. A mail within a mail stays an attachment: nobody proved who wrote that one. */
export async function takeApart(source: Uint8Array): Promise<Mail> {
  try {
    const mail = await PostalMime.parse(source, { forceRfc822Attachments: true, maxNestingDepth, maxHeadersSize });
    const froms = mail.headers.filter(({ key }) => key === 'from');
    return {
      headers: mail.headers.map(({ key, value }) => ({ name: key, value })),
      // Which of several fields a server looked at nobody knows, so that all are told.
      from:
        froms.length > 1 ? froms.map(({ value }) => value.toLowerCase()) : addressesOf(mail.from ? [mail.from] : []),
      to: addressesOf([...(mail.to ?? []), ...(mail.cc ?? [])]),
      subject: mail.subject ?? null,
      messageId: mail.messageId ?? null,
      sentAt: momentOf(mail.date),
      text: mail.text ?? null,
      html: mail.html ?? null,
    };
  } catch (error) {
    throw new UnreadableMail(error instanceof Error ? error.message.slice(0, 200) : 'it cannot be taken apart');
  }
}

const addressesOf = (addresses: readonly Address[]): string[] =>
  addresses
    .flatMap((one) => (one.group ? one.group.map(({ address }) => address) : [one.address]))
    .map((address) => address.toLowerCase());

function momentOf(date: string | undefined): Date | null {
  const at = date === undefined ? null : new Date(date);
  return at === null || Number.isNaN(at.getTime()) ? null : at;
}
