import { inflateSync } from 'node:zlib';

/**
 * The text of a PDF that pdfkit wrote, line by line as it was drawn: streams are inflated, and glyphs read back by the fonts' ToUnicode maps.
 * No reader of any PDF. Throws where it is none.
 */
export function pdfText(bytes: Uint8Array): string {
  const raw = Buffer.from(bytes).toString('latin1');
  if (!raw.startsWith('%PDF-')) throw new Error('not a PDF');
  const objects = new Map<string, string>();
  for (const [, id, body] of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) objects.set(id!, body!);
  const streamOf = (body: string): string => {
    const found = /stream\n([\s\S]*)\nendstream/.exec(body);
    if (!found) return '';
    const data = Buffer.from(found[1]!, 'latin1');
    return (body.includes('/FlateDecode') ? inflateSync(data) : data).toString('latin1');
  };
  const fonts = new Map<string, ReadonlyMap<number, string>>();
  for (const body of objects.values()) {
    for (const [, name, id] of body.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id!) ?? '')?.[1];
      if (map) fonts.set(name!, unicodeOf(streamOf(objects.get(map)!)));
    }
  }
  const lines: string[] = [];
  for (const body of objects.values()) {
    const drawn = streamOf(body);
    if (!drawn.includes('BT')) continue;
    for (const [block] of drawn.matchAll(/BT[\s\S]*?ET/g)) {
      const glyphs = fonts.get(/\/(F\d+) /.exec(block)?.[1] ?? '');
      if (!glyphs) continue;
      const shown = [...block.matchAll(/\[([^\]]*)\] TJ/g)].map(([, parts]) =>
        [...parts!.matchAll(/<([0-9a-f]+)>/gi)]
          .flatMap(([, hex]) => hex!.match(/.{4}/g) ?? [])
          .map((code) => glyphs.get(Number.parseInt(code, 16)) ?? '')
          .join(''),
      );
      lines.push(shown.join(''));
    }
  }
  return lines.join(' ').replace(/\s+/g, ' ');
}

/** What pdfkit writes: ranges of glyphs from a first one on, with the text of each. */
function unicodeOf(cmap: string): ReadonlyMap<number, string> {
  const map = new Map<number, string>();
  for (const [, first, , list] of cmap.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi)) {
    let glyph = Number.parseInt(first!, 16);
    for (const [, hex] of list!.matchAll(/<([0-9a-f ]*)>/gi)) {
      const units = (hex!.match(/[0-9a-f]{4}/gi) ?? []).map((unit) => Number.parseInt(unit, 16));
      map.set(glyph++, String.fromCharCode(...units));
    }
  }
  return map;
}
