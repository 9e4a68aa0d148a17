import type { z } from 'zod';
import { readEnvironment } from '../../environment.ts';
import type { Compose, Service } from './compose-shape.ts';
import type { Files, Problems } from './files.ts';
import { interpolate, type Reference, readSettings, references } from './interpolation.ts';
import { environmentOf } from './topology.ts';

const secret = /(PASSWORD|SECRET|TOKEN|KEY)/;
const isSecret = (name: string): boolean => secret.test(name) && !/_(FILE|KEY_ID)$/.test(name);
/** Compose's own. */
const ofCompose = /^COMPOSE_/;

/** Every variable of the compose file stands in `.env.example`, no secret has a value in either, and nothing in the example is for nothing. */
export function settingsProblems(composeText: string, compose: Compose, example: string): Problems {
  const problems: Problems = [];
  let settings: Map<string, string>;
  let used: Reference[];
  try {
    settings = readSettings(example);
  } catch (error) {
    return [`.env.example: ${(error as Error).message}`];
  }
  try {
    used = composeText.split('\n').flatMap((line) => references(line.replace(/(^|\s)#.*$/, '')));
  } catch (error) {
    return [`docker-compose.yml: ${(error as Error).message}`];
  }
  for (const { name, operator, words } of used) {
    if (!settings.has(name)) problems.push(`.env.example: ${name}, which docker-compose.yml asks for, is not in it`);
    if (isSecret(name) && operator === ':-' && words !== '')
      problems.push(`docker-compose.yml: ${name} has a default: a secret must have none`);
    if (operator === ':?' && words.trim() === '')
      problems.push(`docker-compose.yml: ${name} does not say what to do when it is not set`);
  }
  for (const [name, value] of settings) {
    if (!ofCompose.test(name) && !used.some((one) => one.name === name))
      problems.push(`.env.example: ${name} is used by nothing`);
    if (isSecret(name) && value !== '') problems.push(`.env.example: ${name} has a value: a secret must have none`);
  }
  for (const profile of (settings.get('COMPOSE_PROFILES') ?? '').split(','))
    if (!Object.values(compose.services).some((service) => (service.profiles as string[]).includes(profile)))
      problems.push(`.env.example: there is no profile ${profile}`);
  for (const [name, service] of Object.entries(compose.services)) problems.push(...literals(name, service));
  return [...new Set(problems)];
}

/** Secrets that are written out. */
function literals(name: string, service: Service): Problems {
  const found: Problems = [];
  const words = [...(service.command ?? []), ...(service.entrypoint ?? []), ...(service.healthcheck?.test ?? [])];
  for (const [variable, value] of Object.entries(service.environment)) {
    if (isSecret(variable) && !/^\$\{[^}]*\}$/.test(value)) found.push(`${variable} is written out`);
    words.push(value);
  }
  for (const word of words) {
    if (/:\/\/[^:@/\s]+:(?!\$\{)[^@/\s]+@/.test(word)) found.push(`an address has its password written out: ${word}`);
    if (/-u\s*["']?[^:\s"']+:(?!\$\$)[^\s"']+/.test(word)) found.push('a command has a password written out');
  }
  return found.map((sentence) => `docker-compose.yml: ${name}: ${sentence}`);
}

/** What stands for each secret while the rest is checked. */
const standIn = 'Stand-in-1-that-is-long-enough-for-everything';

/**
 * The settings a person will have: those of the example, with something in the place of what must be filled in, and with what its comments
 * offer for settings that are empty.
 */
export function filledIn(example: string): Readonly<Record<string, string>> {
  const offered = new Map(
    [...example.matchAll(/^# ?([A-Z][A-Z0-9_]*)=(.+)$/gm)].map(([, name, value]) => [name!, value!]),
  );
  const filled: Record<string, string> = {};
  for (const [name, value] of readSettings(example)) {
    if (name === 'PUBLIC_URL') filled[name] = 'https://signalbox.example.com';
    else if (isSecret(name) && !name.startsWith('ALPACA_')) filled[name] = standIn;
    else filled[name] = value === '' ? interpolate(offered.get(name) ?? '', filled) : value;
  }
  return filled;
}

/** The services that are our program: what they run is there and in the image, and it understands its environment and its command line. */
export function programProblems(compose: Compose, files: Files, settings: Readonly<Record<string, string>>): Problems {
  const problems: Problems = [];
  const dockerfile = files.read('Dockerfile') ?? '';
  const copied = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\S+) (\S+)$/gm)].map(([, from, to]) => {
    if (to !== './' && from !== to) problems.push(`Dockerfile: ${from} is copied to another place, ${to}`);
    return from!;
  });
  const roles: string[] = [];
  for (const [name, service] of Object.entries(compose.services)) {
    if (service.build === undefined) continue;
    const say = (sentence: string) => problems.push(`docker-compose.yml: ${name}: ${sentence}`);
    const [node, file = '', ...flags] = service.command ?? ['node', 'server/main.ts'];
    if (node !== 'node' || files.kind(file) !== 'file') say(`runs ${node} ${file}, which there is not`);
    else if (!copied.some((folder) => file.startsWith(`${folder}/`))) say(`runs ${file}, which the image lacks`);
    const environment = environmentOf(service, settings);
    try {
      const { roles: own } = readEnvironment(environment, flags);
      if (file === 'server/main.ts') roles.push(...own);
    } catch (error) {
      say((error as Error).message.replaceAll('\n', ' '));
    }
    const known = `${files.read('server/environment.ts') ?? ''}${files.read(file) ?? ''}`;
    for (const variable of Object.keys(environment))
      if (!new RegExp(`\\b${variable}\\b`).test(known)) say(`sets ${variable}, which nothing reads`);
  }
  const twice = roles.filter((role, at) => roles.indexOf(role) !== at);
  for (const role of twice) problems.push(`docker-compose.yml: the role ${role} is taken by two services`);
  for (const role of ['intake', 'worker', 'exchange'])
    if (!roles.includes(role)) problems.push(`docker-compose.yml: no service takes the role ${role}`);
  return problems;
}

/** What zod has to say, a sentence each. */
export const issuesOf = (file: string, error: z.ZodError): Problems =>
  error.issues.map((issue) => `${file}: ${issue.path.join('.')}: ${issue.message}`);
