/**
 * Where the regions of a bracket stand together, and what they make of a fact there.
 *
 * The same rows are the same object: what follows from where a bracket stands is worked out once,
 * not with every fact. Standings are remembered up to a limit and made anew beyond it, so nothing
 * but time depends on whether one was known.
 */
import type { Intent } from '../../machines/chart.ts';
import type { Audience, BracketChart } from './charts.ts';
import type { Cell, Row, Wait } from './compiled.ts';
import type { Parts } from './legs.ts';

export type Standing = {
  /** In the order of the chart's regions. */
  readonly rows: readonly Row[];
  /** The waits of all rows. */
  readonly waits: readonly Wait[];
  /** By audience, of facts that are named. */
  readonly hearings: Map<Audience, Hearing>;
  /** Where the move of one region leads to; a row belongs to one region. */
  readonly moves: Map<Row, Standing>;
};

/** An audience where it stands, and what it makes of its fact there. */
export type Hearing = {
  readonly standing: Standing;
  readonly audience: Audience;
  readonly listening: readonly Listening[];
  /** Legs that the guards of the cells ask the plan about, in this order. */
  readonly admitted: readonly Parts[];
  readonly unwanted: readonly Parts[];
  /** What comes of it when the plan calls for nothing; null where something may. */
  readonly atRest: Macrostep | null;
};

/** What all regions make of a fact together. */
export type Macrostep = {
  readonly standing: Standing;
  readonly intents: readonly Intent[];
  /** False when the region that the fact is addressed to has no word on it. */
  readonly answered: boolean;
};

export type Listening = {
  readonly at: number;
  readonly row: Row;
  readonly cell: Cell;
  readonly addressed: boolean;
};

/** A bracket's life sees some dozens. */
const STANDINGS_MOST = 4_096;

/** What a bracket stands in who stands in these rows. */
export function standingIn(chart: BracketChart, rows: readonly Row[]): Standing {
  let name = '';
  for (const row of rows) name += row.mark;
  const known = chart.standings.get(name);
  if (known !== undefined) return known;
  if (chart.standings.size >= STANDINGS_MOST) chart.standings.clear();
  const standing: Standing = {
    rows,
    waits: rows.flatMap((row) => row.waits),
    hearings: new Map(),
    moves: new Map(),
  };
  chart.standings.set(name, standing);
  return standing;
}

/** The standing after one region has moved. */
export function movedTo(chart: BracketChart, from: Standing, at: number, row: Row): Standing {
  const known = from.moves.get(row);
  if (known !== undefined) return known;
  const to = standingIn(chart, from.rows.with(at, row));
  from.moves.set(row, to);
  return to;
}

export function hearingOf(standing: Standing, audience: Audience): Hearing {
  const { rows, hearings } = standing;
  const known = hearings.get(audience);
  if (known !== undefined) return known;
  const listening = audience.listeners.flatMap(
    ({ at, column, addressed }): readonly Listening[] => {
      const row = rows[at];
      const cell = row?.cells[column];
      return row === undefined || cell === undefined ? [] : [{ at, row, cell, addressed }];
    },
  );
  const rests = listening.every(({ cell, addressed }) => cell.rests && !addressed);
  const hearing: Hearing = {
    standing,
    audience,
    listening,
    admitted: listening.flatMap(({ cell }) => cell.admitted),
    unwanted: listening.flatMap(({ cell }) => cell.unwanted),
    atRest: rests ? { standing, intents: [], answered: true } : null,
  };
  if (audience.named) hearings.set(audience, hearing);
  return hearing;
}
