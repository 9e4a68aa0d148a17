// Takes alerts in as another process: says its port, and ends when its input does.
import { systemClock } from '../adapters/clock/system-clock.ts';
import { openProofDesk } from './proof-desk.ts';

const desk = await openProofDesk(process.argv[2]!, systemClock);
process.stdout.write(`${desk.port}\n`);
process.stdin.resume().on('end', () => void desk.close().then(() => process.exit(0)));
