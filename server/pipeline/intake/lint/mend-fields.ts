import type { FieldProblem } from '../../../core/model/signal.ts';
import { actionOf } from '../dialects/template/words.ts';
import type { LintCode } from './codes.ts';
import type { FieldPlace } from './field-place.ts';
import type { Draft } from './finding.ts';
import type { JsonPlace } from './json-places.ts';
import { nearestName } from './nearest-name.ts';
import type { Edit } from './placed-text.ts';

/** A problem of intake's as a finding, with the mend that its value suggests. */
export function problemDraft(problem: FieldProblem, text: string, place: FieldPlace | null): Draft {
  const { field, code, message } = problem;
  const draft = {
    ...{ code: code as LintCode, field, message },
    ...{ span: place?.span ?? null, pointer: place?.pointer ?? null },
  };
  const better = place && suggestion(problem, text.slice(place.span.from, place.span.until));
  if (!better || !place) return { ...draft, mend: requiredMend(problem) };
  const edits: readonly Edit[] = better.write === null ? [] : [{ ...place.span, insert: better.write }];
  return { ...draft, mend: better.says, edits };
}

interface Suggestion {
  readonly says: string;
  /** What takes the place of the value, as it is written; null: nobody can be sure. */
  readonly write: string | null;
}

function suggestion({ code, message, field }: FieldProblem, written: string): Suggestion | null {
  const value = bareText(written);
  const write = (better: string): Suggestion => ({
    says: `Write ${requoted(written, better)}.`,
    write: requoted(written, better),
  });
  switch (code) {
    case 'unknown_value': {
      if (message.startsWith('expected a ticker')) {
        const ticker = mendedTicker(value);
        return ticker === null ? null : write(ticker);
      }
      const word = nearestWord(value, message, field);
      return word === null ? null : write(word);
    }
    case 'not_a_number': {
      if (/^(?:NaN|na|none|null|undefined)$/i.test(value)) {
        return { says: 'Send null, or leave the field out: there was no number on that bar.', write: 'null' };
      }
      const number = mendedNumber(value, field);
      if (number !== null) return write(number);
      return value.endsWith('%') ? { says: 'Write a number: a percentage has a field of its own.', write: null } : null;
    }
    default:
      return null;
  }
}

const bareText = (written: string): string => {
  if (!written.startsWith('"')) return written.trim();
  try {
    return String(JSON.parse(written)).trim();
  } catch {
    return written;
  }
};
const requoted = (written: string, better: string): string =>
  written.startsWith('"') ? JSON.stringify(better) : better;

/** Words that other receivers have for what is meant here. */
const otherWords: Readonly<Record<string, string>> = {
  live: 'Production',
  real: 'Production',
  prod: 'Production',
  demo: 'Paper',
  sim: 'Paper',
  test: 'Paper',
};

/** The word that was probably meant, of those that a problem names: `expected one of buy, sell, found "by"`. */
function nearestWord(value: string, message: string, field: string): string | null {
  const listed = /^expected (?:one of )?(.+?), found /.exec(message)?.[1];
  if (listed === undefined || listed.length > 400) return null;
  const words = listed.split(/, | or /).filter((word) => /^[\w-]+$/.test(word));
  if (words.length < 2) return null;
  const known = (word: string): string | null => words.find((one) => one.toLowerCase() === word.toLowerCase()) ?? null;
  const other = Object.hasOwn(otherWords, value.toLowerCase()) ? otherWords[value.toLowerCase()]! : '';
  // `signal`'s actions have words that people write for them; the side of an order has not.
  return (
    known(other) ??
    (field === 'signal' || field === 'action' ? known(actionOf(value)) : null) ??
    nearestName(value, words)
  );
}

/** A ticker without what web pages and chats put around it; null: it is no ticker even then. */
export function mendedTicker(value: string): string | null {
  const plain = value.replaceAll(/&amp;/gi, '&').replace(/^[$#]/, '').trim();
  return plain !== value && /^[A-Za-z0-9][A-Za-z0-9.\-/!_&:]*$/.test(plain) ? plain : null;
}

const units = /\s*(?:[$€£]|usd[tc]?|eur|gbp|chf|shares?|contracts?|coins?)$/i;

/**
 * A number without its currency, its unit and its thousands; null where it could be another number as well: a percentage is one only in a
 * field of percentages.
 */
export function mendedNumber(value: string, field: string): string | null {
  const bare = /percent|pct/i.test(field) ? value.replace(/\s*%$/, '') : value;
  const plain = bare.replace(/^[$€£]\s*/, '').replace(units, '');
  const joined = /^-?\d{1,3}(?:[,_ ]\d{3})+(?:\.\d+)?$/.test(plain) ? plain.replace(/[,_ ]/g, '') : plain;
  return joined !== value && /^-?\d+(?:\.\d+)?$/.test(joined) ? joined : null;
}

const required: Readonly<Record<string, string>> = {
  signal: 'Write "signal": "BUY", or SELL, EXIT, FLATTEN, REVERSE, ADD, BREAKEVEN, CANCEL.',
  ticker: 'Write "ticker": "{{ticker}}".',
  symbol: 'Write "symbol": "{{ticker}}".',
  tv_instrument: 'Write "tv_instrument": "{{ticker}}".',
  riskAmount: 'Write "riskAmount": 100 for the money that the stop may cost, "quantity": 10, or "sizing": "strategy".',
  action: 'Write "action": "{{strategy.order.action}}", or "buy", "sell", "exit".',
  quantity: 'Write "quantity": 10.',
};
const requiredMend = ({ code, field }: FieldProblem): string | null =>
  code === 'required' && Object.hasOwn(required, field) ? required[field]! : null;

/** The edit that takes a field out of an object, with its comma. */
export function removal(text: string, place: JsonPlace): Edit {
  const { from } = place.key;
  let before = from - 1;
  while (before >= 0 && /\s/.test(text[before]!)) before--;
  if (text[before] === ',') return { from: before, until: place.value.until, insert: '' };
  let until = place.value.until;
  while (until < text.length && /\s/.test(text[until]!)) until++;
  return { from, until: text[until] === ',' ? until + 1 : place.value.until, insert: '' };
}
