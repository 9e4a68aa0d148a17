import { defaultStrategy, type TradeSignal } from '../../../core/model/signal.ts';
import { masked } from '../mask-secrets.ts';
import type { Draft } from './finding.ts';
import type { JsonPlace } from './json-places.ts';
import type { ReadingNotes } from './reading-notes.ts';

/** What is looked at of an alert that was understood. */
export interface Understood {
  readonly signal: TradeSignal;
  /** The text that was read, placeholders filled in. */
  readonly text: string;
  readonly notes: ReadingNotes;
  /** Of each piece of the text, what its author wrote there. */
  readonly written: (from: number, until: number) => string;
  /** Whether the text is that of TradingView's box, so that what has no placeholder is the same in each alert. */
  readonly isMessage: boolean;
  /** How long a text without an id and a time is known; null: it is not known here. */
  readonly repeatWindowSeconds: number | null;
  /** What alerts without a strategy count for; null: `default`. */
  readonly sourceStrategy: string | null;
}

const tickerNames = ['ticker', 'symbol', 'tv_instrument'];
const idNames = ['id', 'alertId', 'alertTimestamp'];
const timeNames = ['timestamp', 'time'];
const modeNames = ['tradingMode', 'mode'];

/** What is worth knowing of a signal beside what it says. */
export function signalDrafts(understood: Understood): readonly Draft[] {
  return [
    ...tickerDrafts(understood),
    ...identityDrafts(understood),
    ...modeDrafts(understood),
    ...strategyDrafts(understood),
  ];
}

const placeIn = ({ notes }: Understood, names: readonly string[]): JsonPlace | null =>
  names.flatMap((name) => (notes.names.has(name) ? notes.json.of(name) : []))[0] ?? null;
const at = (place: JsonPlace | null): Pick<Draft, 'span' | 'pointer' | 'field'> => ({
  span: place?.value ?? null,
  pointer: place?.pointer ?? null,
  field: place?.field ?? null,
});

function tickerDrafts(understood: Understood): Draft[] {
  const { signal, text } = understood;
  const place = placeIn(understood, tickerNames);
  const about = at(place);
  const { ticker } = signal;
  const written =
    place === null ? ticker : text.slice(place.value.from, place.value.until).replace(/^"|"$/g, '').trim();
  const drafts: Draft[] = [];
  const add = (code: Draft['code'], message: string, better: string | null = null): void => {
    const edits = better !== null && place !== null ? [{ ...place.value, insert: JSON.stringify(better) }] : [];
    drafts.push({ ...about, code, message, mend: better === null ? null : `Write ${better}.`, edits });
  };
  if (written.includes(':'))
    add('ticker_exchange', `${written} is traded as ${ticker}, wherever the account's broker sends it`);
  if (/^[A-Z]{1,5}[/-][A-Z]$/.test(ticker)) {
    const better = ticker.replace(/[/-]/, '.');
    add('ticker_share_class', `${ticker} is no class of shares as brokers write it`, better);
  } else if (ticker.includes('/') && !written.includes('/')) {
    add('ticker_pair', `${written} is read as the pair ${ticker}`);
  }
  if (/!$|\.P$/.test(ticker)) add('ticker_continuous', `${ticker} is a chart's name for a continuous contract`);
  return drafts;
}

function identityDrafts(understood: Understood): Draft[] {
  const { signal, repeatWindowSeconds, isMessage, written } = understood;
  if (signal.alertId !== null) {
    const place = placeIn(understood, idNames);
    if (!isMessage || place === null || written(place.value.from, place.value.until).includes('{{')) return [];
    const message = `the id ${JSON.stringify(signal.alertId)} is the same in each alert, so that only the first would count`;
    return [{ ...at(place), code: 'constant_id', message, mend: 'Write "id": "{{ticker}}-{{timenow}}".' }];
  }
  if (signal.firedAt !== null) {
    const place = placeIn(understood, timeNames);
    if (place === null || !isMessage || !/\{\{time\}\}/.test(written(place.value.from, place.value.until))) return [];
    return [
      {
        ...at(place),
        code: 'bar_time',
        message: '{{time}} is when the bar began, and not when the alert fired',
        mend: null,
      },
    ];
  }
  const window = repeatWindowSeconds === null ? 'for its window' : `for ${repeatWindowSeconds} s`;
  const message = `it has no id and no time: the same text counts once ${window}, a signal that repeats sooner is lost, and a resend that comes later counts twice`;
  return [
    {
      code: 'no_identity',
      field: null,
      message,
      mend: 'Write "id": "{{ticker}}-{{timenow}}", or "timestamp": "{{timenow}}".',
      span: null,
    },
  ];
}

function modeDrafts(understood: Understood): Draft[] {
  const { signal } = understood;
  const place = placeIn(understood, modeNames);
  if (signal.requestedMode === 'production') {
    const message =
      'it asks for production; any of the strategy, the account and the master switch that says paper sends it to paper';
    return [{ ...at(place), code: 'mode_production', message, mend: null }];
  }
  if (place !== null) return [];
  return [
    {
      code: 'mode_not_named',
      field: null,
      message: 'it names no mode, and is traded on paper',
      mend: null,
      span: null,
    },
  ];
}

function strategyDrafts({ signal, sourceStrategy }: Understood): Draft[] {
  if (signal.strategy !== defaultStrategy || sourceStrategy !== null) return [];
  const message = 'it names no strategy, and counts for default';
  return [{ code: 'strategy_not_named', field: null, message, mend: null, span: null }];
}

/** The shortest bound known for a text of Pine; TradingView's manual names none for an alert's. */
const longestMessage = 4096;

/** A text that TradingView may cut off. */
export function lengthDrafts(text: string): Draft[] {
  if (text.length <= longestMessage) return [];
  const message = `it has ${text.length} characters; ${longestMessage} is the shortest bound known`;
  return [
    { code: 'long_message', field: null, message, mend: null, span: { from: longestMessage, until: text.length } },
  ];
}

/** A secret is told by its name alone. */
export const secretMessage = (name: string): string =>
  `${name || 'a secret'} stands in the text, and is shown as ${masked}`;
