import { dashboardsType, type Fields, isAggregatable } from './fields.ts';
import { migrationVersions, type SavedObject } from './model.ts';

/** Money and prices; the rest is shown as it comes. */
const money =
  /^(notional|fee|price|realizedPnl|unrealizedPnl|netPnl|cash|positionValue|equity|exposure|marketValue|cost|riskAmount|filledNotional|slippageAmount|averagePrice|entryPrice|stopPrice|targetPrice|limitPrice|referencePrice)$/;
const milliseconds = /Ms$/;

const formatOf = (field: string): object | undefined => {
  if (field === 'receiptUrl') {
    // The drill-down: a document's link to its receipt in Signalbox.
    return { id: 'url', params: { type: 'a', urlTemplate: '{{rawValue}}', labelTemplate: 'Open the receipt' } };
  }
  if (field === 'exposureOfEquity' || field === 'errorRate') return { id: 'percent', params: { pattern: '0,0.0%' } };
  if (field === 'memoryBytes') return { id: 'bytes', params: { pattern: '0,0.0b' } };
  if (money.test(field)) return { id: 'number', params: { pattern: '0,0.00' } };
  if (field === 'slippageBps') return { id: 'number', params: { pattern: '0,0.0' } };
  if (milliseconds.test(field)) return { id: 'number', params: { pattern: '0,0.0' } };
  return undefined;
};

/** The fields every index has. */
const ownFields = [
  { name: '_id', type: 'string', esTypes: ['_id'], searchable: true, aggregatable: true },
  { name: '_index', type: 'string', esTypes: ['_index'], searchable: true, aggregatable: true },
  { name: '_score', type: 'number', searchable: false, aggregatable: false },
  { name: '_source', type: '_source', esTypes: ['_source'], searchable: false, aggregatable: false },
].map((one) => ({ count: 0, ...one, scripted: false, readFromDocValues: false }));

function fieldSpec([name, type]: [string, string], fields: Fields): object {
  const parent = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  const aggregatable = isAggregatable(type);
  return {
    count: 0,
    name,
    type: dashboardsType(type),
    esTypes: [type],
    scripted: false,
    searchable: true,
    aggregatable,
    readFromDocValues: aggregatable,
    ...(fields.has(parent) ? { subType: { multi: { parent } } } : {}),
  };
}

export const indexPatternId = (alias: string): string => `signalbox-${alias}`;

/**
 * An index pattern over an alias: the alias itself and not a wildcard, so that a generation that is being built beside the live one is
 * never counted. Its fields are written out, so that it works for people who may not write it, and before the first document.
 * `timed` false: documents that say how a thing is now, which a range of time must not hide.
 */
export function indexPattern(alias: string, fields: Fields, timed = true): SavedObject {
  const specs = [...ownFields, ...[...fields].map((one) => fieldSpec(one, fields))];
  const formats = [...fields.keys()].flatMap((field) => {
    const format = formatOf(field);
    return format ? [[field, format] as const] : [];
  });
  return {
    type: 'index-pattern',
    id: indexPatternId(alias),
    attributes: {
      title: alias,
      ...(timed ? { timeFieldName: '@timestamp' } : {}),
      fields: JSON.stringify(specs),
      fieldFormatMap: JSON.stringify(Object.fromEntries(formats)),
    },
    references: [],
    migrationVersion: { 'index-pattern': migrationVersions['index-pattern'] },
  };
}
