import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Log } from '../../core/ports/log.ts';

const rotateAtBytes = 20 * 1024 * 1024;

// Named once here, so that no call site has to remember it. Values of these keys never reach a log.
const redact = {
  paths: [
    'token',
    'secret',
    'secretKey',
    'password',
    'authorization',
    'cookie',
    'apiToken',
    'webhookToken',
    'body',
    'url',
  ].flatMap((key) => [key, `*.${key}`]),
  censor: '[hidden]',
};

/**
 * `json` writes each line to standard output, for containers. `human` writes JSON lines to `<dataDir>/signalbox.log` (rotated at
 * start beyond 20 MiB) and warnings and errors as one plain line to standard error. Lines are written at once: the last one before an end is
 * the one that is wanted.
 */
export function createLog(options: { format: 'human' | 'json'; level: string; dataDir: string }): Log {
  const settings = { level: options.level, redact, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  if (options.format === 'json') {
    const logger = pino(settings, pino.destination({ dest: 1, sync: true }));
    return adapt(logger);
  }
  mkdirSync(options.dataDir, { recursive: true });
  const file = join(options.dataDir, 'signalbox.log');
  if (existsSync(file) && statSync(file).size > rotateAtBytes) renameSync(file, `${file}.1`);
  const destination = pino.destination({ dest: file, sync: true, mode: 0o600 });
  const inner = adapt(pino(settings, destination));
  const alarm = (mark: string, fields: object, message: string) =>
    process.stderr.write(`  ${mark} ${message}${reasonOf(fields)}\n`);
  return {
    ...inner,
    warn(fields, message) {
      inner.warn(fields, message);
      alarm('!', fields, message);
    },
    error(fields, message) {
      inner.error(fields, message);
      alarm('!!', fields, message);
    },
  };
}

function adapt(logger: pino.Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

function reasonOf(fields: object): string {
  const error = (fields as { err?: unknown; error?: unknown }).err ?? (fields as { error?: unknown }).error;
  if (error instanceof Error) return `: ${error.message.split('\n')[0]}`;
  return typeof error === 'string' ? `: ${error}` : '';
}
