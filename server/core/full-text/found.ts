import type { FoundItem } from '../ports/search-queries.ts';
import { snippetsOf } from './snippets.ts';
import type { Term } from './terms.ts';

/** What is looked at of a signal, wherever it was read. */
export interface SearchedSignal {
  readonly id: string;
  readonly at: Date;
  readonly status: string;
  readonly side: string | null;
  readonly ticker: string | null;
  /** The company's, if known. */
  readonly name: string | null;
  readonly strategy: string | null;
  readonly code: string | null;
  readonly sentence: string | null;
  readonly rawBody: string;
}

/** What is looked at of an event, wherever it was read. */
export interface SearchedEvent {
  readonly id: string;
  readonly at: Date;
  readonly kind: string;
  readonly signalId: string | null;
  readonly orderId: string | null;
  readonly ticker: string | null;
  /** What it says to people, if it does. */
  readonly sentence: string | null;
  /** Every word of its data: see `wordsOfData`. */
  readonly text: string;
}

/** These come by the minute and say nothing in words; they are not looked through. */
export const ticks = ['equity.recorded', 'health.recorded'] as const;

/** The signal as an answer; null when it has not all that was asked for. */
export function foundSignal(signal: SearchedSignal, terms: readonly Term[]): FoundItem | null {
  const { id, at, status, side, ticker, name, strategy, code, sentence, rawBody } = signal;
  const snippets = snippetsOf(
    { texts: [sentence, rawBody, name], codes: [strategy, code, ticker, status], ids: [id] },
    terms,
  );
  if (snippets === null) return null;
  const does = side === 'buy' ? 'Buy' : side === 'sell' ? 'Sell' : 'Alert for';
  return {
    kind: 'signal',
    id,
    at: at.toISOString(),
    signalId: id,
    ticker,
    title: ticker === null ? 'An alert that could not be read' : `${does} ${ticker}${strategy ? `, ${strategy}` : ''}`,
    snippets,
    status,
    eventKind: null,
  };
}

/** The event as an answer; null when it has not all that was asked for. */
export function foundEvent(event: SearchedEvent, terms: readonly Term[]): FoundItem | null {
  const { id, at, kind, signalId, orderId, ticker, sentence, text } = event;
  const snippets = snippetsOf({ texts: [sentence, text], codes: [kind], ids: [id, signalId, orderId] }, terms);
  if (snippets === null) return null;
  return {
    kind: 'event',
    id,
    at: at.toISOString(),
    signalId,
    ticker,
    title: `${inWords(kind)}${ticker ? `, ${ticker}` : ''}`,
    snippets,
    status: null,
    eventKind: kind,
  };
}

/** `kill_switch.engaged` as "Kill switch engaged": kinds are in the past tense, so they read as what happened. */
function inWords(kind: string): string {
  const words = kind.replace(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const longestText = 16_000;

/** Every word that the data of an event holds, in its order. */
export function wordsOfData(data: unknown): string {
  const found: string[] = [];
  const visit = (one: unknown): void => {
    if (typeof one === 'string') found.push(one);
    else if (typeof one === 'number' || typeof one === 'boolean') found.push(String(one));
    else if (one !== null && typeof one === 'object') for (const inner of Object.values(one)) visit(inner);
  };
  visit(data);
  return found.join(' ').slice(0, longestText);
}
