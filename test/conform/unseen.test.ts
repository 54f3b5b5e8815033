import { describe, expect, test } from 'vitest';
import { pathsOf, readMatrices } from '../../src/conform/matrices.ts';
import { replay } from '../../src/conform/replay.ts';
import { reportOf } from '../../src/conform/report.ts';
import { matricesOf, scenario } from './matrix.ts';

/** Scenarios that the file of matrices does not have: none of their paths may fail. */
function failures(title: string, lines: string): readonly string[] {
  const reading = readMatrices(matricesOf(scenario('hand', title, lines)));
  if (reading.type === 'refused') return [reading.reason];
  const { paths } = reportOf(reading.matrices.scenarios.flatMap(pathsOf).map(replay));
  return paths.flatMap(({ path, reason }) => (reason === undefined ? [] : `${path}: ${reason}`));
}

const CORRECTED = `
  new X 10000
  New/New X                   10000 0 10000 0
  Trade/PartiallyFilled X     10000 1000 9000 1000         execId=C
  Trade/Filled X              10000 10000 0 9000           execId=D
  TradeCancel/PartiallyFilled X 10000 9000 1000 0          execId=E execRefId=C # bust of the 1000
  TradeCorrect/PartiallyFilled X 10000 9000 1000 9000      execId=F execRefId=D # price of the 9000
  Trade/Filled X              10000 10000 0 1000           execId=G
  TradeCorrect/Filled X       10000 10000 0 9000           execId=H execRefId=F
  replace Y<X 12000
  PendingReplace/PendingReplace Y<X 10000 10000 0 0
  Replaced/PartiallyFilled Y<X 12000 10000 2000 0
  TradeCorrect/PartiallyFilled Y 12000 10500 1500 9500     execId=K execRefId=H`;

