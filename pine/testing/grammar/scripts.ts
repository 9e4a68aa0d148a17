import { generate } from '../../generate.ts';
import { pineVersions } from '../../settings.ts';
import { scriptKinds } from '../../shared-parameters.ts';
import { templates } from '../../templates/index.ts';
import { awkward } from '../market.ts';

/** What a Pine grammar that is not ours has to read, by file name: every template, kind and version, with a name and tickers that are awkward. */
export function scriptsToParse(): ReadonlyMap<string, string> {
  const watchlist = Object.keys(awkward).join(',');
  const parameters = { strategyName: 'say "hi" \\ there' };
  return new Map(
    templates.flatMap(({ key }) =>
      scriptKinds.flatMap((kind) =>
        pineVersions.map((version) => {
          const made = generate({ watchlist, template: key, version, kind, timeframe: '5', parameters });
          if ('problems' in made) throw new Error(made.problems.join(' '));
          const { file, source } = made.scripts[0]!;
          return [file, source] as const;
        }),
      ),
    ),
  );
}
