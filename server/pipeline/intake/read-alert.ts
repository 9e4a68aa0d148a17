import { defaultStrategy, type FieldProblem, type TradeSignal } from '../../core/model/signal.ts';
import type { SourceReading } from '../../core/model/source-reading.ts';
import { err, type Result } from '../../core/result.ts';
import type { AlertText, Dialect } from './dialect.ts';
import type { FieldWatch } from './field-reader.ts';
import { type JsonWatch, readJson } from './json-text.ts';
import type { BodyText } from './read-body.ts';

/** How the alerts of a source are to be read, where it says so. */
export interface AskedReading {
  /** The key of the one dialect it speaks; null: the shape of the body tells. */
  readonly dialect: string | null;
  readonly reading: SourceReading | null;
}

/** What an alert's body was understood to say, and in which dialect. */
export interface ReadAlert {
  readonly alert: AlertText;
  readonly dialect: Dialect;
  readonly read: Result<TradeSignal, readonly FieldProblem[]>;
}

export const byShape: AskedReading = { dialect: null, reading: null };

/** Is told how an alert is read, by whoever wants to explain it; absent wherever alerts are taken in. */
export interface ReadingWatch {
  readonly json: JsonWatch;
  readonly fields: FieldWatch;
}

/** Reads a body. Throws where no dialect reads it, which would be a defect: the native one claims whatever is left. */
export function readAlert(
  body: BodyText,
  dialects: readonly Dialect[],
  asked: AskedReading = byShape,
  watch?: ReadingWatch,
): ReadAlert {
  const plain = { text: body.text, json: readJson(body.text, watch?.json), ...(watch && { watch: watch.fields }) };
  const alert: AlertText = asked.reading ? { ...plain, reading: asked.reading } : plain;
  const { dialect: key } = asked;
  const dialect = dialects.find((one) => (key === null ? one.claims(alert) : one.key === key));
  if (dialect === undefined)
    throw new Error(key === null ? 'no dialect claims the alert, and there is no native one' : `no dialect "${key}"`);
  if (body.problem !== null) return { alert, dialect, read: err([body.problem]) };
  return { alert, dialect, read: dialect.read(alert) };
}

/** Alerts of other receivers name no strategy: there it is the webhook that they are sent to. */
export const withStrategy = (signal: TradeSignal, strategy: string | null): TradeSignal =>
  strategy !== null && signal.strategy === defaultStrategy ? { ...signal, strategy } : signal;