describe('corrections and busts', () => {
  test('of a filled order, by reference', () => {
    expect(failures('Filled, corrected, reopened', CORRECTED)).toEqual([]);
  });

  test('the same file without the ids of executions', () => {
    const without = CORRECTED.replaceAll(/exec(Ref)?Id=\w/g, '');
    expect(failures('Filled, corrected, reopened', without)).toEqual([]);
    expect(failures('Filled, corrected', without.replaceAll(/#.*/g, ''))).toEqual([]);
  });

  test.each([1, 7])('a wrong cumQty (by %i) never explains a correction', (by) => {
    const lines = CORRECTED.replaceAll(/exec(Ref)?Id=\w|#.*/g, '')
      .trim()
      .split('\n');
    const believed = lines.flatMap((line, at) => {
      const wrong = line.replace(/(\w+\/\S+\s+\S+\s+\d+ )(\d+)/, (_, before, cum) => {
        return `${before}${Number(cum) + by}`;
      });
      if (wrong === line) return [];
      const found = failures('Mutated', lines.with(at, wrong).join('\n'));
      return found.some((reason) => reason.includes(`t=${at + 1},`)) ? [] : [line];
    });
    expect(believed).toEqual([]);
  });

  test('without cumQty the reference decides, or else the note', () => {
    const bought = `
      new X 10000
      New/New X 10000 0 10000 0
      Trade/PartiallyFilled X 10000 1000 9000 1000   execId=A
      Trade/PartiallyFilled X 10000 3000 7000 2000   execId=B`;
    const referred = `${bought}
      TradeCorrect/PartiallyFilled X 10000 - - 1500  execId=C execRefId=A
      TradeCorrect/PartiallyFilled X 10000 - - 500   execId=D execRefId=C
      OrderStatus/PartiallyFilled X 10000 2500 7500 -`;
    const noted = `${bought}
      TradeCancel/PartiallyFilled X 10000 - - 0 # bust of the 1,000
      OrderStatus/PartiallyFilled X 10000 2000 8000 -`;
    expect(failures('Referred', referred)).toEqual([]);
    expect(failures('Noted', noted)).toEqual([]);
  });

  test('a cancelled order stays cancelled through a bust and a late fill', () => {
    const lines = `
      new X 10000
      New/New X 10000 0 10000 0
      Trade/PartiallyFilled X 10000 5000 5000 5000
      cancel Y<X 10000
      PendingCancel/PendingCancel Y<X 10000 5000 5000 0
      Canceled/Canceled Y<X 10000 5000 0 0
      TradeCancel/Canceled X 10000 0 0 0
      Trade/Canceled X 10000 4000 0 4000`;
    expect(failures('Busted after its cancel', lines)).toEqual([]);
  });

  test('a day order that is done stays done', () => {
    const lines = `
      new X 10000
      New/New X 10000 0 10000 0
      Trade/PartiallyFilled X 10000 5000 5000 5000
      DoneForDay/DoneForDay X 10000 5000 0 0
      TradeCorrect/DoneForDay X 10000 4000 0 4000
      TradeCancel/DoneForDay X 10000 0 0 0`;
    expect(failures('Done for day, then corrected', lines)).toEqual([]);
  });

  test('every share taken back leaves a new order', () => {
    const lines = `
      new X 10000
      New/New X 10000 0 10000 0
      Trade/Filled X 10000 10000 0 10000
      TradeCancel/New X 10000 0 10000 0
      Trade/PartiallyFilled X 10000 100 9900 100
      Canceled/Canceled X 10000 100 0 0`;
    expect(failures('Filled and busted', lines)).toEqual([]);
  });
});

describe('orders of several days', () => {
  const DAY_ONE = `
    new X 10000
    New/New X 10000 0 10000 0
    Trade/PartiallyFilled X 10000 2000 8000 2000
    DoneForDay/DoneForDay X 10000 2000 8000 0`;

  test('restated next morning, then filled on, with corrections on both days', () => {
    const lines = `${DAY_ONE}
      Restated/PartiallyFilled X 10000 2000 8000 0
      Trade/PartiallyFilled X 10000 3000 7000 1000
      TradeCorrect/PartiallyFilled X 10000 2500 7500 1500 # from 2000 to 1500
      TradeCorrect/PartiallyFilled X 10000 2000 8000 500
      DoneForDay/DoneForDay X 10000 2000 8000 0`;
    expect(failures('Restated on the second day', lines)).toEqual([]);
  });

  test('a GTC order trades on without being restated, and is done for a second day', () => {
    const lines = `${DAY_ONE}
      Trade/PartiallyFilled X 10000 3000 7000 1000
      DoneForDay/DoneForDay X 10000 3000 7000 0
      cancel Y<X 10000
      | reject Y<X DoneForDay
      PendingCancel/PendingCancel Y<X 10000 3000 7000 0
      Canceled/Canceled Y<X 10000 3000 0 0`;
    expect(failures('GTC order, part-filled over two days', lines)).toEqual([]);
  });

  test('a GT order that is done for its last day expires', () => {
    const lines = `${DAY_ONE}
      Expired/Expired X 10000 2000 0 0`;
    expect(failures('GTD order expires', lines)).toEqual([]);
  });

  test('replaced on the second day, refused on two other paths', () => {
    const lines = `${DAY_ONE}
      Restated/PartiallyFilled X 10000 2000 8000 0
      replace Y<X 15000
      | reject Y<X PartiallyFilled
      PendingReplace/PendingReplace Y<X 10000 2000 8000 0
      Trade/PendingReplace X 10000 3000 7000 1000
      | reject Y<X PartiallyFilled
      Replaced/PartiallyFilled Y<X 15000 3000 12000 0`;
    expect(failures('GT order replaced', lines)).toEqual([]);
  });

  test.each([
    ['Restated/PartiallyFilled X 20000 4000 16000 0', 'Trade/Filled X 20000 20000 0 16000'],
    ['Restated/PartiallyFilled X 5000 1000 4000 0', 'Trade/Filled X 5000 5000 0 4000'],
  ])('a split restates what was executed: %s', (restated, filled) => {
    const lines = `${DAY_ONE}\n${restated}\n${filled}`;
    expect(failures('GTC order through a stock split', lines)).toEqual([]);
  });
});

describe('requests', () => {
  test('a cancel overtakes a replace that is pending', () => {
    const lines = `
      new X 100
      New/New X 100 0 100 0
      replace Y<X 200
      PendingReplace/PendingReplace Y<X 100 0 100 0
      cancel Z<X 100
      Trade/PendingReplace X 100 10 90 10
      PendingCancel/PendingCancel Z<X 100 10 90 0
      Replaced/PendingCancel Y<X 200 10 190 0
      | reject Z<X PartiallyFilled
      Canceled/Canceled Z<X 200 10 0 0`;
    expect(failures('Replace and cancel', lines)).toEqual([]);
  });

  test('a refused cancel gives the pending replace its turn again', () => {
    const lines = `
      new X 100
      New/New X 100 0 100 0
      replace Y<X 50
      PendingReplace/PendingReplace Y<X 100 0 100 0
      cancel Z<X 100
      PendingCancel/PendingCancel Z<X 100 0 100 0
      reject Z<X PendingReplace
      Replaced/New Y<X 50 0 50 0
      Trade/Filled Y 50 50 0 50`;
    expect(failures('Replace and refused cancel', lines)).toEqual([]);
  });

  test('three replaces in a chain, answered in their order', () => {
    const lines = `
      new A 100
      New/New A 100 0 100 0
      replace B<A 200
      replace C<B 300
      replace D<C 150
      PendingReplace/PendingReplace B<A 100 0 100 0
      PendingReplace/PendingReplace C<B 100 0 100 0
      Replaced/PendingReplace B<A 200 0 200 0
      reject C<B New
      PendingReplace/PendingReplace D<B 200 0 200 0
      Trade/PendingReplace B 200 160 40 160
      Replaced/Filled D<B 160 160 0 0`;
    expect(failures('Chain of three', lines)).toEqual([]);
  });

  test('a restated quantity does not answer a replace, even if it is the quantity asked', () => {
    const lines = `
      new X 100
      New/New X 100 0 100 0
      replace Y<X 200
      PendingReplace/PendingReplace Y<X 100 0 100 0
      Restated/PendingReplace X 200 0 200 0
      reject Y<X New
      Trade/PartiallyFilled X 200 100 100 100`;
    expect(failures('Restated under a replace', lines)).toEqual([]);
  });

  test('changes that only the broker wanted', () => {
    const lines = `
      new X 100
      New/New X 100 0 100 0
      PendingReplace/PendingReplace X 100 0 100 0
      Replaced/New X 50 0 50 0
      Trade/PartiallyFilled X 50 10 40 10
      PendingCancel/PendingCancel X 50 10 40 0
      | reject X PartiallyFilled
      Canceled/Canceled X 50 10 0 0`;
    expect(failures('Nobody asked', lines)).toEqual([]);
  });

  test('a broker that names the asked quantity although more has executed', () => {
    const lines = `
      new X 100
      New/New X 100 0 100 0
      replace Y<X 70
      Trade/PartiallyFilled X 100 80 20 80
      Replaced/Filled Y<X 70 80 0 0`;
    expect(failures('Replace below CumQty', lines)).toEqual([]);
  });

  test('a cancel refused before the order is accepted leaves it pending', () => {
    const lines = `
      new X 100
      PendingNew/PendingNew X 100 0 100 0
      cancel Y<X 100
      reject Y<X PendingNew
      New/New X 100 0 100 0
      Expired/Expired X 100 0 0 0`;
    expect(failures('Too early to cancel', lines)).toEqual([]);
  });
});

describe('words beside the two axes', () => {
  test('a guarantee is no execution, and outranks a part fill', () => {
    const lines = `
      new X 10000
      New/New X 10000 0 10000 0
      Stopped/Stopped X 10000 0 10000 1000
      Trade/Stopped X 10000 1000 9000 1000
      Trade/Filled X 10000 10000 0 9000`;
    expect(failures('Guaranteed', lines)).toEqual([]);
  });

  test('suspended, reinstated, calculated', () => {
    const lines = `
      new X 100
      New/New X 100 0 100 0
      Trade/PartiallyFilled X 100 10 90 10
      Suspended/Suspended X 100 10 90 0
      | Canceled/Canceled X 100 10 0 0
      Restated/PartiallyFilled X 100 10 90 0
      Trade/Filled X 100 100 0 90
      Calculated/Calculated X 100 100 0 0`;
    expect(failures('Trading halt', lines)).toEqual([]);
  });

  test('status requests through an order’s life, and for one that nobody knows', () => {
    const lines = `
      status U -
      OrderStatus/Rejected U 0 0 0 0
      new X 100
      status X -
      OrderStatus/PendingNew X 100 0 100 -
      New/New X 100 0 100 0
      Trade/Filled X 100 100 0 100
      status X -
      OrderStatus/Filled X 100 100 0 -`;
    expect(failures('Status', lines)).toEqual([]);
  });

  test('two orders side by side, and a second one by phone', () => {
    const lines = `
      new X 100
      New/New P 300 0 300 0 # by phone
      New/New X 100 0 100 0
      cancel Y<P 300
      Trade/PartiallyFilled X 100 40 60 40
      PendingCancel/PendingCancel Y<P 300 0 300 0
      Canceled/Canceled Y<P 300 0 0 0
      Expired/Expired X 100 40 0 0`;
    expect(failures('Two orders', lines)).toEqual([]);
  });

  test('fractions of a share', () => {
    const lines = `
      new X 1.5
      New/New X 1.5 0 1.5 0
      Trade/PartiallyFilled X 1.5 0.1 1.4 0.1
      Trade/PartiallyFilled X 1.5 0.3 1.2 0.2`;
    expect(failures('Fractions', lines)).toEqual([]);
  });
});

describe('what cannot be expressed is listed', () => {
  test('a report type that the ledger has no word for', () => {
    const lines = `
      new X 100
      New/New X 100 0 100 0
      Locked/New X 100 0 100 0`;
    expect(failures('Locked', lines)).toEqual(
      ['t=3, ExecutionReport Locked X: ExecType "Locked": no word of the ledger'].map(
        (reason) => `main: ${reason}`,
      ),
    );
  });

  test('a trade that does not say how much', () => {
    const [reason] = failures('Silent', 'new X 100\nTrade/PartiallyFilled X 100 10 90 -');
    expect(reason).toContain('a trade without LastQty');
  });
});
