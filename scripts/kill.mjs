// npm run kill -- --all --reason "bad data"     stops trading: by the API of the instance that runs on this data directory, or by the file
// KILL in it, which the server obeys as soon as it reads it. Nothing here has trading go on: a person who is signed in does that.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const usage = `npm run kill -- --all | --account NAME | --strategy KEY | --symbol TICKER  [--flatten] --reason "WHY"
npm run kill -- --list
  Stops new entries and cancels resting ones; --flatten also closes what is held. Several targets may be named.
  It is lifted in the dashboard, by an administrator.`;

function fail(message) {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
}

const targets = [];
let flatten = false;
let list = false;
let reason = '';
const args = process.argv.slice(2);
for (let i = 0; i < args.length; i++) {
  const value = () => {
    const next = args[++i];
    return next === undefined || next.startsWith('--') ? fail(`${args[i - 1]} needs a value.`) : next;
  };
  switch (args[i]) {
    case '--all':
      targets.push({ scope: 'all' });
      break;
    case '--account':
    case '--strategy':
      targets.push({ scope: args[i].slice(2), key: value() });
      break;
    case '--symbol':
      targets.push({ scope: 'symbol', key: value().toUpperCase() });
      break;
    case '--flatten':
      flatten = true;
      break;
    case '--reason':
      reason = value()
        .replace(/\p{Cc}+/gu, ' ')
        .trim();
      break;
    case '--list':
      list = true;
      break;
    default:
      fail(`Unknown option ${args[i]}.`);
  }
}
if (!list && targets.length === 0) fail('Say what is to be stopped.');
if (!list && reason.length < 3) fail('Say why, with --reason.');

const dataDir = resolve(process.env.DATA_DIR ?? '.data');
const file = join(dataDir, 'KILL');
const named = ({ scope, key }) => (scope === 'all' ? 'everything' : scope === 'symbol' ? key : `${scope} ${key}`);

/** The instance's answer; null: nobody answered. Exits when it refuses. */
async function ask(method, body) {
  let instance;
  try {
    instance = JSON.parse(readFileSync(join(dataDir, 'instance.json'), 'utf8'));
  } catch {
    return null;
  }
  try {
    const response = await fetch(`${instance.apiUrl}/kill-switch`, {
      method,
      headers: { authorization: `Bearer ${instance.apiToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(3000),
    });
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return answer;
    // It answers, and there is nothing that the file could mend.
    if (response.status === 400) {
      console.error(`Refused: ${answer?.detail ?? 'the request has values that cannot be used.'}`);
      process.exit(1);
    }
    return null;
  } catch {
    return null;
  }
}

const course = (one) =>
  [
    `stopped in ${Math.round(one.stoppedMs)} ms`,
    one.cancelledMs === null
      ? 'resting entries are being cancelled'
      : `${one.cancelled} cancelled in ${one.cancelledMs} ms`,
    ...(one.flatten ? [one.flatMs === null ? 'what is held is being closed' : `flat in ${one.flatMs} ms`] : []),
  ].join(', ');

if (list) {
  const answer = await ask('GET');
  if (answer) {
    if (answer.engaged.length === 0) console.log('Nothing is stopped.');
    for (const one of answer.engaged)
      console.log(`${one.name}: by ${one.by}, ${one.at}, "${one.reason}"; ${course(one)}.`);
  } else {
    console.error(`No running instance answered (${dataDir}), so it is not known what is stopped.`);
    try {
      console.error(
        `The file ${file} says:\n${readFileSync(file, 'utf8') || '(nothing: everything is to be stopped)'}`,
      );
    } catch {
      console.error(`There is no file ${file}.`);
    }
    process.exitCode = 1;
  }
} else {
  const unheard = [];
  for (const target of targets) {
    const one = await ask('POST', { ...target, reason, flatten, via: 'command' });
    if (one) console.log(`Stopped by the server: ${one.name}. ${course(one)}.`);
    else unheard.push(target);
  }
  if (unheard.length > 0) {
    writeKillFile(unheard);
    console.log(
      `The server did not answer: wrote ${file} for ${unheard.map(named).join(', ')}. It is obeyed as soon as a server reads it: at once by one that ` +
        'runs and only fails to answer, and before the first order at the next start. Removing the file does not have trading go on.',
    );
  }
}

/** Adds to what the file says already, and puts it in place whole. */
function writeKillFile(more) {
  let before = null;
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // There is none.
  }
  // One that names nothing stops everything, and must go on to.
  const names = /^\s*(flatten\s+)?(all|account|strategy|symbol)\b/im;
  const kept = before === null ? [] : [...before.trim().split('\n'), ...(names.test(before) ? [] : ['all'])];
  const lines = more.map(
    ({ scope, key }) => `${flatten ? 'flatten ' : ''}${scope === 'all' ? 'all' : `${scope} ${key}`}`,
  );
  const text = `${[...kept.filter((line) => line.trim() !== ''), `# ${reason}`, ...lines].join('\n')}\n`;
  const next = `${file}.${process.pid}`;
  try {
    writeFileSync(next, text, { mode: 0o600 });
    renameSync(next, file);
  } catch (error) {
    console.error(`Nothing was stopped: neither did the server answer nor can ${file} be written (${error.code}).`);
    process.exit(1);
  }
}
