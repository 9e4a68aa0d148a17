import { parse } from 'yaml';
import { z } from 'zod';

/** As YAML has it after `$` was put in: numbers would be read as octal or as floats by somebody, so texts only. */
const words = z.array(z.string()).min(1);
const unit = z.string().regex(/^[1-9]\d*[mg]$/, 'expected a size like 512m or 2g');
const time = z.string().regex(/^[1-9]\d*(ms|s|m)$/, 'expected a time like 10s');
const named = z.string().regex(/^[a-z][a-z0-9_-]*$/);

const healthcheck = z.strictObject({
  test: z
    .array(z.string())
    .min(2)
    .refine((test) => test[0] === 'CMD' || test[0] === 'CMD-SHELL', 'expected CMD or CMD-SHELL first'),
  interval: time,
  timeout: time,
  retries: z.int().min(1),
  start_period: time.optional(),
});

const service = z.strictObject({
  profiles: z.array(z.enum(['core', 'search', 'observability'])).min(1),
  build: z.string().optional(),
  image: z.string(),
  init: z.boolean().optional(),
  entrypoint: words.optional(),
  command: words.optional(),
  restart: z.enum(['unless-stopped', 'always', 'no']),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z
    .record(
      named,
      z.strictObject({
        condition: z.enum(['service_healthy', 'service_completed_successfully']),
        required: z.literal(true).optional(),
      }),
    )
    .default({}),
  networks: z.array(named).min(1),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  secrets: z.array(named).default([]),
  configs: z.array(named).default([]),
  healthcheck: healthcheck.optional(),
  security_opt: z.array(z.string()).default([]),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  tmpfs: z.array(z.string().startsWith('/')).default([]),
  ulimits: z.strictObject({ nofile: z.strictObject({ soft: z.int(), hard: z.int() }) }).optional(),
  shm_size: unit.optional(),
  mem_limit: unit,
  stop_grace_period: time.optional(),
  logging: z.strictObject({
    driver: z.literal('json-file'),
    options: z.strictObject({ 'max-size': z.string(), 'max-file': z.string() }),
  }),
});

const shape = z
  .object({
    name: named,
    services: z.record(named, service),
    networks: z.record(named, z.strictObject({ internal: z.boolean().optional() })).default({}),
    volumes: z.record(named, z.strictObject({})).default({}),
    secrets: z.record(named, z.strictObject({ file: z.string() })).default({}),
    configs: z.record(named, z.strictObject({ file: z.string() })).default({}),
  })
  // Extensions are merged into what they serve, and are looked at there.
  .catchall(z.never())
  .describe('docker-compose.yml, as far as this repository uses it');

export type Compose = z.infer<typeof shape>;
export type Service = z.infer<typeof service>;

/** Reads a compose file. Throws the sentences of what is wrong with it, one a line: a key that we do not use is wrong too. */
export function readCompose(text: string): Compose {
  // Twice the same key in a mapping is an error of the parser's.
  const document: unknown = parse(text, { merge: true });
  const known =
    typeof document === 'object' && document !== null
      ? Object.fromEntries(Object.entries(document).filter(([key]) => !key.startsWith('x-')))
      : document;
  const read = shape.safeParse(known);
  if (read.success) return read.data;
  throw new Error(read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}

/** One that runs to its end, and not on. */
export const isOneShot = (one: Service): boolean => one.restart === 'no';

export interface Port {
  readonly address: string | null;
  readonly host: number;
  readonly container: number;
}

/** `127.0.0.1:8080:8080`; null when it is anything else, ranges and short forms too. */
export function readPort(text: string): Port | null {
  const match = /^(?:(\d+\.\d+\.\d+\.\d+):)?(\d+):(\d+)$/.exec(text);
  return match && { address: match[1] ?? null, host: Number(match[2]), container: Number(match[3]) };
}

export interface Mount {
  /** A path from the root, or the name of a volume. */
  readonly source: string;
  readonly isVolume: boolean;
  readonly target: string;
  readonly readOnly: boolean;
}

/** `./deploy/x:/etc/x:ro` or `data:/data`; null when it is anything else. */
export function readMount(text: string): Mount | null {
  const match = /^(\.\/[^:]+|[a-z][a-z0-9_-]*):(\/[^:]+)(:ro)?$/.exec(text);
  if (!match) return null;
  const source = match[1]!;
  return { source, isVolume: !source.startsWith('./'), target: match[2]!, readOnly: match[3] !== undefined };
}
