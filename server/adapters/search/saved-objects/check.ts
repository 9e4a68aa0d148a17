import { attributeMappings, wrongAttributes } from './attributes.ts';
import { wrongAggregations } from './checks/aggregations.ts';
import { wrongPanels } from './checks/grid.ts';
import { readImport } from './checks/import.ts';
import { wrongQuery } from './checks/query.ts';
import { unused, wrongReferences } from './checks/references.ts';
import { wrongVega } from './checks/vega.ts';
import { type Fields, type FieldsByAlias, isAggregatable } from './fields.ts';
import type { Control, SavedObject } from './model.ts';
import { byKey, indexPatternOf, jsonAttribute, keyOf, type ObjectsByKey, searchSourceOf, visStateOf } from './read.ts';

/**
 * What is wrong with a file of saved objects, in sentences; none when it can be imported, opened and searched with, as far as can be told
 * without OpenSearch Dashboards: what import refuses, references both ways, panels within the grid, attributes that the strict mapping
 * of Dashboards' index takes, and aggregations that the fields of our own index templates allow.
 */
export function checkSavedObjects(text: string, fields: FieldsByAlias): string[] {
  const { objects: list, problems } = readImport(text);
  const objects = byKey(list);
  for (const one of list) {
    const say = (found: readonly string[]) => problems.push(...found.map((sentence) => `${keyOf(one)}: ${sentence}`));
    say(wrongAttributes(attributeMappings[one.type], one.attributes));
    if (typeof one.attributes.title !== 'string' || one.attributes.title === '') say(['it has no title']);
    problems.push(...wrongReferences(one, objects));
    if (one.type === 'index-pattern') say(wrongIndexPattern(one, fields));
    if (one.type === 'search') say(wrongSearch(one, objects, fields));
    if (one.type === 'visualization') say(wrongVisualization(one, objects, fields));
    if (one.type === 'dashboard') {
      problems.push(...wrongPanels(one));
      if (jsonAttribute(one.attributes, 'optionsJSON') === null) say(['it has no optionsJSON']);
    }
    if (one.type !== 'index-pattern' && searchSourceOf(one) === null) say(['its search source is not JSON']);
  }
  return [...problems, ...unused(objects)];
}

function wrongIndexPattern({ attributes }: SavedObject, fields: FieldsByAlias): string[] {
  const ours = fields.get(String(attributes.title));
  if (!ours) return [`there is no alias ${attributes.title}`];
  const problems: string[] = [];
  const { timeFieldName } = attributes;
  if (timeFieldName !== undefined && ours.get(String(timeFieldName)) !== 'date')
    problems.push(`the time field ${timeFieldName} is no date`);
  const listed = jsonAttribute<{ name: string; esTypes?: string[] }[]>(attributes, 'fields');
  if (listed) {
    const own = new Map(listed.filter(({ name }) => !name.startsWith('_')).map((one) => [one.name, one.esTypes?.[0]]));
    for (const [name, type] of ours)
      if (own.get(name) !== type)
        problems.push(`the field ${name} is listed as ${own.get(name) ?? 'nothing'}, not as ${type}`);
    for (const name of own.keys()) if (!ours.has(name)) problems.push(`the field ${name} is in no mapping`);
  }
  if (attributes.fieldFormatMap !== undefined) {
    const formats = jsonAttribute<Record<string, unknown>>(attributes, 'fieldFormatMap');
    if (!formats) problems.push('the fieldFormatMap is not JSON');
    for (const name of Object.keys(formats ?? {}))
      if (!ours.has(name)) problems.push(`the format is for ${name}, which is in no mapping`);
  }
  return problems;
}

/** The fields of the documents an object looks at. */
function fieldsOf(
  object: SavedObject,
  referenceName: string | undefined,
  objects: ObjectsByKey,
  fields: FieldsByAlias,
): Fields | undefined {
  return fields.get(String(indexPatternOf(object, referenceName, objects)?.attributes.title));
}

function wrongSearch(object: SavedObject, objects: ObjectsByKey, fields: FieldsByAlias): string[] {
  const source = searchSourceOf(object);
  const ours = fieldsOf(object, source?.indexRefName, objects, fields);
  if (!ours) return ['it looks at no alias of ours'];
  const { columns, sort } = object.attributes as { columns?: string[]; sort?: [string, string][] };
  const problems = (columns ?? [])
    .filter((name) => !ours.has(name))
    .map((name) => `the column ${name} is in no mapping`);
  for (const [field, order] of sort ?? []) {
    const type = ours.get(field);
    if (type === undefined || !isAggregatable(type)) problems.push(`it cannot be sorted by ${field}`);
    if (order !== 'asc' && order !== 'desc') problems.push(`${order} is no order`);
  }
  return [...problems, ...(source?.query ? wrongQuery(source.query, ours) : [])];
}

function wrongVisualization(object: SavedObject, objects: ObjectsByKey, fields: FieldsByAlias): string[] {
  const state = visStateOf(object);
  if (!state || !Array.isArray(state.aggs) || !state.params) return ['its visState is not whole'];
  const problems: string[] = [];
  if (state.title !== object.attributes.title) problems.push('its visState has another title');
  if (jsonAttribute(object.attributes, 'uiStateJSON') === null) problems.push('it has no uiStateJSON');
  const counted = wrongAggregations(state, new Map());
  if (state.type === 'vega') return [...problems, ...counted, ...wrongVega(state.params.spec, fields)];
  if (state.type === 'input_control_vis') {
    const lists = (state.params.controls ?? []) as Control[];
    if (lists.length === 0) problems.push('it has no controls');
    for (const { fieldName, indexPatternRefName, id, type } of lists) {
      const fieldType = fieldsOf(object, indexPatternRefName, objects, fields)?.get(fieldName);
      if (fieldType === undefined) problems.push(`the control's field ${fieldName} is in no mapping`);
      else if (!isAggregatable(fieldType)) problems.push(`no values can be listed of ${fieldName}, a ${fieldType}`);
      if (!id || type !== 'list') problems.push(`the control of ${fieldName} is no list with an id`);
    }
    return [...problems, ...counted];
  }
  const source = searchSourceOf(object);
  const ours = fieldsOf(object, source?.indexRefName, objects, fields);
  if (!ours) return [...problems, 'it looks at no alias of ours'];
  return [...problems, ...wrongAggregations(state, ours), ...(source?.query ? wrongQuery(source.query, ours) : [])];
}
