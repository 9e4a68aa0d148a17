import type { Log } from '../core/ports/log.ts';

/** Says nothing. */
export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
