import { signalToJson } from '../../../core/model/signal.ts';
import type { SourceReading } from '../../../core/model/source-reading.ts';
import type { Recording } from '../../../core/ports/recordings.ts';
import { type CorpusAlert, stated } from '../corpus/read-corpus.ts';
import type { Dialect } from '../dialect.ts';
import { refusalOf } from '../problem-code.ts';
import { readAlert } from '../read-alert.ts';
import { type BodyText, readBody } from '../read-body.ts';
import { messageCodeOf } from '../traders-post/message-codes.ts';

/** How the source of a recording reads its alerts. */
export interface ReadAs {
  /** Null: each by its shape. */
  readonly dialect: string | null;
  readonly reading: SourceReading | null;
}

/** What the reader makes of a recording now. */
export interface Verdict {
  readonly dialect: string;
  /** Whether the shape alone would not have said so. */
  readonly fixed: boolean;
  readonly body: BodyText;
  readonly signal: Readonly<Record<string, unknown>> | null;
  readonly problems: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  /** The refusal's code; null: it is a signal. */
  readonly code: string | null;
  /** A fixture for the folder of its dialect; null: it is no text, and a corpus is text. */
  readonly fixture: CorpusAlert | null;
}

/** Reads a recording as its address and its source say now. Stores and sends nothing. */
export function verdictOf(
  recording: Recording & { readonly sourceName: string },
  as: ReadAs,
  dialects: readonly Dialect[],
): Verdict {
  const body = readBody(recording.body);
  const asked = { dialect: recording.dialect ?? as.dialect, reading: as.reading };
  const { alert, dialect, read } = readAlert(body, dialects, asked);
  const fixed = dialects.find((one) => one.claims(alert))?.key !== dialect.key;
  const said = read.ok
    ? { signal: stated(read.value) }
    : {
        problems: read.error.map(({ field, code }) => `${field}: ${code}`),
        code: refusalOf(read.error),
        ...(dialect.key === 'traders-post' && { messageCode: messageCodeOf(read.error) }),
      };
  const fixture: CorpusAlert = {
    name: `Recorded from ${recording.sourceName}, ${recording.receivedAt.toISOString()} (${recording.id.slice(-6)})`,
    text: body.text,
    ...(as.reading !== null && { reading: as.reading }),
    ...said,
    ...(fixed && { fixed }),
  };
  return {
    dialect: dialect.key,
    fixed,
    body,
    signal: read.ok ? { ...signalToJson(read.value) } : null,
    problems: read.ok ? [] : read.error,
    code: read.ok ? null : refusalOf(read.error),
    fixture: body.problem === null ? fixture : null,
  };
}
