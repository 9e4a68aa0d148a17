import type { FieldProblem, TradeSignal } from '../../../core/model/signal.ts';
import { err, type Result } from '../../../core/result.ts';
import type { AlertText, Dialect } from '../dialect.ts';
import { JsonObject } from '../json-text.ts';
import { problemWith, quoted, wholeBody } from '../problem-code.ts';
import { dialect as native } from './native.ts';
import { compileTemplates, type Template } from './template/compile.ts';
import { matchTemplate } from './template/match.ts';
import { actionOf } from './template/words.ts';

/**
 * Any other text, by templates that are kept with its source: `{action} {ticker} at {price}`, one a line, the first that fits. What is taken are
 * fields of the native payload, and held to its rules; without a size the strategy's settings have it.
 */
export const dialect: Dialect = {
  key: 'template',
  claims: ({ text, reading }) => templatesOf(reading?.template).some((one) => matchTemplate(one, text).ok),
  read: ({ text, reading }: AlertText) => readByTemplate(text, templatesOf(reading?.template)),
  identity: {
    says: 'The text within the window, or for ever where `{id}` is taken from it, or `{time}`.',
  },
};

const compiled = new Map<string, readonly Template[]>();
/** Sources there are, with room for those that change. */
const maxCompiled = 500;

/** A template is compiled once. One that cannot be is none: it was refused when it was set. */
function templatesOf(source: string | null | undefined): readonly Template[] {
  if (!source) return [];
  const known = compiled.get(source);
  if (known) return known;
  const result = compileTemplates(source);
  const templates = result.ok ? result.value : [];
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(source, templates);
  return templates;
}

/** What templates take from a text, read as a signal; else which text they looked for and did not find. */
export function readByTemplate(
  text: string,
  templates: readonly Template[],
): Result<TradeSignal, readonly FieldProblem[]> {
  if (templates.length === 0) {
    return err([
      problemWith(wholeBody, 'malformed_text', 'expected a template with the source, which says how its text is read'),
    ]);
  }
  const faults: FieldProblem[] = [];
  for (const template of templates) {
    const match = matchTemplate(template, text);
    if (match.ok) return readValues(match.value);
    const { expected, after } = match.error;
    const where = after === '' ? 'at the beginning' : `after ${quoted(after)}`;
    const sentence = `expected text like ${quoted(template.source)}: ${quoted(expected)} was looked for ${where}`;
    faults.push(problemWith(wholeBody, 'malformed_text', sentence));
  }
  return err(faults);
}

const sizes = ['quantity', 'riskAmount', 'targetPosition'];

function readValues(values: ReadonlyMap<string, string>): Result<TradeSignal, readonly FieldProblem[]> {
  const fields = new Map(values);
  const action = fields.get('signal');
  if (action !== undefined) fields.set('signal', actionOf(action));
  if (!sizes.some((name) => fields.get(name))) fields.set('sizing', 'strategy');
  return native.read({ text: '', json: { ok: true, value: new JsonObject(fields, []) } });
}
