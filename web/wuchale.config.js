// What of the dashboard's sources is text for people: taken out while it is built, into web/src/locales, where it is translated.
import { adapter as svelte } from '@wuchale/svelte';
import { defineConfig, pofile } from 'wuchale';
import { parseScript, adapter as script, Transformer } from 'wuchale/adapter-vanilla';
import { isText } from './text-for-people.js';

const storage = pofile({ dir: 'src/locales' });

const same = { wrapInit: (expression) => expression, wrapUse: (expression) => expression };
/** The words are there before the first module asks for them (see the loader), so that a constant may hold some as well as a function. */
const runtime = {
  initReactive: ({ funcName }) => (funcName == null ? false : null),
  useReactive: false,
  reactive: same,
  plain: same,
};

/** As the library's own for scripts, which knows texts within functions alone. */
class ScriptWords extends Transformer {
  transform = () => {
    const [program, comments] = parseScript(this.content);
    this.comments = comments;
    const texts = this.visit(program);
    const start = this.getRealBodyStart(program.body) ?? 0;
    if (texts.length > 0) this.mstr.appendRight(start, this.initRuntime());
    return this.finalize(texts, start);
  };
}

export default defineConfig({
  locales: ['en', 'vi'],
  localesDir: 'src/locales',
  logLevel: 'warn',
  adapters: {
    main: svelte({
      files: 'src/**/*.svelte',
      storage,
      heuristic: isText,
      loader: 'custom',
      runtime,
    }),
    scripts: {
      ...script({
        files: {
          include: 'src/**/*.ts',
          // Which language it is cannot be said in its own words yet, and a worker has no page.
          ignore: [
            '**/*.d.ts',
            '**/*.test.ts',
            'src/service-worker.ts',
            'src/lib/worker/**',
            'src/lib/state/language.ts',
          ],
        },
        storage,
        loader: 'custom',
      }),
      runtime,
      transform: ({ content, filename, index, expr, matchUrl }) =>
        new ScriptWords(content, filename, index, isText, [], expr, runtime, matchUrl).transform(),
    },
  },
});
