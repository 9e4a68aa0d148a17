import { Socket } from 'node:net';

/** What postgres.js hands to whoever opens its sockets. */
interface Target {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

/** How long an open connection may say nothing before it is given up. Longer than any statement may take, in milliseconds. */
export const connectionDeadMs = 12_000;
/** The longest that a statement may take; the database ends it then, so that a silence that lasts longer means something else. */
export const longestStatementMs = 10_000;
const looksInThatTime = 12;

/**
 * Opens sockets for postgres.js that notice when the other end is gone without a word: a machine without power, a firewall that forgot the
 * connection. TCP itself would wait a quarter of an hour for the answer to something sent, and every query on the connection with it. A connection
 * that has received nothing for `deadMs` is closed: what was asked on it fails and can be asked again on a new one, and one that was only
 * idle is opened again when it is needed.
 */
export function attentiveSocket(deadMs: number = connectionDeadMs): (target: Target) => Socket {
  let turn = 0;
  return ({ host, port, path }) => {
    const socket = new Socket();
    let read = 0;
    let silentLooks = 0;
    const watch = setInterval(() => {
      // Bytes written prove nothing: they only went as far as our own buffer.
      silentLooks = socket.bytesRead === read ? silentLooks + 1 : 0;
      read = socket.bytesRead;
      if (silentLooks >= looksInThatTime) socket.destroy();
    }, deadMs / looksInThatTime).unref();
    const destroy = socket._destroy.bind(socket);
    // Not by a listener: postgres.js takes all of them away when it starts TLS.
    socket._destroy = (error, done) => {
      clearInterval(watch);
      destroy(error, done);
    };
    if (path) return socket.connect(path);
    const at = turn++ % host.length;
    return socket.connect(port[at]!, host[at]!);
  };
}
