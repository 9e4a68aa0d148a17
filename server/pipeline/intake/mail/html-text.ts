/** What ends a line where it begins or ends. */
const blocks =
  'address|article|aside|blockquote|br|dd|div|dl|dt|footer|form|h[1-6]|header|hr|li|main|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul';
const unseen = /<!--[\s\S]*?(?:-->|$)|<(head|script|style|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;
const tag = /<(\/?)([a-z][a-z0-9]*)(?:[^>"']|"[^"]*"|'[^']*')*>|<![^>]*>/gi;
const isBlock = new RegExp(`^(?:${blocks})$`, 'i');
/** The mark of an end of a block while the white space of the source still has to be told from it. */
const end = '\u0001';

/**
 * The text of a mail's HTML as its author typed it: a line for each block, entities resolved once, and white space as a browser shows it (runs are
 * one space, except in `pre`, which mails of alerts do not use). Not for showing: nothing is made safe here.
 */
export function textOfHtml(html: string): string {
  return html
    .replaceAll(end, ' ')
    .replace(unseen, '')
    .replace(tag, (_, __, name: string | undefined) => (name && isBlock.test(name) ? end : ''))
    .replace(/[ \t\r\n\f]+/g, ' ')
    .split(end)
    .map((line) => entitiesResolved(line).trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Entities that mailers write for what alerts are made of; JSON, prices and tickers need no others. */
const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', colon: ':', comma: ',', period: '.' },
  ...{ lbrace: '{', lcub: '{', rbrace: '}', rcub: '}', lbrack: '[', lsqb: '[', rbrack: ']', rsqb: ']' },
  ...{ lpar: '(', rpar: ')', num: '#', dollar: '$', percnt: '%', plus: '+', equals: '=', excl: '!', semi: ';' },
  ...{ sol: '/', bsol: '\\', lowbar: '_', ast: '*', commat: '@', verbar: '|', vert: '|', grave: '`', tab: '\t' },
  ...{ newline: '\n', hyphen: '-', ndash: '–', mdash: '—', hellip: '…', shy: '\u00ad', zwnj: '\u200c', zwj: '\u200d' },
};

/** One pass: `&amp;quot;` is the text `&quot;`. */
function entitiesResolved(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,10}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[(name as string).toLowerCase()] ?? whole;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
