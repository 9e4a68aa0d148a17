// A check that finds nothing proves nothing until it is seen to find each kind of damage: so the same file is damaged in every way that
// import, the opening of a dashboard or a search would stumble over.
import { describe, expect, it } from 'vitest';
import { checkSavedObjects } from './check.ts';
import { changePanel, damaged, fields, file, ofType, withId } from './testing/damage.ts';

const lines = file.trimEnd().split('\n');

describe('the check finds', () => {
  it.each<[string, string, RegExp]>([
    // 1. What import refuses.
    ['a line that is not JSON', `${lines[0]!.slice(1)}\n${lines.slice(1).join('\n')}`, /line 1 is not JSON/],
    ['an object twice', `${lines[0]}\n${file}`, /index-pattern:\S+ is there twice/],
    [
      'an unknown type',
      damaged(ofType('search'), (one) => Object.assign(one, { type: 'lens' })),
      /type lens is not known/,
    ],
    ['an object without an id', damaged(ofType('search'), (one) => Object.assign(one, { id: '' })), /search has no id/],
    [
      'no attributes',
      damaged(ofType('search'), (one) => Object.assign(one, { attributes: null })),
      /has no attributes/,
    ],
    [
      'no references',
      damaged(ofType('search'), (one) => Object.assign(one, { references: undefined })),
      /no list of ref/,
    ],
    [
      'a migration that is not known yet',
      damaged(ofType('visualization'), (one) => {
        one.migrationVersion = { visualization: '7.11.0' };
      }),
      /migrationVersion 7\.11\.0, newer/,
    ],
    [
      'a migration of another type',
      damaged(ofType('visualization'), (one) => {
        one.migrationVersion = { dashboard: '7.9.3' };
      }),
      /a migrationVersion for dashboard/,
    ],
    ['a count that is 0', `${lines.slice(0, -1).join('\n')}\n{"exportedCount":0}\n`, /exportedCount is 0/],
    ['a lost line', lines.filter((_, i) => i !== lines.length - 2).join('\n'), /last line counts \d+ objects/],

    // 2. References both ways, and the grid.
    [
      'a panel that leads nowhere',
      damaged(ofType('dashboard'), (one) => {
        one.references = one.references.slice(1);
      }),
      /names the reference panel_0, which it does not have/,
    ],
    [
      'a reference that nothing uses',
      damaged(ofType('dashboard'), (one) => {
        one.references = [...one.references, { ...one.references[0]!, name: 'panel_99' }];
      }),
      /the reference panel_99, which nothing uses/,
    ],
    [
      'a reference to what is not there',
      damaged(withId('signals-by-industry'), (one) => {
        one.references = [{ ...one.references[0]!, id: 'gone' }];
      }),
      /refers to index-pattern:gone/,
    ],
    [
      'a reference of the wrong type',
      damaged(withId('signals-by-industry'), (one) => {
        one.references = [{ ...one.references[0]!, type: 'dashboard', id: 'signalbox-signal-volume' }];
      }),
      /leads to a dashboard/,
    ],
    [
      'a reference twice',
      damaged(withId('signals-by-industry'), (one) => {
        one.references = [...one.references, one.references[0]!];
      }),
      /has the reference kibanaSavedObjectMeta\S+ twice/,
    ],
    [
      'a control without its index pattern',
      damaged(withId('approvals-filters'), (one) => {
        one.references = one.references.slice(0, 2);
      }),
      /control_2_index_pattern, which it does not have/,
    ],
    [
      'what no dashboard shows',
      damaged(withId('approvals'), (one) => Object.assign(one, { id: 'x', references: [] })),
      /is used by nothing/,
    ],
    [
      'a panel outside the grid',
      changePanel(1, (one) => {
        one.gridData = { ...one.gridData, x: 40 };
      }),
      /not within the grid/,
    ],
    [
      'a panel without a size',
      changePanel(1, (one) => {
        one.gridData = { ...one.gridData, h: 0 };
      }),
      /not within the grid/,
    ],
    [
      'a panel over another',
      changePanel(2, (one) => {
        one.gridData = { ...one.gridData, y: 0 };
      }),
      /lies over panel/,
    ],
    [
      'a panel and its place named differently',
      changePanel(1, (one) => {
        one.gridData = { ...one.gridData, i: '9' };
      }),
      /has 9 as its place/,
    ],
    [
      'two panels of one name',
      changePanel(1, (one) => {
        one.panelIndex = '1';
        one.gridData = { ...one.gridData, i: '1' };
      }),
      /is there twice/,
    ],
    [
      'panels that are not JSON',
      damaged(ofType('dashboard'), (one) => {
        one.attributes.panelsJSON = '[';
      }),
      /no panelsJSON/,
    ],

    // 3. Attributes, by the strict mapping of Dashboards' index.
    [
      'an attribute that is in no mapping',
      damaged(ofType('dashboard'), (one) => {
        one.attributes.controlsJSON = '{}';
      }),
      /controlsJSON is in no mapping/,
    ],
    [
      'an inner attribute that is in no mapping',
      damaged(ofType('dashboard'), (one) => {
        one.attributes.refreshInterval = { every: 3 };
      }),
      /refreshInterval\.every is in no mapping/,
    ],
    [
      'an attribute of the wrong type',
      damaged(ofType('dashboard'), (one) => {
        one.attributes.hits = 'none';
      }),
      /hits is not of the type integer/,
    ],
    [
      'no title',
      damaged(withId('signals-by-industry'), (one) => {
        one.attributes.title = '';
      }),
      /has no title/,
    ],
    [
      'a visState that is not JSON',
      damaged(withId('signals-by-industry'), (one) => {
        one.attributes.visState = '{';
      }),
      /visState is not whole/,
    ],
    [
      'a search source that is not JSON',
      damaged(withId('signals-by-industry'), (one) => {
        one.attributes.kibanaSavedObjectMeta = { searchSourceJSON: '{' };
      }),
      /search source is not JSON/,
    ],
  ])('%s', (_, text, sentence) => {
    expect(text).not.toBe(file);
    expect(checkSavedObjects(text, fields).join('\n')).toMatch(sentence);
  });
});
