import { readJson } from '../json-text.ts';

/** What stands in the place of a secret in everything that is kept. */
export const hidden = '***';
/** A secret that is shorter could stand somewhere else by chance, and is guessed too soon. */
export const leastSecretLength = 8;

/** What a body says in the field of its secret, and the body without it. */
export interface BodySecret {
  /** Null: the field is not there, or more than once. */
  readonly secret: string | null;
  readonly text: string;
}

interface Span {
  readonly from: number;
  readonly until: number;
  readonly value: string;
  /** What takes its place. */
  readonly instead: string;
}

/**
 * Finds a field in a body of any kind: a field of a JSON object (of its own, not of one within), `field=value` or `field: value` in lines
 * and lists, or the value at a place of a list with commas, for a field that is a number (1: the first). In JSON that is broken it is what is
 * written like the field, so that an author's mistake elsewhere is told to the author and not taken for a forgery.
 */
export function takeBodySecret(text: string, field: string): BodySecret {
  const spans = spansOf(text, field);
  let kept = text;
  for (const { from, until, instead } of spans.toReversed()) kept = kept.slice(0, from) + instead + kept.slice(until);
  // Whoever writes it twice has it hidden twice.
  for (const { value } of spans) if (value.length >= leastSecretLength) kept = kept.replaceAll(value, hidden);
  return { secret: spans.length === 1 ? spans[0]!.value : null, text: kept };
}

function spansOf(text: string, field: string): readonly Span[] {
  if (/^\s*[{[]/.test(text)) return readJson(text).ok ? ownFields(text, field) : written(text, field);
  return /^[1-9]\d?$/.test(field) ? placed(text, Number(field)) : paired(text, field);
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/gy;
const space = /\s*/y;

/** The values of a field of the outermost object; the text is JSON. */
function ownFields(text: string, field: string): readonly Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let key: string | null = null;
  let awaitsKey = false;
  let at = 0;
  while (at < text.length) {
    space.lastIndex = at;
    space.test(text);
    token.lastIndex = space.lastIndex;
    const word = token.exec(text)?.[0];
    if (word === undefined) break;
    const from = token.lastIndex - word.length;
    at = token.lastIndex;
    if (word === '{' || word === '[') {
      depth++;
      awaitsKey = depth === 1 && word === '{';
    } else if (word === '}' || word === ']') depth--;
    else if (depth !== 1) continue;
    else if (word === ',') awaitsKey = true;
    else if (word === ':') continue;
    else if (awaitsKey) {
      key = JSON.parse(word) as string;
      awaitsKey = false;
    } else if (key === field) {
      const value = word.startsWith('"') ? (JSON.parse(word) as string) : word;
      spans.push({ from, until: at, value, instead: `"${hidden}"` });
    }
  }
  return spans;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function written(text: string, field: string): readonly Span[] {
  const pattern = new RegExp(`"${escaped(field)}"\\s*:\\s*"((?:[^"\\\\\\n]|\\\\.)*)"`, 'dg');
  return found(text, pattern);
}

function paired(text: string, field: string): readonly Span[] {
  return found(text, new RegExp(`(?:^|[\\s,;|&])${escaped(field)}\\s*[=:]\\s*"?([^\\s,;|&"]+)`, 'dg'));
}

const found = (text: string, pattern: RegExp): readonly Span[] =>
  [...text.matchAll(pattern)].map((match) => {
    const [from, until] = match.indices![1]!;
    return { from, until, value: match[1]!, instead: hidden };
  });

function placed(text: string, place: number): readonly Span[] {
  const parts = text.split(',');
  const part = parts[place - 1];
  if (part === undefined || part.trim() === '') return [];
  const start = parts.slice(0, place - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const from = start + part.length - part.trimStart().length;
  return [{ from, until: from + part.trim().length, value: part.trim(), instead: hidden }];
}
