import { start } from './main/start.ts';

/** How long a stop may take before it is cut short; what is committed is safe either way. */
const patienceMs = 4500;
/** By which the launcher knows that a start will help; sysexits(3) calls it EX_SOFTWARE. */
const startAnew = 70;

let stopping = false;
const system = start(process.env, process.argv.slice(2));

async function stop(status: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(status || 1), patienceMs).unref();
  try {
    await (await system).stop();
    process.exit(status);
  } catch {
    process.exit(status || 1);
  }
}

system.catch((error: unknown) => {
  if (stopping) return;
  process.stderr.write(`\n  ${error instanceof Error ? error.message.replaceAll('\n', '\n  ') : String(error)}\n\n`);
  if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
// The launcher was killed: nobody could stop us any more.
process.on('disconnect', () => void stop(0));
// Never die silently of what nobody caught, and never go on in an unknown state: a start is crash recovery.
process.on('uncaughtException', (error) => {
  process.stderr.write(
    `  !! Something unexpected failed, and Signalbox stops to start anew from what is stored: ${error.stack}\n`,
  );
  void stop(startAnew);
});
