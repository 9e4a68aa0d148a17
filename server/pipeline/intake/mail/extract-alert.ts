import type { MailRefusal, MailRules } from '../../../core/model/mail.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import { textOfHtml } from './html-text.ts';
import { jsonObjectsIn } from './json-in-text.ts';

/** What a mail says in its two forms. */
export interface MailTexts {
  readonly text: string | null;
  readonly html: string | null;
}

/** No alert is longer, by whatever way it comes. */
const maxAlertChars = 64 * 1024;
/** Far more than alerts are written in; what a mail has beyond is not searched. */
const maxChars = 256 * 1024;
const maxTries = 100;
const maxBlocks = 40;

/**
 * Finds the alert in a mail: what was typed as the alert's message, without what TradingView writes around it. With markers it is what stands
 * between them, and nothing else. Without, it is the first of these that can be read as an alert: a JSON object in the plain text, the plain text as
 * a whole, one or several of its paragraphs; then the same in the HTML. Where none can be read the best guess is answered, so that its author is
 * told what is wrong with it.
 *
 * @param reads whether a text can be read as an alert of the source
 */
export function extractAlert(
  mail: MailTexts,
  rules: Pick<MailRules, 'after' | 'before'>,
  reads: (text: string) => boolean,
): Result<string, MailRefusal> {
  const texts = [mail.text, mail.html === null ? null : textOfHtml(mail.html.slice(0, maxChars))]
    .filter((text) => text !== null)
    .map((text) => between(plain(text.slice(0, maxChars)), rules))
    .filter((text) => text !== null && text !== '') as string[];
  let tries = 0;
  const usable = (text: string): boolean => text.length <= maxAlertChars && tries++ < maxTries && reads(text);
  for (const text of texts) {
    const objects = jsonObjectsIn(text).flatMap((found) => variants(found).find(usable) ?? []);
    const different = new Set(objects.map(collapsed));
    if (different.size > 1) return err('MAIL_AMBIGUOUS');
    if (objects.length > 0) return ok(objects[0]!);
    const found = [text, ...runsOfBlocks(text)].find(usable);
    if (found !== undefined) return ok(found);
  }
  const guess = texts.flatMap((text) => jsonObjectsIn(text))[0] ?? texts[0];
  return guess === undefined ? err('MAIL_EMPTY') : ok(guess);
}

/** Line ends as one character, no byte order mark, and spaces that do not break as spaces: none of it is the alert's. */
function plain(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\ufeff\u200b\u00ad]/g, '')
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .trim();
}

/** Null: a marker is not there. */
function between(text: string, { after, before }: Pick<MailRules, 'after' | 'before'>): string | null {
  const from = after === null ? 0 : text.indexOf(after);
  if (from === -1) return null;
  const start = from + (after?.length ?? 0);
  const until = before === null ? text.length : text.indexOf(before, start);
  return until === -1 ? null : text.slice(start, until).trim();
}

/** A JSON object as it stands, and as it was before a mailer broke its lines: JSON has none within a text. */
const variants = (text: string): string[] =>
  text.includes('\n') ? [text, text.replace(/\n/g, ' '), text.replace(/\n/g, '')] : [text];

/** The paragraphs of a text, then its lines, alone and in runs: longer runs first, so that an alert of several lines stays whole. */
function runsOfBlocks(text: string): string[] {
  const runs: string[] = [];
  for (const [pattern, glue] of [
    [/\n\s*\n/, '\n\n'],
    [/\n/, '\n'],
  ] as const) {
    const blocks = text.split(pattern, maxBlocks);
    if (blocks.length < 2) continue;
    for (let size = blocks.length - 1; size > 0; size--)
      for (let at = 0; at + size <= blocks.length; at++) {
        runs.push(
          blocks
            .slice(at, at + size)
            .join(glue)
            .trim(),
        );
        if (runs.length > maxTries * 2) return runs;
      }
  }
  return runs;
}

const collapsed = (text: string): string => text.replace(/\s+/g, ' ');
