import { decode, encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import type { Clock } from '../../core/ports/clock.ts';
import { type Awkwardness, delayOf } from './awkwardness.ts';
import type { StreamName, Subject } from './fault.ts';

interface StreamParts {
  readonly awkward: Awkwardness;
  readonly clock: Clock;
  readonly stream: StreamName;
  /** Every name of the account whose key id this is. */
  readonly accountsOf: (keyId: string) => readonly string[];
}

type Frame = string | Uint8Array;
type Options = { binary?: boolean };
interface Event {
  readonly subject: Subject;
  readonly frame: Frame;
}

/**
 * Puts the faults of streams between the venue and one of its sockets: whatever is sent over `socket` from now on passes here first. What
 * answers a client (authorization, subscriptions) is always sent: only events are lost, late, doubled or out of order.
 */
export function makeAwkward(socket: WebSocket, { awkward, clock, stream, accountsOf }: StreamParts): void {
  const sendNow = socket.send.bind(socket) as (frame: Frame, options: Options) => void;
  let accounts: readonly string[] = [];
  /** What is late, in its order, and all that is behind it. */
  const waiting: { readonly frame: Frame; readonly dueMs: number }[] = [];
  /** Events that are held back until so many others were sent. */
  let held: { event: Event; left: number; timer: { cancel(): void } | null }[] = [];
  let options: Options = {};

  const put = (frame: Frame): void => {
    if (socket.readyState === socket.OPEN) sendNow(frame, options);
  };
  const flush = (): void => {
    const now = clock.monotonicMs();
    while (waiting[0] && waiting[0].dueMs <= now) put(waiting.shift()!.frame);
    if (waiting[0]) clock.after(waiting[0].dueMs - now, flush);
  };
  const send = (frame: Frame, delayMs = 0): void => {
    const now = clock.monotonicMs();
    const dueMs = Math.max(now + delayMs, waiting.at(-1)?.dueMs ?? 0);
    // One that is due at once waits all the same while others do, however late their timer is.
    if (waiting.length === 0 && dueMs <= now) {
      put(frame);
      return;
    }
    waiting.push({ frame, dueMs });
    if (waiting.length === 1) clock.after(dueMs - now, flush);
  };
  const release = (entry: (typeof held)[number]): void => {
    if (!held.includes(entry)) return;
    held = held.filter((other) => other !== entry);
    entry.timer?.cancel();
    send(entry.event.frame);
  };
  const overtake = (): void => {
    for (const entry of [...held]) {
      entry.left--;
      if (entry.left <= 0) release(entry);
    }
  };
  const tell = (event: Event): void => {
    const { subject } = event;
    if (awkward.strike('stream_drop', subject).length > 0) {
      drop(socket);
      return;
    }
    if (awkward.strike('stream_gap', subject).length > 0) return;
    const copies = awkward
      .strike('stream_duplicate', subject)
      .reduce((sum, { fault }) => sum + Number(fault.parameters.copies), 1);
    const [late] = awkward.strike('stream_reorder', subject);
    if (late) {
      const { window, delayMs } = late.fault.parameters;
      const entry: (typeof held)[number] = { event, left: Number(window), timer: null };
      entry.timer = clock.after(Number(delayMs), () => release(entry));
      held.push(entry);
      return;
    }
    const delayMs = awkward.strike('stream_delay', subject).reduce((sum, struck) => sum + delayOf(struck), 0);
    for (let i = 0; i < copies; i++) send(event.frame, delayMs);
    overtake();
  };

  socket.on('message', (raw: Buffer) => {
    const keyId = keyIdOf(read(raw)?.value);
    if (keyId !== null) accounts = accountsOf(keyId);
  });
  socket.on('close', () => {
    for (const { timer } of held) timer?.cancel();
    held = [];
  });
  socket.send = ((frame: Frame, given: Options = {}): void => {
    options = given;
    const busy = held.length > 0 || waiting.length > 0;
    if (awkward.calm && !busy) {
      sendNow(frame, given);
      return;
    }
    const events = eventsOf(frame, stream, accounts);
    if (events === null) send(frame);
    else for (const event of events) tell(event);
  }) as WebSocket['send'];
}

/** A real reset (RST): nobody says goodbye when a line breaks. */
function drop(socket: WebSocket): void {
  const { _socket: line } = socket as unknown as { _socket?: { resetAndDestroy?: () => void } };
  line?.resetAndDestroy?.();
  socket.terminate();
}

/** The message in a frame, and how to write such a one again. */
function read(frame: Frame): { value: unknown; write: (value: unknown) => Frame } | null {
  try {
    const text = typeof frame === 'string' ? frame : Buffer.from(frame).toString('utf8');
    const write = (value: unknown): Frame =>
      typeof frame === 'string' ? JSON.stringify(value) : Buffer.from(JSON.stringify(value));
    return { value: JSON.parse(text), write };
  } catch {
    try {
      return { value: decode(frame as Uint8Array), write: (value) => encode(value) };
    } catch {
      return null;
    }
  }
}

interface Told {
  readonly stream?: string;
  readonly data?: { readonly event?: string; readonly order?: { readonly symbol?: string } };
}

/** The events in a frame, each in one of its own; null when the frame is an answer to the client. */
function eventsOf(frame: Frame, stream: StreamName, accounts: readonly string[]): Event[] | null {
  const message = read(frame);
  if (!message) return null;
  if (Array.isArray(message.value)) {
    const told = message.value as { T?: string; S?: string }[];
    if (told.some(({ T }) => T === undefined || T === 'success' || T === 'error' || T === 'subscription')) return null;
    return told.map((one) => ({
      subject: { stream, accounts, event: one.T!, symbols: one.S ? [one.S] : [] },
      frame: message.write([one]),
    }));
  }
  const { stream: name, data } = (message.value ?? {}) as Told;
  if (name !== 'trade_updates' || !data) return null;
  const symbol = data.order?.symbol;
  return [
    {
      subject: { stream, accounts, ...(data.event ? { event: data.event } : {}), symbols: symbol ? [symbol] : [] },
      frame,
    },
  ];
}

/** The key id of a message that authenticates, in either form. */
function keyIdOf(value: unknown): string | null {
  const message = (value ?? {}) as { action?: string; key?: unknown; data?: { key_id?: unknown } };
  if (message.action !== 'authenticate' && message.action !== 'auth') return null;
  const keyId = message.data?.key_id ?? message.key;
  return typeof keyId === 'string' ? keyId : null;
}
