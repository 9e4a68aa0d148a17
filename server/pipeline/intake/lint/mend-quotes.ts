import type { JsonFault } from '../json-text.ts';
import type { Repair } from './mend-json.ts';
import type { Edit } from './placed-text.ts';

const smart = /[“”„‟″＂«»]/;
const single = /['‘’‚‛]/;
const spaces = /\s/;

/** Quotes that word processors make, single ones, those that are not escaped, and those that are never closed. */
export function repairQuotes(text: string, { offset, expected }: JsonFault): Repair | null {
  const found = text[offset] ?? '';
  const escaped = htmlQuotes(text, offset);
  if (escaped !== null) return escaped;
  if (smart.test(found)) return smartPair(text, offset);
  if (single.test(found) && (expected === 'a value' || expected.startsWith('a field name')))
    return singlePair(text, offset);
  if (expected.startsWith('the closing quote')) return unclosed(text, offset);
  if (expected.startsWith('a comma or') || expected.startsWith('a colon')) return innerQuote(text, offset);
  return null;
}

const entities: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#34;': '"',
  '&amp;': '&',
  '&#39;': "'",
  '&apos;': "'",
};
const entity = /&quot;|&#34;|&amp;|&#39;|&apos;/g;

function htmlQuotes(text: string, offset: number): Repair | null {
  if (!/^&(?:quot|#34);/.test(text.slice(offset, offset + 6))) return null;
  return {
    ...{ code: 'html_escaped', from: offset, until: offset + 5 },
    message: 'expected a quote, found &quot;: the text was copied from a web page’s source',
    mend: 'Write " in place of &quot;, and & in place of &amp;.',
    edits: [...text.matchAll(entity)].map((match) => ({
      from: match.index,
      until: match.index + match[0].length,
      insert: entities[match[0]]!,
    })),
  };
}

/** From here to the next quote of any kind. */
function smartPair(text: string, from: number): Repair {
  const edits: Edit[] = [{ from, until: from + 1, insert: '"' }];
  let end = from + 1;
  while (end < text.length && text[end] !== '"' && !smart.test(text[end]!)) end++;
  if (end < text.length && text[end] !== '"') edits.push({ from: end, until: end + 1, insert: '"' });
  return {
    ...{ code: 'smart_quotes', from, until: Math.min(end + 1, text.length), edits },
    message: `expected ", found ${text[from]}: a word processor or a chat made it`,
    mend: 'Write straight quotes: ".',
  };
}

function singlePair(text: string, from: number): Repair {
  let end = from + 1;
  // An apostrophe within a word ends nothing.
  while (end < text.length && !(single.test(text[end]!) && /[\s,:}\]]|$/.test(text[end + 1] ?? ''))) end++;
  const inner = [...text.slice(from + 1, end).matchAll(/"/g)].map(
    ({ index }): Edit => ({ from: from + 1 + index, until: from + 1 + index, insert: '\\' }),
  );
  const closing: Edit[] = end < text.length ? [{ from: end, until: end + 1, insert: '"' }] : [];
  return {
    ...{ code: 'single_quotes', from, until: Math.min(end + 1, text.length) },
    message: `expected ", found ${text[from]}: JSON knows double quotes only`,
    mend: 'Write double quotes: ".',
    edits: [{ from, until: from + 1, insert: '"' }, ...inner, ...closing],
  };
}

/** A text that a line break or the end of the alert cuts off. */
function unclosed(text: string, offset: number): Repair | null {
  const opening = openingQuote(text, offset);
  const curly = [...text.slice(opening + 1)].findIndex((character) => smart.test(character));
  if (curly >= 0) {
    const at = opening + 1 + curly;
    return {
      ...{ code: 'smart_quotes', from: at, until: at + 1, edits: [{ from: at, until: at + 1, insert: '"' }] },
      message: `expected ", found ${text[at]}: a word processor or a chat made it`,
      mend: 'Write straight quotes: ".',
    };
  }
  const line = text.slice(opening, offset);
  const rest = /[\s,}\]]*$/.exec(line)!;
  const at = opening + rest.index;
  const closes = offset >= text.length || rest[0].includes(',') || !text.slice(offset).split('\n', 2)[1]?.includes('"');
  if (closes && at > opening) {
    return {
      ...{ code: 'not_closed', from: opening, until: at, edits: [{ from: at, until: at, insert: '"' }] },
      message: 'expected a closing quote, found the end of the line',
      mend: 'Close the text with " before the comma or the bracket.',
    };
  }
  const insert = text[offset] === '\t' ? '\\t' : '\\n';
  if (!/[\n\r\t]/.test(text[offset] ?? '')) return null;
  return {
    ...{ code: 'line_break_in_text', from: offset, until: offset + 1 },
    message: 'expected the text to go on, found a line break or a tab in it',
    mend: `Write ${insert} in its place, or a space.`,
    edits: [{ from: offset, until: offset + 1, insert }],
  };
}

/** The quote that a text begins with which is still open at a place of its line. */
function openingQuote(text: string, offset: number): number {
  let at = offset - 1;
  while (at > 0 && !(text[at] === '"' && text[at - 1] !== '\\')) at--;
  return at;
}

/** `"AAPL”,"risk":1`: the text began with a straight quote, and its own end was read over. */
function mixedQuote(text: string, offset: number): Repair | null {
  const end = text.lastIndexOf('"', offset - 1);
  const begin = text.lastIndexOf('"', end - 1);
  const found = begin < 0 ? null : /[”“″＂]\s*[,:}\]]/.exec(text.slice(begin, end));
  if (found === null) return null;
  const from = begin + found.index;
  return {
    ...{ code: 'smart_quotes', from, until: from + 1, edits: [{ from, until: from + 1, insert: '"' }] },
    message: `expected ", found ${text[from]}: a word processor or a chat made it`,
    mend: 'Write straight quotes: ".',
  };
}

/** `"he said "hi" to me"`: the text ended too soon, and what goes on is a word. */
function innerQuote(text: string, offset: number): Repair | null {
  const mixed = mixedQuote(text, offset);
  if (mixed !== null) return mixed;
  let before = offset - 1;
  while (before > 0 && spaces.test(text[before]!)) before--;
  if (text[before] !== '"' || !/[\p{L}\p{N}({]/u.test(text[offset] ?? '')) return null;
  const rest = /"(?=\s*[,}\]])/.exec(text.slice(offset));
  // What is quoted further on with a colon behind it is a field of its own: then a comma is missing and no quote.
  if (
    rest === null ||
    /"\s*:/.test(text.slice(offset, offset + rest.index)) ||
    text.slice(offset, offset + rest.index).includes('\n')
  )
    return null;
  const end = offset + rest.index;
  const edits: Edit[] = [];
  for (let at = before; at < end; at++) if (text[at] === '"') edits.push({ from: at, until: at, insert: '\\' });
  return {
    ...{ code: 'unescaped_quote', from: before, until: before + 1, edits },
    message: 'expected the text to go on, found a quote that ends it',
    mend: 'Write \\" for a quote within a text.',
  };
}
