import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SignalOptions, UsageProblem } from './options.ts';
import { fromHere } from './secrets.ts';

/** The address that alerts go to, and how it may be shown. */
export interface Target {
  readonly url: string;
  /** Without its secret. */
  readonly shown: string;
}

/** Finds the address: the one that was said, or that of the instance that runs on the data directory. Throws a `UsageProblem`. */
export function readTarget(options: SignalOptions, env: Readonly<Record<string, string | undefined>>): Target {
  const { origin, source, secret } = partsOf(options.url ?? instanceUrl(env.DATA_DIR));
  if (options.source !== null && options.source !== source && options.urlSecret === null)
    throw new UsageProblem(
      `--source ${options.source} needs its --url-secret: a secret is shown once, when it is made.`,
    );
  const asked = options.route ?? (options.dialect === 'traders-post' && options.side !== null ? 'traders-post' : null);
  const ofOurs = options.url === null || options.route !== null;
  const path = asked === 'traders-post' ? 'trading/webhook' : 'hooks';
  const said = options.url !== null && !ofOurs && asked === null;
  const name = encodeURIComponent(options.source ?? source);
  const token = encodeURIComponent(options.urlSecret ?? secret);
  const prefix = said ? pathOf(options.url!) : path;
  return { url: `${origin}/${prefix}/${name}/${token}`, shown: `${origin}/${prefix}/${name}/…` };
}

const shape = /^(https?:\/\/[^/?#]+(?:\/[^?#]*?)?)\/(hooks|trading\/webhook)\/([^/?#]+)\/([^/?#]+)\/?$/;

const pathOf = (url: string): string => shape.exec(url)![2]!;

function partsOf(url: string): { origin: string; source: string; secret: string } {
  const [, origin, , source, secret] = shape.exec(url) ?? [];
  if (!origin || !source || !secret)
    throw new UsageProblem('The address of a webhook looks like http://127.0.0.1:8080/hooks/tradingview/SECRET.');
  return { origin, source: decodeURIComponent(source), secret: decodeURIComponent(secret) };
}

function instanceUrl(dataDir: string | undefined): string {
  const file = join(fromHere(dataDir ?? '.data'), 'instance.json');
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { webhookUrl: string }).webhookUrl;
  } catch {
    throw new UsageProblem(`No running instance was found (${file}). Start one with npm start, or say --url.`);
  }
}
