// postgres.js 3.4.9 throws where nobody can catch it when something is written on a connection that has just been lost, and may
// never send again on one that was lost with bytes waiting (porsager/postgres, issues 1066, 1154, 1208; no release has the mend). A
// server that must outlive its database cannot wait for one: this puts the missing guards in. Remove it with the release that has them.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const version = '3.4.9';
const folder = new URL('../node_modules/postgres/', import.meta.url);
const mends = {
  'src/connection.js': [
    // What is written after the end fails like everything else on a lost connection, instead of ending the process.
    [
      '  function nextWrite(fn) {\n    const x = socket.write(chunk, fn)\n',
      "  function dropped(err) {\n    query && queryError(query, err)\n    while (sent.length) queryError(sent.shift(), err)\n  }\n\n  function nextWrite(fn) {\n    if (socket === null) {\n      chunk = nextWriteTimer = null\n      dropped(Errors.connection('CONNECTION_CLOSED', options))\n      return false\n    }\n    const x = socket.write(chunk, fn)\n",
    ],
    // A timer that was cancelled must not count as one that will run, nor may the next connection begin with what was meant for this one.
    [
      '    incomings = null\n    clearImmediate(nextWriteTimer)\n',
      '    incomings = null\n    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n',
    ],
    // What was asked after an error and before the end would wait for an answer that the next connection gets.
    [
      "    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n",
      "    ;(query || sent.length) && (hadError ? dropped : error)(Errors.connection('CONNECTION_CLOSED', options, socket))\n",
    ],
    // What the database said at the end of this connection is not the answer to what the next one asks.
    [
      '    closedTime = performance.now()\n',
      '    query = results = errorResponse = null\n    result = new Result()\n    closedTime = performance.now()\n',
    ],
    // A connection that is lost while it asks for the types of arrays: nobody waits for that answer, and its failure ended the process.
    [
      '        return fetchArrayTypes()\n',
      '        const asked = socket\n        return fetchArrayTypes().catch(() => asked.destroy())\n',
    ],
  ],
  'src/index.js': [
    // A connection that was reserved and is lost is nobody's any more: what is asked of it fails, and giving it back does not make it one that is open.
    ['    c.reserved = () => queue.length\n', '    const ours = c.reserved = () => queue.length\n'],
    ['    sql.release = () => {\n', '    sql.release = () => {\n      if (c.reserved !== ours) return\n'],
    // Nor does what waits for its turn on it ever get one.
    [
      '    c.reserved.release = true\n',
      '    c.reserved.release = true\n    c.onclose = e => {\n      while (queue.length) queue.shift().reject(e)\n    }\n',
    ],
    ['      c.reserved = null\n      onopen(c)\n', '      c.reserved = c.onclose = null\n      onopen(c)\n'],
    [
      '    function handler(q) {\n      c.queue === full\n        ? queue.push(q)\n',
      "    function handler(q) {\n      if (c.reserved !== ours) return q.reject(Errors.connection('CONNECTION_CLOSED', options))\n      c.queue === full\n        ? queue.push(q)\n",
    ],
  ],
};

/** Puts the guards in, if they are not there yet; throws when the package is another than they were written for. */
export function mendPostgres() {
  const { version: installed } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  if (installed !== version) {
    throw new Error(
      `postgres is ${installed}: see whether it still needs scripts/mend-postgres.mjs, which is for ${version}.`,
    );
  }
  for (const [name, pairs] of Object.entries(mends)) {
    const file = fileURLToPath(new URL(name, folder));
    const before = readFileSync(file, 'utf8');
    let after = before;
    for (const [broken, mended] of pairs) {
      if (after.includes(mended)) continue;
      if (!after.includes(broken)) throw new Error(`postgres ${version} is not as expected: ${file} lacks\n${broken}`);
      after = after.replace(broken, mended);
    }
    if (after === before) continue;
    // Not in place: a package manager may share the file with other folders.
    writeFileSync(`${file}.mended`, after);
    renameSync(`${file}.mended`, file);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) mendPostgres();
