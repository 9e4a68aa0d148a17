import { resolve } from 'node:path';
import { z } from 'zod';
import { type Block, readBlock } from './core/net/address.ts';

const text = z
  .string()
  .trim()
  .transform((value) => (value === '' ? undefined : value))
  .optional();
const port = z.coerce.number().int().min(0).max(65_535);
/** Addresses and blocks, with commas between them. */
const blocks = z
  .string()
  .default('')
  .transform((value, context): readonly Block[] =>
    value
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .flatMap((one) => {
        const block = readBlock(one);
        if (block !== null) return [block];
        context.addIssue({
          code: 'custom',
          message: `${one} is no address and no block of addresses, such as 10.0.0.0/8`,
        });
        return [];
      }),
  );
/** Names of hosts, of any host below one when a dot is in front, and whole origins, with commas between them. */
const hosts = z
  .string()
  .default('')
  .transform((value, context): readonly string[] =>
    value
      .split(',')
      .map((one) => one.trim().replace(/\/$/, '').toLowerCase())
      .filter((one) => one !== '')
      .map((one) => {
        if (!/^(https?:\/\/[a-z0-9.:[\]-]+|\.?[a-z0-9-]+(\.[a-z0-9-]+)+)$/.test(one))
          context.addIssue({
            code: 'custom',
            message: `${one} is no name of a host, such as push.example.com, and no origin, such as https://push.example.com:8443`,
          });
        return one;
      }),
  );
const keyPair = (name: string) => `${name}_KEY_ID and ${name}_SECRET_KEY go together: set both or neither`;

