/** What ends a line where it begins or ends. */
const blocks = new Set(
  'address article aside blockquote br dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);
/** What is in these is for the program that shows the mail. */
const unseen = new Set(['head', 'script', 'style', 'title']);
/** The mark of an end of a block while the white space of the source still has to be told from it. */
const end = '\u0001';

/**
 * The text of a mail's HTML as its author typed it: a line for each block, entities resolved once, and white space as a browser shows it (runs are
 * one space, except in `pre`, which mails of alerts do not use). Not for showing: nothing is made safe here. Takes time in proportion to its length.
 */
export function textOfHtml(html: string): string {
  return withoutTags(html.replaceAll(end, ' '))
    .replace(/[ \t\r\n\f]+/g, ' ')
    .split(end)
    .map((line) => entitiesResolved(line).trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Written out and not as one expression: a mail that is made for it would keep that busy for minutes. */
function withoutTags(html: string): string {
  const lower = html.toLowerCase();
  const kept: string[] = [];
  // Once a quote is never closed, quotes are looked at no more: else each tag would be searched to the end.
  const quotes = { broken: false };
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) break;
    kept.push(html.slice(at, open));
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open + 4);
      if (close === -1) return kept.join('');
      at = close + 3;
      continue;
    }
    const name = /^<\/?([a-z][a-z0-9]*)|^<[!?]/.exec(lower.slice(open, open + 20));
    if (name === null) {
      kept.push('<');
      at = open + 1;
      continue;
    }
    const close = endOfTag(html, open, quotes);
    if (close === -1) return kept.join('');
    at = close + 1;
    const tag = name[1] ?? '';
    if (blocks.has(tag)) kept.push(end);
    if (unseen.has(tag) && lower[open + 1] !== '/') {
      const until = lower.indexOf(`</${tag}`, at);
      if (until === -1) return kept.join('');
      at = until;
    }
  }
  kept.push(html.slice(at));
  return kept.join('');
}

/** Where a tag is closed, quotes respected; -1: nowhere. */
function endOfTag(html: string, open: number, quotes: { broken: boolean }): number {
  if (!quotes.broken) {
    let quote: string | null = null;
    for (let at = open + 1; at < html.length; at++) {
      const letter = html[at]!;
      if (quote !== null) {
        if (letter === quote) quote = null;
      } else if (letter === '"' || letter === "'") quote = letter;
      else if (letter === '>') return at;
    }
    quotes.broken = true;
  }
  return html.indexOf('>', open);
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
    if (name !== undefined) {
      const key = (name as string).toLowerCase();
      return Object.hasOwn(named, key) ? named[key]! : whole;
    }
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
