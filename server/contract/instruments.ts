import { z } from 'zod';
import { sectorNames } from '../core/instruments/sectors.ts';
import { instrumentSources } from '../core/model/instrument.ts';
import { moment, orNull, pageOf, pageQuery, plainText } from './primitives.ts';

const described = { name: z.string(), sector: z.string(), industry: z.string() };

/** What a symbol stands for, and where it counts: limits by sector and industry go by these names. */
export const instrument = z
  .object({
    symbol: z.string().meta({ description: 'Upper case; classes after a point, coins with a slash', example: 'BRK.B' }),
    name: z.string().nullable().meta({ description: 'null: the symbol is unknown' }),
    sector: z.string().meta({ description: `One of ${sectorNames.join(', ')}` }),
    industry: z.string(),
    source: z
      .enum([...instrumentSources, 'none'])
      .meta({ description: 'import: a person’s word; none: the symbol is unknown; else the table that ships it' }),
    importedAt: moment.nullable(),
    importedBy: z.string().nullable(),
    shipped: z.object(described).nullable().meta({ description: 'What ships under what a person imported' }),
  })
  .meta({ id: 'Instrument' });
export type InstrumentJson = z.infer<typeof instrument>;

export const instrumentQuery = pageQuery.extend({
  q: plainText(100).optional().meta({ description: 'Words of symbol, name, sector or industry' }),
  sector: plainText(60).optional(),
  imported: z.enum(['true', 'false']).optional().meta({ description: 'true: only what a person imported' }),
});

/** How many instruments of a sector there are. */
export const sectorCount = z
  .object({ sector: z.string(), count: z.number().int(), imported: z.number().int() })
  .meta({ id: 'SectorCount' });
export type SectorCountJson = z.infer<typeof sectorCount>;

export const instrumentPage = pageOf(instrument).extend({
  sectors: z.array(sectorCount).meta({ description: 'Every sector that there can be, counted over the whole table' }),
});
export type InstrumentPageJson = z.infer<typeof instrumentPage>;

/** What a file of instruments does, or would do. */
export const instrumentImport = z
  .object({
    imported: z.boolean().meta({ description: 'false: this is a preview, nothing was taken over' }),
    added: z.number().int(),
    changed: z.number().int(),
    same: z.number().int(),
    changes: z
      .array(
        z.object({
          symbol: z.string(),
          kind: z.enum(['added', 'changed', 'same']),
          before: orNull(z.object(described)),
          after: z.object(described),
        }),
      )
      .meta({ description: 'In the order of the lines; at most the first 1000, those that change nothing last' }),
  })
  .meta({ id: 'InstrumentImport' });
export type InstrumentImportJson = z.infer<typeof instrumentImport>;
