/** What is said of the deeds is true: every one is there, and every example can be read. */
import { describe, expect, test } from 'vitest';
import { deedList, deedText } from '../../src/gateway/deed-table.ts';
import { deedSchema, readDeed } from '../../src/gateway/deeds.ts';
import { readScenario } from '../../src/gateway/scenario.ts';
import { interlock } from './command.ts';
import { openDesk } from './desk.ts';

const names = deedSchema.options.map((one) => one.shape.do.value);

describe('the list of deeds', () => {
  test.each(names)('has %s with all its fields, and an example that is one', (name) => {
    const explained = deedList().find((one) => one.do === name);
    const schema = deedSchema.options.find((one) => one.shape.do.value === name);
    const fields = Object.keys(explained?.fields ?? {}).map((field) => field.replace('?', ''));
    expect(['do', ...fields]).toEqual(Object.keys(schema?.shape ?? {}));
    expect(readDeed(explained?.example)).toMatchObject({ ok: true });
  });

  test('marks what may be left out, and says what may stand there', () => {
    expect(deedList().find((one) => one.do === 'price')?.fields).toEqual({
      symbol: 'a text that is not empty',
      price: 'a number above 0',
      'size?': 'a number above 0',
    });
  });

  test('is the answer to {"do":"help"}', () => {
    expect(openDesk().does({ do: 'help' })).toEqual({ ok: true, deeds: deedList() });
  });

  test('is printed by --deeds, in lines of a terminal, with examples that a scenario can have', async () => {
    const { code, stdout, stderr } = await interlock('gateway', '--deeds');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: deedText(), stderr: '' });
    const lines = stdout.split('\n');
    for (const line of lines.filter((one) => !one.startsWith('    {')))
      expect(line.length, line).toBeLessThanOrEqual(100);
    const examples = lines.filter((one) => one.startsWith('    {"do"'));
    expect(examples).toHaveLength(names.length);
    const timely = examples.filter((one) => !one.includes('"after"'));
    expect(readScenario(timely.join('\n'))).toMatchObject({ ok: true });
  });
});