const variables = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(8080),
    DATA_DIR: z.string().default('.data'),
    /** How the world reaches this instance, behind a proxy; links and the webhook's address are made of it. */
    PUBLIC_URL: z
      .url()
      .optional()
      .or(z.literal('').transform(() => undefined)),
    /** The reverse proxies in front of us: only from them is it believed who a sender is, and what certificate it showed. */
    TRUSTED_PROXIES: blocks,
    DATABASE_URL: text,
    /** 32 bytes as base64: encrypts broker keys at rest. Without it a key is generated in the data directory. */
    SIGNALBOX_KEY: text,
    /** Where alarms that page, and approvals, are POSTed to, as JSON: a destination of notifications. May hold a secret. */
    ALARM_WEBHOOK_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .or(z.literal('').transform(() => undefined)),
    /** Push services of browsers that are written to beside the known ones: hosts, or origins such as http://127.0.0.1:9000. */
    PUSH_SERVICES: hosts,
    /** The search copy of what happened: http://user:password@host:9200. */
    OPENSEARCH_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .or(z.literal('').transform(() => undefined)),
    /** A file with the certificate of the authority that signed its certificate. */
    OPENSEARCH_CA: text,
    ALPACA_PAPER_KEY_ID: text,
    ALPACA_PAPER_SECRET_KEY: text,
    ALPACA_LIVE_KEY_ID: text,
    ALPACA_LIVE_SECRET_KEY: text,
    /** An exchange that runs elsewhere (npm run exchange) and is traded in place of the embedded one, with its keys. */
    EXCHANGE_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .or(z.literal('').transform(() => undefined)),
    EXCHANGE_KEY_ID: text,
    EXCHANGE_SECRET_KEY: text,
    EXCHANGE_PORT: port.optional(),
    /** A CSV file of what is to come (earnings, meetings), around which limits may refuse entries: symbol,from,until,what. */
    EVENT_CALENDAR: text,
    /** The address the embedded exchange listens on, and the name under which other processes reach it, if that is another. */
    EXCHANGE_HOST: z.string().default('127.0.0.1'),
    EXCHANGE_NAME: text,
    EXCHANGE_SEED: z.coerce.number().int().default(1),
    /** Quotes of each symbol per second, on average. */
    EXCHANGE_PACE: z.coerce.number().min(0).max(50).default(1),
    /** Whether the embedded exchange trades equities round the clock, or in New York's hours. */
    EXCHANGE_HOURS: z.enum(['always', 'us']).default('always'),
    /** Whether orders are filled against the size that is shown, or as Alpaca's paper venue does: any size, one in ten in part. */
    EXCHANGE_FILLS: z.enum(['displayed', 'alpaca']).default('displayed'),
    /** A CSV file of bars that the embedded exchange plays in place of its simulated market, and how many times as fast. */
    EXCHANGE_REPLAY: text,
    EXCHANGE_REPLAY_SPEED: z.coerce.number().min(0.01).max(100_000).default(1),
    /** Days for which it is kept what decisions were made on, so that they can be replayed. */
    REPLAY_KEEP_DAYS: z.coerce.number().int().min(1).max(36_500).default(400),
    /** Where a process that takes no alerts in answers /metrics, /healthz and /readyz; unset: nowhere. */
    METRICS_PORT: port.optional(),
    /** A file with the bearer token under which Prometheus may read /metrics, and nothing that takes more than a viewer. */
    METRICS_TOKEN_FILE: text,
    /** `json` writes every log line to standard output, for containers. */
    LOG_FORMAT: z.enum(['human', 'json']).default('human'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .refine((v) => Boolean(v.ALPACA_PAPER_KEY_ID) === Boolean(v.ALPACA_PAPER_SECRET_KEY), keyPair('ALPACA_PAPER'))
  .refine(
    (v) => [v.EXCHANGE_URL, v.EXCHANGE_KEY_ID, v.EXCHANGE_SECRET_KEY].filter(Boolean).length % 3 === 0,
    'EXCHANGE_URL, EXCHANGE_KEY_ID and EXCHANGE_SECRET_KEY go together: set all three or none',
  )
  .refine((v) => Boolean(v.ALPACA_LIVE_KEY_ID) === Boolean(v.ALPACA_LIVE_SECRET_KEY), keyPair('ALPACA_LIVE'));

/** A process may do all of the work, or one part of it beside others on the same database. */
export const roles = ['intake', 'worker', 'exchange'] as const;
export type ProcessRole = (typeof roles)[number];

export interface Environment {
  readonly host: string;
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly publicUrl: string | undefined;
  readonly trustedProxies: readonly Block[];
  readonly databaseUrl: string | undefined;
  readonly encryptionKey: string | undefined;
  readonly alarmWebhookUrl: string | undefined;
  readonly pushServices: readonly string[];
  readonly openSearchUrl: string | undefined;
  readonly openSearchCa: string | undefined;
  readonly alpacaPaper: { keyId: string; secretKey: string } | undefined;
  readonly alpacaLive: { keyId: string; secretKey: string } | undefined;
  /** An exchange that runs elsewhere; undefined: the embedded one. */
  readonly exchangeElsewhere: { url: string; keyId: string; secretKey: string } | undefined;
  readonly exchangePort: number | undefined;
  readonly exchangeHost: string;
  /** Under which other processes reach the exchange. */
  readonly exchangeName: string;
  readonly exchangeSeed: number;
  readonly exchangePace: number;
  readonly exchangeHours: 'always' | 'us';
  readonly exchangeFills: 'displayed' | 'alpaca';
  /** Absolute. */
  readonly exchangeReplay: string | undefined;
  readonly exchangeReplaySpeed: number;
  /** Absolute. */
  readonly eventCalendar: string | undefined;
  /** For how many days it is kept what decisions were made on. */
  readonly replayKeepDays: number;
  readonly metricsPort: number | undefined;
  readonly metricsTokenFile: string | undefined;
  readonly logFormat: 'human' | 'json';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly readyFile: string | undefined;
  readonly roles: ReadonlySet<ProcessRole>;
}

/** Reads the environment and the command line; throws an `Error` whose message tells a person what to change. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): Environment {
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`);
    throw new Error(`The environment has settings that cannot be used:\n${lines.join('\n')}\nNothing was started.`);
  }
  const v = parsed.data;
  const flags = readFlags(argv);
  return {
    host: v.HOST,
    port: v.PORT,
    dataDir: resolve(v.DATA_DIR),
    publicUrl: v.PUBLIC_URL?.replace(/\/$/, ''),
    trustedProxies: v.TRUSTED_PROXIES,
    databaseUrl: v.DATABASE_URL,
    encryptionKey: v.SIGNALBOX_KEY,
    alarmWebhookUrl: v.ALARM_WEBHOOK_URL,
    pushServices: v.PUSH_SERVICES,
    openSearchUrl: v.OPENSEARCH_URL,
    openSearchCa: v.OPENSEARCH_CA,
    alpacaPaper: pair(v.ALPACA_PAPER_KEY_ID, v.ALPACA_PAPER_SECRET_KEY),
    alpacaLive: pair(v.ALPACA_LIVE_KEY_ID, v.ALPACA_LIVE_SECRET_KEY),
    exchangeElsewhere:
      v.EXCHANGE_URL === undefined
        ? undefined
        : {
            url: v.EXCHANGE_URL.replace(/\/$/, ''),
            keyId: v.EXCHANGE_KEY_ID!,
            secretKey: v.EXCHANGE_SECRET_KEY!,
          },
    exchangePort: v.EXCHANGE_PORT,
    exchangeHost: v.EXCHANGE_HOST,
    exchangeName: v.EXCHANGE_NAME ?? v.EXCHANGE_HOST,
    exchangeSeed: v.EXCHANGE_SEED,
    exchangePace: v.EXCHANGE_PACE,
    exchangeHours: v.EXCHANGE_HOURS,
    exchangeFills: v.EXCHANGE_FILLS,
    exchangeReplay: v.EXCHANGE_REPLAY === undefined ? undefined : resolve(v.EXCHANGE_REPLAY),
    exchangeReplaySpeed: v.EXCHANGE_REPLAY_SPEED,
    eventCalendar: v.EVENT_CALENDAR === undefined ? undefined : resolve(v.EVENT_CALENDAR),
    replayKeepDays: v.REPLAY_KEEP_DAYS,
    metricsPort: v.METRICS_PORT,
    metricsTokenFile: v.METRICS_TOKEN_FILE,
    logFormat: v.LOG_FORMAT,
    logLevel: v.LOG_LEVEL,
    readyFile: flags.readyFile === undefined ? undefined : resolve(flags.readyFile),
    roles: flags.roles,
  };
}

const pair = (keyId: string | undefined, secretKey: string | undefined) =>
  keyId !== undefined && secretKey !== undefined ? { keyId, secretKey } : undefined;

function readFlags(argv: readonly string[]): { readyFile: string | undefined; roles: ReadonlySet<ProcessRole> } {
  let readyFile: string | undefined;
  let chosen: readonly ProcessRole[] = roles;
  for (let i = 0; i < argv.length; i++) {
    const [flag, inline] = argv[i]!.split(/=(.*)/s);
    const value = inline ?? argv[++i];
    if (flag !== '--ready-file' && flag !== '--role') {
      throw new Error(
        `Unknown option ${flag}. Known: --ready-file FILE, --role intake|worker|exchange|all, or several with commas. Nothing was started.`,
      );
    }
    if (value === undefined || value === '') throw new Error(`${flag} needs a value. Nothing was started.`);
    if (flag === '--ready-file') readyFile = value;
    else if (value !== 'all') {
      chosen = value.split(',').map((word) => {
        const role = roles.find((known) => known === word);
        if (!role) throw new Error(`--role ${word} is unknown: intake, worker, exchange or all. Nothing was started.`);
        return role;
      });
    }
  }
  return { readyFile, roles: new Set(chosen) };
}
