import type { FieldProblem, TradeSignal } from '../../core/model/signal.ts';
import { err, type Result } from '../../core/result.ts';
import type { AlertText, Dialect } from './dialect.ts';
import { readJson } from './json-text.ts';
import type { BodyText } from './read-body.ts';

/** What an alert's body was understood to say, by the dialect that claims it. */
export interface ReadAlert {
  readonly alert: AlertText;
  readonly read: Result<TradeSignal, readonly FieldProblem[]>;
}

/** Reads a body. Throws where no dialect claims it, which would be a defect: the native one claims whatever is left. */
export function readAlert(body: BodyText, dialects: readonly Dialect[]): ReadAlert {
  const alert = { text: body.text, json: readJson(body.text) };
  if (body.problem !== null) return { alert, read: err([body.problem]) };
  const dialect = dialects.find((one) => one.claims(alert));
  if (dialect === undefined) throw new Error('no dialect claims the alert, and there is no native one');
  return { alert, read: dialect.read(alert) };
}
