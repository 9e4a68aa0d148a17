import { decode, encode } from '@msgpack/msgpack';
import { expect } from 'vitest';
import { WebSocket } from 'ws';

export type StreamMessage = Record<string, unknown>;
export type FrameKind = 'json' | 'msgpack';

/** A client of a data stream that keeps what it was told, in either kind of frames. */
export class DataStreamClient {
  readonly socket: WebSocket;
  /** As JSON would have it: times as text. */
  readonly told: StreamMessage[] = [];
  /** Whether each frame was binary. */
  readonly binary: boolean[] = [];
  closed = false;
  readonly #frames: FrameKind;

  constructor(url: string, frames: FrameKind = 'json', headers: Readonly<Record<string, string>> = {}) {
    this.#frames = frames;
    const type = frames === 'msgpack' ? { 'Content-Type': 'application/msgpack' } : undefined;
    this.socket = new WebSocket(url, { headers: { ...type, ...headers } });
    this.socket.on('message', (data: Buffer, binary: boolean) => {
      const read = frames === 'msgpack' ? decode(data) : JSON.parse(data.toString());
      this.binary.push(binary);
      this.told.push(...(JSON.parse(JSON.stringify(read)) as StreamMessage[]));
    });
    this.socket.on('close', () => {
      this.closed = true;
    });
    this.socket.on('error', () => {});
  }

  /** What was told of one type, as soon as it is asked for and again until it is as expected. */
  of(T: string): ReturnType<typeof expect.poll<StreamMessage[]>> {
    return expect.poll(() => this.told.filter((message) => message.T === T));
  }

  say(message: unknown): void {
    if (this.#frames === 'msgpack') this.socket.send(encode(message));
    else this.socket.send(JSON.stringify(message));
  }

  async authenticate(key: string, secret: string): Promise<void> {
    await this.of('success').toMatchObject([{ msg: 'connected' }]);
    this.say({ action: 'auth', key, secret });
    await this.of('success').toMatchObject([{ msg: 'connected' }, { msg: 'authenticated' }]);
  }

  /** Resolves when it was confirmed. */
  async subscribe(channels: Readonly<Record<string, readonly string[]>>, action = 'subscribe'): Promise<StreamMessage> {
    const before = this.told.filter(({ T }) => T === 'subscription').length;
    this.say({ action, ...channels });
    await this.of('subscription').toHaveLength(before + 1);
    return this.told.findLast(({ T }) => T === 'subscription')!;
  }
}
