/** What is asked about a leg, and how: claims about a bracket, for an answer and against it. */
import type { Leg } from '../../machines/facts.ts';
import type { Order } from '../../src/core/ledger.ts';
import type { Book, Bracket, Pair } from '../../src/core/state.ts';
import * as sums from './reference-plan-sums.ts';

export type Scene = {
  readonly book: Book;
  readonly bracket: Bracket;
  readonly linkLive: boolean;
  readonly seq: number;
  /** What legs before this one have been granted in the same round. */
  readonly granted: number;
  /** Shares that each pair must still cover. */
  readonly wants: readonly number[];
};

/** What can be said of one leg: its own order and its pair's. */
export type View = Scene & {
  readonly leg: Leg;
  readonly order: Order | undefined;
  readonly live: Order | undefined;
  readonly number: number;
  readonly pair: Pair | undefined;
  readonly stop: Order | undefined;
  readonly target: Order | undefined;
  readonly liveStop: Order | undefined;
  readonly liveTarget: Order | undefined;
  /** Shares that its pair must still cover. */
  readonly want: number;
};

export type Claim = (view: View) => boolean;
/** By what a person is told. */
export type Claims = Readonly<Record<string, Claim>>;
export type Question = { readonly pro: Claims; readonly contra: Claims };

export function viewOf(scene: Scene, leg: Leg): View {
  const { bracket } = scene;
  const number = Number(leg.at(-1)) || 0;
  return {
    ...scene,
    leg,
    number,
    order: sums.orderOf(bracket, leg),
    live: sums.liveOf(bracket, leg),
    pair: bracket.pairs[number - 1],
    stop: sums.orderOf(bracket, `stop${number}`),
    target: sums.orderOf(bracket, `target${number}`),
    liveStop: sums.liveOf(bracket, `stop${number}`),
    liveTarget: sums.liveOf(bracket, `target${number}`),
    want: scene.wants[number - 1] ?? 0,
  };
}

/** All that is for it, or null where nothing is, or anything is against. */
export function answerOf({ pro, contra }: Question, view: View): readonly string[] | null {
  const reasons = Object.keys(pro).filter((why) => pro[why]?.(view));
  if (reasons.length === 0 || Object.values(contra).some((claim) => claim(view))) return null;
  return reasons;
}
