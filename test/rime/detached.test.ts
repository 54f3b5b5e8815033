import { describe, expect, test } from 'vitest';
import { tellDetached } from '../../src/rime/detached.ts';
import { NIGHT, type Night } from '../../src/rime/night.ts';
import { claimsOfDetached } from '../../src/rime/verdict.ts';

const told = tellDetached(NIGHT);
const parentOf = (number: number) => told.parents.find((one) => one.parent === number);

const executions = told.timeline
  .filter((one) => one.tone === 'fill' || one.tone === 'over')
  .map((one) => one.what.replace('; nobody hears of it', ' (unheard)'));

describe('the night as it was', () => {
  test('the executions come in the order of the log, 680 and 681 unheard', () => {
    expect(executions).toEqual([
      'entry 679 bought 100 @ 1.31',
      'stop 680 sold 100 @ 1.25 (unheard)',
      'target 681 sold 70 @ 1.35 (unheard)',
      'entry 693 bought 100 @ 1.31',
      'stop 694 sold 100 @ 1.25',
      'entry 705 bought 100 @ 1.26',
      'target 707 sold 70 @ 1.30',
      'target 708 sold 30 @ 1.32',
      'target 695 sold 70 @ 1.35',
      'target 696 sold 30 @ 1.38',
      'stop 706 sold 100 @ 1.21',
    ]);
  });

  test('693: stop, then targets', () => {
    expect(parentOf(693)).toMatchObject({ bought: 100, sold: 200, net: -100, counted: -100 });
    expect(parentOf(693)?.sequence).toEqual(['stop 100', 'target 70', 'target 30']);
  });

  test('705: targets, then stop', () => {
    expect(parentOf(705)).toMatchObject({ bought: 100, sold: 200, net: -100, counted: -100 });
    expect(parentOf(705)?.sequence).toEqual(['target 70', 'target 30', 'stop 100']);
  });

  test('679: the log knows its entry only, and 682 is left at the broker', () => {
    expect(parentOf(679)).toMatchObject({ bought: 100, sold: 170, counted: 100 });
    expect(parentOf(679)?.legs.map((leg) => [leg.leg, leg.heardEnd, leg.brokerEnd])).toEqual([
      ['entry 679', 'Filled', 'Filled'],
      ['stop 680', null, 'Filled'],
      ['target1 681', null, 'Filled'],
      ['target2 682', null, null],
    ]);
  });

  test('the log comes to -100, the broker to -270', () => {
    expect(told.counted).toBe(-100);
    expect(told.broker).toEqual({ bought: 300, sold: 570, position: -270 });
  });

  test('706 is capped, and shrunk when it has filled already', () => {
    const about706 = told.timeline.filter((one) => /on 706/.test(one.what)).map((one) => one.what);
    expect(about706[0]).toMatch(/^2161/);
    expect(about706[1]).toMatch(/^104/);
  });

  test('the first watcher run has no end', () => {
    expect(told.watchers.map((run) => [run.key, run.epoch, run.end])).toEqual([
      ['breakout:RIME:1.3', 1, null],
      ['breakout:RIME:1.3', 2, 'stopped'],
      ['breakout:RIME:1.25', 1, 'stopped'],
    ]);
  });

  test('exits overhang from the moment they are placed', () => {
    for (const one of told.parents) expect(one.exposure.overhangMost).toBe(100);
  });
});

describe('the claim about it', () => {
  test('holds', () => {
    expect(claimsOfDetached(told).map((one) => one.holds)).toEqual([true]);
  });

  test('fails when the withdrawals are in time', () => {
    const prompt: Night = { ...NIGHT, reactionMs: 100 };
    const [claim] = claimsOfDetached(tellDetached(prompt));
    expect(claim).toMatchObject({ holds: false, found: '693 100 of 100, 705 100 of 100' });
  });
});
