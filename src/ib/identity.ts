/**
 * Whose word is it? An order has our number and reference, and one `permId` of TWS's. A word that
 * bears ours and another `permId` is about another order: a number that was given twice (TWS's next
 * valid id may roll back at a restart), an order that was sent again and lives twice, or one of ours
 * under another client id. What it says of its status would be believed of the wrong order.
 *
 * Source: rolled back ids, whose callbacks went to both orders: Lean.Brokerages.InteractiveBrokers
 * 242; `permId` is unique to an account: IBKR Campus.
 */
import type { BrokerWord } from '../ports/broker.ts';

export type PermIds = Readonly<
  Record<string, { readonly own: number; readonly others: readonly number[] }>
>;

export type Known = {
  readonly ids: Readonly<Record<string, number>>;
  readonly refs: Readonly<Record<number, string>>;
  readonly permIds: PermIds;
};

export type Identified = {
  readonly permIds: PermIds;
  /** Null for a word about the order that we think of, or about none. */
  readonly stranger: {
    readonly orderRef: string;
    /** Told before: a person has been alarmed about it. */
    readonly known: boolean;
    readonly text: string;
  } | null;
};

type OrderWord = Extract<BrokerWord, { readonly permId: number }>;

const NONE = { own: 0, others: [] };

const isOrderWord = (word: BrokerWord): word is OrderWord => 'permId' in word;

export function identify(known: Known, word: BrokerWord): Identified {
  const { permIds } = known;
  const ours: Identified = { permIds, stranger: null };
  if (!isOrderWord(word)) return ours;
  const orderRef = subjectOf(known, word);
  if (orderRef === '') return ours;
  const { own, others } = Object.hasOwn(permIds, orderRef) ? (permIds[orderRef] ?? NONE) : NONE;
  const { permId } = word;
  const said = 'orderRef' in word ? word.orderRef : orderRef;
  const text = strangeness(word, orderRef, said, own, others);
  if (text === null) {
    if (permId === 0 || own !== 0) return ours;
    return { permIds: { ...permIds, [orderRef]: { own: permId, others } }, stranger: null };
  }
  const before = others.includes(permId);
  const next = before ? permIds : { ...permIds, [orderRef]: { own, others: [...others, permId] } };
  return { permIds: next, stranger: { orderRef, known: before, text } };
}

/** The order of ours whose number or reference it bears. */
function subjectOf({ ids, refs }: Known, word: OrderWord): string {
  const byRef = 'orderRef' in word && Object.hasOwn(ids, word.orderRef) ? word.orderRef : '';
  if (word.word === 'completedOrder' || word.word === 'foreignOrder') return byRef;
  return refs[word.orderId] ?? byRef;
}

function strangeness(
  word: OrderWord,
  orderRef: string,
  said: string,
  own: number,
  others: readonly number[],
): string | null {
  const { permId } = word;
  if (word.word === 'foreignOrder')
    return `client ${word.clientId} has ${orderRef}: was it placed under that client id?`;
  if (said !== orderRef)
    return `the number of ${orderRef} is that of "${said}" at the broker, too (permId ${permId})`;
  if (others.includes(permId) || (own !== 0 && permId !== 0 && permId !== own))
    return `there are two orders ${orderRef} at the broker: permId ${own}, and ${permId}`;
  return null;
}
