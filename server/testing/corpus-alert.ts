import { expect } from 'vitest';
import { signalFromJson, signalToJson } from '../core/model/signal.ts';
import { type CorpusAlert, stated, textOf } from '../pipeline/intake/corpus/read-corpus.ts';
import type { AlertText, Dialect } from '../pipeline/intake/dialect.ts';
import { readJson } from '../pipeline/intake/json-text.ts';
import { refusalOf } from '../pipeline/intake/problem-code.ts';
import { messageCodeOf } from '../pipeline/intake/traders-post/message-codes.ts';

/** Holds an alert of a corpus to what stands beside it; of ours as of one that was recorded. */
export function expectAlert(key: string, one: CorpusAlert, dialects: readonly Dialect[]): void {
  const dialect = dialects.find((each) => each.key === key)!;
  const text = textOf(one);
  const alert: AlertText = { text, json: readJson(text), ...(one.reading && { reading: one.reading }) };
  if (!one.fixed) expect(dialects.find((d) => d.claims(alert))?.key).toBe(key);
  const read = dialect.read(alert);
  if (read.ok) {
    expect(stated(read.value)).toEqual(one.signal);
    expect(stated(signalFromJson(signalToJson(read.value)))).toEqual(one.signal);
    return;
  }
  expect(read.error.map(({ field, code }) => `${field}: ${code}`)).toEqual(one.problems);
  expect(refusalOf(read.error)).toBe(one.code);
  if (key === 'traders-post') expect(messageCodeOf(read.error)).toBe(one.messageCode);
}
